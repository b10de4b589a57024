# Lo que ajusta la moderación, y lo que se lee donde algo no está permitido.

moderating-blocked-here = No puedes soñar en este servidor: la moderación te ha bloqueado. Puede deshacerlo con /unblock.
moderating-blocked-everywhere = Quien me administra te ha bloqueado, así que no puedo soñar para ti.
moderating-blocked-server = Quien me administra ha bloqueado este servidor, así que aquí no sueño nada.
moderating-not-here = No puedo soñar en este canal; pídemelo en { $channels }
moderating-no-pictures = Con tus roles no hay sueños en este servidor; la moderación puede cambiarlo con /settings.
moderating-day-full = { $count ->
    [one] Ya has tenido aquí tu sueño del día. El próximo será { $when }.
   *[other] Ya has tenido aquí tus { $count } sueños del día. El próximo será { $when }.
}
moderating-queue-full = { $count ->
    [one] Ya tienes un sueño esperando aquí, y solo puede haber uno a la vez. Pídelo de nuevo cuando esté listo.
   *[other] Ya tienes { $count } sueños esperando aquí, y no puede haber más. Pídelo de nuevo cuando uno esté listo.
}
moderating-too-intense = En este servidor la intensidad va de 1 a { $most }; elige una de esas.
moderating-no-films = Tus roles no permiten vídeos en este servidor; las imágenes sí.
moderating-too-long = { $most ->
    [one] Aquí un vídeo dura como mucho { $most } segundo; pide uno más corto.
   *[other] Aquí un vídeo dura como mucho { $most } segundos; pide uno más corto.
}

moderating-page-title = Lo que puedo hacer aquí
moderating-page-channels = **Dónde puedo soñar**
moderating-page-everywhere = En todas partes
moderating-page-autodream = **Sueño automático en este canal**
    { $state }
moderating-page-change = Cambiar…
moderating-page-limits = **Lo que puede tener cada cual**
moderating-page-everyone = Todo el mundo…
moderating-page-role = Límites de un rol…
moderating-page-remove = Sin límites propios: { $role }
moderating-page-remove-which = Quitar los límites de un rol…
moderating-page-intensity = Intensidad: hasta { $most }
moderating-page-language = Idioma: { $language }
moderating-page-language-asked = Idioma: el de quien pide
moderating-page-delete-asker = Borrar: quien pidió, moderación
moderating-page-delete-everyone = Borrar: todo el mundo
moderating-page-captions = { $state ->
    [on] Leyendas deformadas: sí
   *[off] Leyendas deformadas: no
}
moderating-page-previews = { $state ->
    [on] Vistas previas: sí
   *[off] Vistas previas: no
}
moderating-page-hall = **Salón de la fama**: los sueños con suficientes ⭐ se reenvían a un canal
moderating-page-hall-none = Desactivado; elige un canal
moderating-page-stars = { $count ->
    [one] Salón de la fama: desde una ⭐
   *[other] Salón de la fama: desde { $count } ⭐
}
moderating-page-gallery-how = **Galería en la web**: los miembros pueden mostrar allí sus sueños de aquí. «No permitido» también retira los que ya se muestran.
moderating-page-gallery = { $state ->
    [on] Mostrar: permitido
   *[off] Mostrar: no permitido
}
moderating-page-log = **Dónde le cuento a la moderación lo que se ha hecho**
moderating-page-log-none = En ninguna parte
moderating-page-lacking = En { $channel } me falta { $permissions }
moderating-back = Volver
moderating-not-yours = Eso es cosa de la moderación de este servidor.
moderating-stale = Esta página está desfasada; abre otra con /settings.
moderating-too-many-roles = Ya hay { $most } roles con límites; quita antes los de otro rol.

moderating-limit-pictures = { $count ->
    [0] ningún sueño
    [one] { $count } sueño al día
   *[other] { $count } sueños al día
}
moderating-limit-seconds = { $count ->
    [0] ningún vídeo
   *[other] vídeos de hasta { $count } s
}
moderating-limit-side = hasta { $count }×{ $count } píxeles
moderating-limit-queue = { $count } esperando a la vez
moderating-limit-none = sin límites

moderating-form-title = Límites: { $role }
moderating-form-none = vacío: sin límite
moderating-form-pictures = Sueños al día
moderating-form-pictures-how = De 0 a 10000; con 0 no hay ninguno
moderating-form-pictures-wrong = Los sueños al día son un número entero de 0 a 10000, o nada para no tener límite.
moderating-form-seconds = Vídeo más largo, en segundos
moderating-form-seconds-how = De 0 a 60; con 0 no hay vídeos
moderating-form-seconds-wrong = El vídeo más largo dura de 0 a 60 segundos, o nada para no tener límite.
moderating-form-side = Imagen más grande, en píxeles
moderating-form-side-how = De 256 a 4096: el lado de un cuadrado de ese tamaño
moderating-form-side-wrong = La imagen más grande es un número entero de píxeles de 256 a 4096, o nada para no tener límite.
moderating-form-queue = Sueños esperando a la vez
moderating-form-queue-how = De 1 a 100
moderating-form-queue-wrong = Los sueños esperando son un número entero de 1 a 100, o nada para no tener límite.

