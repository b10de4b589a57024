errors-person-full = Tienes { $count ->
    [one] { $count } sueño en espera
   *[other] { $count } sueños en espera
}, y no guardo más para una sola persona; espera a que uno termine, o cancela uno, y vuelve a pedirlo.
errors-server-full = Este servidor tiene { $count ->
    [one] { $count } sueño en espera
   *[other] { $count } sueños en espera
}, y no guardo más para un solo servidor; cuando terminen algunos habrá sitio otra vez.
errors-all-full = Ya tengo { $count ->
    [one] { $count } sueño en espera
   *[other] { $count } sueños en espera
}, y no puedo recordar más; vuelve a pedirlo en un minuto o dos.
errors-cannot-dream = Ahora mismo no puedo soñar: la parte de mí que lo hace no arranca. Inténtalo más tarde.
errors-too-slow = Ese sueño ha tardado más de { $seconds } segundos, así que lo he parado; una imagen más pequeña o menos intensidad es más rápido.
errors-broke-down = El sueño se ha venido abajo dos veces, así que lo he dejado; quizá funcione con otra imagen u otra capa.
errors-out-of-memory = Esa imagen necesita más memoria de la que tengo; una más pequeña funcionará.
errors-restarted = Me reiniciaron antes de que viera tu imagen; vuelve a pedirlo.
errors-gave-up = Ese sueño se ha empezado diez veces y nunca ha terminado, así que lo he dejado.
errors-broken = Algo ha fallado por mi parte, y quien me administra puede leer en mi registro qué; inténtalo otra vez.
errors-no-promise = Ahora mismo no puedo anotar nada, así que mejor no prometo nada; inténtalo en un minuto.
# $number: of a picture in an album; $name: its file's name; $note: a sentence about it.
errors-album-picture = Imagen { $number } ({ $name }): { $note }
errors-album-gone = Se ha borrado.
errors-album-limit = { $count ->
    [one] Por ahora solo puedes pedir una imagen más aquí, así que esta se quedó fuera.
   *[other] Por ahora solo puedes pedir { $count } imágenes más aquí, así que esta se quedó fuera.
}
errors-no-layer = No hay ninguna capa llamada «{ $name }»; ¿querías decir { $names }?
errors-no-preset = No hay ningún estilo llamado «{ $name }»; ¿querías decir { $names }?
errors-no-preset-at-all = No hay ningún estilo llamado «{ $name }»; hay { $names }.
errors-look-guide = Ese sueño tomó sus formas de una segunda imagen, y un aspecto no puede conservarla.
errors-look-sheet = Elige primero uno de los cuatro: solo un sueño suelto tiene un estilo.
errors-look-summon = Eso se invocó de la nada; un aspecto necesita el sueño de una imagen.
errors-no-model = No hay ninguna red llamada «{ $name }»; hay { $names }.
errors-no-class = Entre las mil clases de ImageNet no hay ninguna llamada «{ $name }»; prueba con golden retriever, jellyfish o castle.
errors-many-kinds = Aquí hay muchas clases de «{ $name }»; ¿cuál? { $names }.
errors-nothing-to-summon = Di qué invocar: una clase como golden retriever, goldfish o castle.
errors-intensity = La intensidad va de 1 a 11.
errors-chaos = El caos va de 1 a 11.
errors-palette = No existe esa paleta; elige { $names }.
errors-source = Un sueño empieza con { $names }.
errors-format = No existe ese formato; elige { $names }.
errors-words-long = Un texto tiene { $most } caracteres como mucho, y este tiene { $count }. Acórtalo.
errors-words-mention = No puedo escribir menciones, emojis propios ni horas. Escribe el nombre con letras normales.
errors-words-empty = Ese texto no tiene caracteres visibles. Escribe algunas palabras.
errors-words-characters = No puedo escribir { $characters }. Valen letras, cifras y puntuación, pero no emojis.
errors-seed = Una semilla es un número entero de 0 a { $most }.
errors-chaos-or-bends = El caos sortea él mismo los dobleces; da dobleces o caos, no ambos.
errors-needs-picture = Un sueño necesita una imagen que soñar.
errors-hellscape-needs-picture = Un paisaje infernal que parte de una imagen necesita una; dame también una imagen.
errors-recipe-needs-picture = Esa receta necesita una imagen; dame también una.
errors-recipe-mask = Esa receta se hizo con una máscara que no tengo; no se puede repetir.
errors-recipe-guide = A ese sueño lo guiaba una segunda imagen que no está aquí; dámela otra vez.
errors-guide-as = De una segunda imagen se toma { $names }.
errors-guide-as-alone = `guide_as` dice qué toma el sueño de una segunda imagen, pero no hay ninguna. Adjúntala como `guide`.
errors-style-preset = Un sueño con el estilo de una segunda imagen toma su aspecto de ella. Quita `preset`, o toma las formas de la imagen.
errors-where = De una imagen se sueña { $names }.
errors-no-face = No he encontrado ninguna cara en esta imagen. Quita `where`, o elige una en la que se vea una cara más grande.
errors-recipe-damaged = La receta de esa imagen está dañada. Usa el archivo original, no una copia editada.
errors-too-thin = Esa imagen mide { $size } píxeles y es demasiado estrecha para soñar; como mucho { $most } a 1.
errors-too-big = Esa imagen es demasiado grande ({ $size }). Envía una de { $most } megapíxeles y { $side } píxeles por lado como mucho.
errors-file-too-large = Ese archivo pesa más de { $most } MiB. Prueba con una copia más pequeña.
errors-link-too-large = Ese archivo pesa más de { $most } MiB. Prueba con una copia más pequeña.
errors-empty-file = Ese archivo está vacío. Súbelo otra vez.
errors-no-picture-file = Ese archivo no es una imagen que pueda leer. Puedo leer { $formats }.
errors-no-picture-format = No puedo leer archivos { $format }. Puedo leer { $formats }.
errors-no-picture-audio = Es un archivo de sonido ({ $format }), y yo sueño imágenes. Puedo leer { $formats }. /hellscape hace un vídeo con un sonido.
errors-no-picture-raw = Es un archivo RAW de una cámara ({ $format }), que no puedo leer; expórtalo como JPEG. Puedo leer { $formats }.
errors-no-picture-text = Ese archivo es texto, no una imagen. Puedo leer { $formats }.
errors-no-picture-page = Ese archivo es una página web, no una imagen. Puedo leer { $formats }.
errors-cut-off = Falta demasiado de esa imagen: su archivo está cortado o dañado. Envía el archivo entero.
errors-invisible = Esa imagen es totalmente transparente, así que no hay nada que soñar. Envía otra.
errors-picture-damaged = Esa imagen está dañada: falta una parte o no tiene sentido. Guárdala otra vez.
errors-link-page = Ese enlace lleva a una página web que no dice qué imagen muestra. Abre la imagen sola y copia su dirección, o súbela.
errors-link-answered = { $host } ha respondido { $status } en lugar de una imagen. Revisa el enlace, o sube la imagen.
errors-link-expired = Discord ya no tiene esa imagen, o su enlace ha caducado. Vuelve a subir la imagen.
errors-link-slow = Ese enlace ha tardado demasiado en responder. Inténtalo otra vez, o sube la imagen.
errors-link-failed = No se ha podido abrir ese enlace. Revísalo, o sube la imagen.
errors-link-odd = Ese no es un enlace que entienda. Debería empezar por https://.
errors-link-scheme = Solo puedo abrir enlaces que empiecen por http:// o https://.
errors-link-private = Ese enlace no lleva a una dirección web pública. Sube la imagen en su lugar.
errors-recipe-work = Esa receta necesita { $work } mil millones de operaciones; para un sueño de ese tamaño y duración son { $most } como máximo. Reduce sus pasos (steps) o sus octavas (octaves).
errors-recipe-steps = Esa receta necesita { $steps } pasos en total; para un sueño de esa duración son { $most } como máximo. Reduce sus pasos (steps) o sus octavas (octaves).
errors-recipe-loop = El bucle de esa receta tarda { $frames } fotogramas en volver al primero; son { $most } como máximo.
errors-two-values = Has dado dos valores para { $key }: «{ $first }» y «{ $second }».
errors-unknown-word = No conozco «{ $word }»; ¿querías decir { $names }? Prueba con `layer:mixed5 intensity:11`.
errors-whole-number = { $key } es un número entero, no «{ $word }».
errors-layer-expected = Aquí esperaba el nombre de una capa, como mixed5:
errors-end-expected = Aquí esperaba + y otra capa, o el final:
errors-journey-end-expected = Aquí esperaba + y otra capa, > y la siguiente parada, o el final:
errors-no-journey-here = Un viaje con > es para /hellscape; una imagen lleva una sola suma de capas:
errors-weight-expected = Aquí esperaba un peso de { $least } a 10, como 0.5:
errors-too-many-layers = Se pueden mezclar { $most } capas como mucho:
errors-no-recipe = Eso no es una receta; una receta es como { $example }.
errors-recipe-json = Esa receta no es JSON legible.
errors-recipe-long = Esa receta pasa de { $most } kB.
errors-recipe-pixels = Esa receta se sueña con hasta { $size } megapíxeles; aquí son { $most } como máximo. Reduce su tamaño o sus octavas adicionales (above).
errors-film-too-long = Ese vídeo tendría { $frames } fotogramas; sueño { $most } como mucho.
errors-seconds = Los segundos son un número mayor que 0, como 8.
errors-zoom = El zoom va de 0.8, hacia fuera, a 1.25, hacia dentro; 1.03 es lo normal.
errors-too-much = { $what ->
    [video] Ese vídeo
    [sound] Ese sonido
   *[other] Esa imagen
} ha sido demasiado para mí. Prueba con una copia más pequeña.
errors-took-too-long = { $what ->
    [video] Ese vídeo
    [sound] Ese sonido
   *[other] Esa imagen
} ha tardado demasiado. Prueba con una copia más pequeña o más simple.
errors-not-installed = La red { $name } no está instalada aquí; elige otra.
errors-no-layer-here = En { $model } no hay ninguna capa llamada «{ $name }», pero existe { $homes }. ¿Querías decir esa o { $names }?
errors-no-class-near = Entre las mil clases de ImageNet no hay ninguna llamada «{ $name }»; ¿querías decir { $names }?
errors-class-could-be = «{ $name }» podría ser { $names }; dilo con más detalle.
errors-too-many-classes = Se pueden invocar juntas { $most } clases como mucho.
errors-only-suppressed = Nombra al menos una clase que invocar, además de las que se suprimen.
errors-class-weight = El peso de { $name } es un número de { $least } a { $most }, como en golden retriever*2.
errors-size-of-nothing = El tamaño es para lo que sale de la nada; una imagen conserva el suyo.
errors-layers-into-picture = En una imagen se pueden invocar clases; para soñar una capa en ella, usa dream.
errors-summon-long = Lo que se invoca se dice en { $most } caracteres como mucho.
errors-summon-size = Una imagen invocada mide de { $least } a { $most } píxeles de ancho y de alto.
errors-too-long = Son { $count } caracteres; leo { $most } como mucho.
errors-no-value = { $key } no tiene valor. Prueba con `layer:mixed5 intensity:11`.
errors-bend-nowhere = { $name } no lleva a ninguna parte, así que doblarla no cambiaría nada; dobla una capa anterior.
errors-bend-nowhere-here = { $name } no lleva a ninguna parte, así que doblarla no cambiaría nada; dobla una capa anterior:
errors-bend-later = Doblar { $name } no cambia nada en un sueño de { $other }, que va antes; dobla más arriba, o sueña una capa más profunda.
errors-bend-at-expected = Aquí esperaba @ y la capa que doblar, como { $example }:
errors-bend-expected = Aquí esperaba una curvatura, como { $example }:
errors-no-bend = No hay ninguna curvatura llamada «{ $name }»; ¿querías decir { $names }?
errors-no-bend-at-all = No hay ninguna curvatura llamada «{ $name }»; hay { $names }.
errors-layer-expected-such-as = Aquí esperaba el nombre de una capa, como { $example }:
errors-amount-expected = Aquí esperaba una cantidad, como { $example }:
errors-bend-whole-amount = { $name } toma un número entero, de { $least } a { $most } ({ $unit }); { $mild } es suave, { $wild } es salvaje:
errors-bend-amount = { $name } toma de { $least } a { $most } ({ $unit }); { $mild } es suave, { $wild } es salvaje:
errors-bend-end-expected = Aquí esperaba + y otra curvatura, o el final:
errors-too-many-bends = Se pueden mezclar { $most } curvaturas como mucho:
errors-strongest = Se pueden pedir de 1 a { $most } canales, los más fuertes:
errors-bracket-expected = Aquí esperaba ]:
errors-comma-expected = Aquí esperaba , o ]:
errors-too-many-stations = Un viaje tiene { $most } estaciones como mucho:
errors-channel-expected = Aquí esperaba el número de un canal:
errors-channel-range = Los canales de esta capa se numeran de 0 a { $most }:
errors-too-many-channels = Se pueden nombrar { $most } canales como mucho:
errors-size-odd = Un tamaño es un número de píxeles como 512, o dos como 640x360.
errors-hellscape-size = Una hellscape mide de { $least } a { $most } píxeles de ancho y de alto.
errors-frames-or-seconds = Da la duración del vídeo en fotogramas o en segundos, no en ambos.
errors-hellscape-frames = Una hellscape tiene de 1 a { $most } fotogramas.
errors-fps = Un vídeo muestra de 1 a { $most } fotogramas por segundo.
errors-rotation = La rotación va de -45 a 45 grados por fotograma; lo habitual es 0.6.
errors-drift = La deriva va de -0.1 a 0.1 de la imagen por fotograma.
errors-start = Una hellscape empieza con fog, static o picture.
errors-layer-long = Una expresión de capas tiene { $most } caracteres como mucho.
errors-bend-long = Una expresión de curvaturas tiene { $most } caracteres como mucho.
errors-journey-long = Un viaje tiene { $most } caracteres como mucho.
errors-preset-long = El nombre de un estilo tiene 24 letras como mucho.
errors-model-long = El nombre de una red tiene 64 letras como mucho.
errors-closeness = La cercanía va de 0, libre, a 1, donde nada puede cambiar.
errors-octaves-above = Se pueden soñar { $most } octavas por encima del tamaño de la imagen como mucho.
errors-tile = Los mosaicos miden de 128 a 4096 píxeles de ancho.
errors-cannot-use = Ese valor de { $name } no se puede usar.
errors-recipe-object = Esa receta no es un objeto JSON.
errors-recipe-version = Esa receta es de la versión { $version }; este dreambot lee { $known }.
errors-recipe-version-line = Esa receta es de la versión { $version }; este dreambot lee hasta { $known }.
errors-recipe-not-followed = No puedo seguir esa receta: { $problem }.
errors-recipe-word = Una receta no tiene ningún campo llamado «{ $name }».
errors-recipe-film-word = La receta de un vídeo no tiene ningún campo llamado «{ $name }».
errors-recipe-pair = En una receta, { $name } son dos números con una x entre ellos, no «{ $word }».
errors-recipe-twice = Esa receta dice «{ $name }» dos veces.
errors-recipe-journey = Un viaje con > es para una hellscape; esa receta no lo es.
errors-recipe-in-picture-long = La receta de esa imagen pasa de 16 kB, así que no es mía.
errors-no-frames = Ese vídeo no tiene fotogramas.
errors-film-came-to-nothing = No se pudo crear el vídeo: no tiene fotogramas.
errors-film-file-small = Ese vídeo tiene demasiados fotogramas para un archivo tan pequeño. Pide menos.
errors-picture-says = Esa imagen dice medir { $size } píxeles, así que está dañada. Guárdala otra vez.
errors-picture-thin = Esa imagen es demasiado estrecha ({ $size }). El lado largo puede medir { $most } veces el corto.
errors-picture-unpack = Esa imagen es demasiado grande para descomprimirla. Prueba con una copia más pequeña.
errors-animation-long = Esa animación tiene más de { $most } fotogramas. Envía una más corta.
errors-video-damaged = Ese vídeo está dañado: falta una parte o no tiene sentido. Guárdalo otra vez.
errors-video-not-here = Eso es un vídeo, y PyAV, que los lee, no está instalado aquí. Envía una imagen o un GIF.
errors-video-sound = Ese vídeo no tiene imagen, solo sonido. Envía uno que muestre algo.
errors-no-sound = No encontré en ese archivo ningún sonido que pueda reproducir. Prueba con un MP3, OGG, WAV, M4A o MP4.
errors-sound-not-here = El sonido lo lee PyAV, que no está instalado aquí. Quita el sonido.
errors-sound-loop = Un paisaje infernal con sonido no puede ser un bucle. Quita una de las dos cosas.
errors-video-kind = No puedo leer ese tipo de vídeo. Funcionan H.264, VP9 y AV1.
errors-mp4-not-here = Aquí no puedo escribir MP4, porque PyAV no está instalado. Pide webp o gif.
errors-link-round = Ese enlace lleva de una página a otra y nunca a una imagen. Mejor súbela.
errors-link-packed = El servidor de ese enlace comprime sus archivos de un modo que no puedo leer. Mejor sube la imagen.
errors-link-stopped = El servidor de ese enlace se detuvo a mitad de la imagen. Inténtalo otra vez.
errors-link-long = Ese enlace tiene más de { $most } caracteres. Mejor sube la imagen.
errors-link-password = No uso enlaces con un nombre o una contraseña. Mejor sube la imagen.
errors-link-port = Solo descargo de los puertos web habituales, 80 y 443. Mejor sube la imagen.
errors-link-not-discord = Discord no guarda adjuntos en { $host }. Sube la imagen otra vez.
errors-no-file = No hay ningún archivo llamado «{ $name }». Revisa el nombre e inténtalo otra vez.
errors-file-gone = Tu sueño estaba listo, pero tardé tanto en poder entregarlo que ya no lo tengo; pídelo otra vez.
errors-disk-full = Mi disco está lleno en este momento; inténtalo dentro de un rato.
errors-cannot-store = No puedo guardar imágenes en este momento; inténtalo dentro de un rato.
errors-shutting-down = Me estoy apagando; vuelve a pedirlo en un minuto.
errors-no-classes = Estos pesos de { $name } no tienen clases; sueña otra capa.
errors-class-range = Estos pesos de { $name } tienen { $count } clases, numeradas de 0 a { $most }.
errors-mask-again = Ese sueño estaba dentro de una máscara que no está aquí; dame la máscara otra vez.
errors-mask-black = Esa máscara es toda negra, así que no se soñaría nada; pinta de blanco donde deba estar el sueño.
errors-something-too-much = Algo en { $what ->
    [video] ese vídeo
    [sound] ese sonido
   *[other] esa imagen
} ha sido demasiado para mí. Prueba con otra copia.
errors-problem-model = aquí no hay ninguna red llamada «{ $name }»; quizá haga falta un dreambot más nuevo
errors-problem-bands = todas las bandas del gradiente están apagadas
errors-problem-journey-layers = un viaje nombra { $most } capas como mucho
errors-problem-journey-channels = un viaje nombra { $most } canales como mucho
errors-problem-octave = al menos una octava tiene el tamaño del propio sueño
errors-problem-both-films = una receta es para una hellscape o para un vídeo que ya existe, no para ambos
errors-sheet-format = Cuatro estilos forman una sola imagen fija: quita «format».
errors-problem-sheet = las cuatro recetas de una hoja tienen el mismo { $name }
errors-problem-tiles = feedback y delay recuerdan la imagen entera, así que no van con mosaicos
errors-problem-layer = la red { $model } no tiene ninguna capa «{ $name }»
errors-problem-bend-layer = la red { $model } no tiene ninguna capa «{ $name }» que doblar
errors-problem-channels = { $name } solo tiene { $count } canales
errors-problem-strongest = { $name } toma sus canales más fuertes o los nombrados, no ambos
errors-problem-guide = una guía se sigue lugar por lugar, y de eso las clases no dicen nada
errors-problem-where = solo de una imagen fija se pueden soñar las caras o lo que las rodea
errors-problem-spectrum-film = un sueño a partir de un espectro es una imagen, no un vídeo
errors-problem-nothing = un sueño de la nada no tiene fuente para máscara, cercanía, colores o luz
errors-problem-tone = solo los sueños de una imagen o un vídeo tienen tono
errors-problem-text = solo los sueños de una imagen o un vídeo, o del ruido, tienen texto
errors-problem-statistics = statistics solo funciona con clases de mobilenet_v2 creadas de la nada
errors-problem-loop = un bucle no puede ser más largo que el vídeo
errors-problem-loudness = la curva de volumen necesita un carácter por cada fotograma soñado, y ningún bucle
errors-problem-legs = da un número para todas las etapas del viaje, o uno para cada una
errors-problem-other-weights = other_weights debe nombrar cada red adicional de las capas, en orden alfabético
errors-problem-weight = un peso es de al menos { $least }
errors-problem-channel-twice = un canal se nombra dos veces
errors-problem-named-or-strongest = los canales se nombran o se eligen por fuerza, no ambas cosas
errors-problem-at-most = { $field } es como mucho { $most }
errors-problem-at-least = { $field } es al menos { $least }
errors-problem-below = { $field } es menor que { $most }
errors-problem-above = { $field } es mayor que { $least }
errors-problem-missing = falta { $field }
errors-problem-unknown = no hay ningún campo { $field }
errors-problem-one-of = { $field } es uno de { $values }
errors-problem-value = { $field } tiene un valor que no se puede usar
errors-problem-bend-whole-amount = { $name } toma un número entero, de { $least } a { $most } ({ $unit }); { $mild } es suave, { $wild } es salvaje
errors-problem-bend-amount = { $name } toma de { $least } a { $most } ({ $unit }); { $mild } es suave, { $wild } es salvaje
# A sentence that an earlier version stored.
errors-verbatim = { $text }
errors-names-of = { $names }… ({ $count } en total)
errors-some-class = una clase
errors-database-unreachable = Ahora mismo no llego a mi base de datos; inténtalo de nuevo en un minuto.
