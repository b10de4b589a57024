# Un sueño en camino.
core-received = Estoy mirando la imagen…
core-received-nothing = Meto la mano en la oscuridad…
core-no-dream = -# Esta vez no hay sueño.
core-waiting = En la cola: { core-place }
core-waiting-until = En la cola: { core-place }, listo en unos { $duration }
core-place = { $place }.º lugar
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · octava { $octave } de { $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · imagen { $picture } de { $pictures }
# $progress: where the album stands, such as core-waiting
core-album = { $count } imágenes · { $progress }
core-left = { $progress } · quedan { $duration }
core-video = Vídeo de { core-seconds } · { $progress }
core-parked = Tengo que reiniciarme. Tu sueño conserva su lugar y seguirá después.
core-late = Tu sueño ha tardado un poco; aquí está.
core-ping = Tu sueño está listo.
core-missing-part = El archivo está cortado o dañado: falta cerca del { $percent } % de la imagen. He soñado el resto.
core-sound-cut = El sonido es más largo. He usado sus primeros { $seconds } s.

core-seconds = { $number } s
core-minutes = { $number } min
core-hours = { $number } h
core-days = { $number ->
    [one] { $number } día
   *[other] { $number } días
}

core-cancelled = Cancelado; no se ha soñado nada.
core-cancelled-by-moderator = La moderación ha cancelado tu sueño.
core-withdrawn = La imagen que querías soñar ya no está, así que he parado.
core-shutting-down = Estoy a punto de reiniciarme y no acepto nada nuevo; vuelve a pedirlo en un minuto.
core-gone-wrong = Algo ha fallado por mi parte y tu sueño se ha perdido; inténtalo otra vez.
core-out-of-time = Tu sueño ha superado los 15 minutos que tengo para responder aquí, así que lo he dejado ir. Inténtalo cuando haya menos trabajo, o pide algo más pequeño.
core-would-be-late = Hay tanto trabajo que tu sueño tardaría unos { $duration }, y aquí solo puedo responder durante 15 minutos. Inténtalo más tarde.
core-no-way-in = Ya no puedo publicar donde se pidió este sueño.
core-too-large = Discord no acepta aquí ninguna imagen, por pequeña que sea.
core-blocked = El AutoMod de este servidor no ha dejado pasar mi respuesta. Un moderador puede hacer una excepción conmigo, o pídelo con otras palabras.
core-archived = Este hilo está archivado o bloqueado, así que no puedo publicar en él. Escribe un mensaje para reabrirlo, o pídelo en el canal.
core-refused = Discord no ha aceptado lo que he enviado (error { $code }). Inténtalo otra vez; el operador puede encontrar el error en mi registro.
core-missing = { $count ->
    [one] Aquí me falta el permiso { $permissions }.
   *[other] Aquí me faltan los permisos { $permissions }.
} La moderación puede darlo en los ajustes del canal.

core-permission-view-channel = Ver canal
core-permission-send-messages = Enviar mensajes
core-permission-send-messages-in-threads = Enviar mensajes en los hilos
core-permission-attach-files = Adjuntar archivos
core-permission-read-message-history = Ver el historial de mensajes

core-alt-dream = { $subject }, en un sueño de la red neuronal { $model }: las formas se convierten en { $looks }. { core-alt-recipe }
core-alt-sheet = Cuatro imágenes pequeñas en dos filas: { $subject }, en cuatro sueños de la red neuronal { $model }. Las formas se convierten en { $looks }. { core-alt-recipe }
core-alt-bend = { $subject }, a través de la red neuronal { $model } con los circuitos doblados: las formas se rompen en { $looks }. { core-alt-recipe }
core-alt-moving = Un vídeo: { $subject }, en un sueño de la red neuronal { $model }, fotograma a fotograma. Las formas se convierten en { $looks }. { core-alt-recipe }
core-alt-clip = Un clip en bucle de una imagen que se convierte en un sueño, y vuelve. El sueño: { $dream }
core-alt-hellscape = Un vídeo de { core-seconds }: al principio, { $subject }; la red neuronal { $model } sueña, se acerca y vuelve a soñar su propio sueño, y todo se convierte en { $looks }. { core-alt-recipe }
core-alt-summon = Lo que imagina la red neuronal { $model }: { $looks }, invocado de la nada. { core-alt-recipe }
core-alt-summon-into = { $subject }, donde la red neuronal { $model } ha invocado { $looks }. { core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] , intensidad { $intensity } de 11
}. ({ $recipe })
core-nothing = puro ruido
core-words = las palabras «{ $text }»
core-words-on = { $subject } con las palabras «{ $text }»
core-something-else = otra cosa