moderating-auto-title = Sueño automático en { $channel }: { $state }
moderating-auto-now = El sueño automático está ahora { $state }.
moderating-auto-off = desactivado
moderating-auto-post = activado, { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } de las imágenes
moderating-auto-reaction = activado, con un 👁️ en una imagen
moderating-auto-blind = No veo las imágenes que se publican: el «message content intent» está desactivado en el portal de desarrolladores, y solo quien posee el bot puede cambiarlo.
moderating-auto-elsewhere = No puedo soñar en este canal: no está elegido en /settings.
moderating-chance-off = Desactivado
moderating-chance = Activado: { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } de las imágenes
moderating-trigger-post = Cuándo: se publica una imagen
moderating-trigger-reaction = Cuándo: alguien pone un 👁️ en una imagen
moderating-look-surprise = Aspecto: una sorpresa cada vez
moderating-look-roulette = Aspecto: un estilo al azar cada vez
moderating-cooldown-none = Pausa: ninguna
moderating-cooldown-seconds = Pausa: { $count } s
moderating-cooldown-minutes = Pausa: { $count } min
moderating-cooldown-hours = Pausa: { $count } h
moderating-hourly = Como mucho { $count } por hora
moderating-hourly-most = Como mucho { $count } por hora, mi límite

moderating-block-whom = No se puede bloquear ni a los bots ni a ti; nombra a otra persona.
moderating-block-done = { $person } ya no puede usarme en este servidor. /unblock lo deshace.
moderating-unblock-done = { $person } puede usarme otra vez.
moderating-unblock-not = { $person } no estaba en la lista de bloqueos de aquí.
moderating-blocked-list = Bloqueos de aquí: { $people }
moderating-blocked-nobody = Aquí no hay nadie con bloqueo.
moderating-forget-what = Dame el enlace al mensaje de un sueño (mantener pulsado → Copiar enlace del mensaje), o una persona.
moderating-not-a-dream = Ese no es un mensaje con un sueño de este servidor, o ya se ha olvidado.
moderating-forget-none = Aquí no hay ningún sueño de { $person }.
moderating-forget-sure = { $count ->
    [one] Aquí hay { $count } sueño de { $person }, con lo que se soñó a partir de él. No se podrá recuperar.
   *[other] Aquí hay { $count } sueños de { $person }, con lo que se soñó a partir de ellos. No se podrán recuperar.
}
moderating-forget-button = { $count ->
    [one] Quitar { $count } sueño
   *[other] Quitar { $count } sueños
}
moderating-forget-done = { $count ->
    [0] No se ha quitado nada.
    [one] { $count } sueño ha desaparecido, con sus archivos.
   *[other] { $count } sueños han desaparecido, con sus archivos.
}
moderating-forget-left = { $count ->
    [one] { $count } mensaje no se ha podido quitar: no veo su canal, o tú no lo moderas.
   *[other] { $count } mensajes no se han podido quitar: no veo sus canales, o tú no los moderas.
}
moderating-forget-more = Puede que haya más; pídelo otra vez.

moderating-queue = { $count ->
    [0] Aquí no espera nada.
    [one] { $count } sueño en marcha
   *[other] { $count } sueños en marcha
}
moderating-queue-more = … y { $count } más
moderating-queue-somebody = alguien
moderating-queue-refresh = Actualizar
moderating-queue-pick = Cancelar uno de ellos…
moderating-queue-cancel = Cancelar { $dream }
moderating-queue-over = Ese sueño ya ha terminado.
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }, listo en unos { $duration }
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }, quedan { $duration }
moderating-state-received = mirando la imagen
moderating-state-queued = esperando
moderating-state-running = soñándose
moderating-state-delivering = enviándose
moderating-kind-dream = sueño
moderating-kind-hellscape = infierno
moderating-kind-summon = invocación
moderating-kind-repeat = receta
moderating-kind-autodream = sueño automático

moderating-log-settings = { $who } ha cambiado mis ajustes.
moderating-log-look-saved = { $who } ha guardado el aspecto «{ $name }» para este servidor.
moderating-log-look-deleted = { $who } ha borrado el aspecto «{ $name }» de este servidor.
moderating-log-auto-on = { $who } ha activado el sueño automático en { $channel }.
moderating-log-auto-off = { $who } ha desactivado el sueño automático en { $channel }.
moderating-log-block = { $who } ha bloqueado a { $person }.
moderating-log-unblock = { $who } ha desbloqueado a { $person }.
moderating-log-cancelled = { $who } ha cancelado un sueño de { $person }.
moderating-log-forgot = { $count ->
    [one] { $who } ha hecho olvidar { $count } sueño.
   *[other] { $who } ha hecho olvidar { $count } sueños.
}
moderating-log-forgot-of = { $count ->
    [one] { $who } ha hecho olvidar { $count } sueño de { $person }.
   *[other] { $who } ha hecho olvidar { $count } sueños de { $person }.
}
