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
errors-no-layer = No hay ninguna capa llamada «{ $name }»; ¿querías decir { $names }?
errors-no-preset = No hay ningún estilo llamado «{ $name }»; ¿querías decir { $names }?
errors-no-preset-at-all = No hay ningún estilo llamado «{ $name }»; hay { $names }.
errors-no-model = No hay ningún modelo «{ $name }»; hay { $names }.
errors-no-class = Entre las mil clases de ImageNet no hay ninguna llamada «{ $name }»; { $hint }
errors-many-kinds = Aquí hay muchas clases de «{ $name }»; ¿cuál? { $names }.
errors-nothing-to-summon = Di qué invocar: una clase como golden retriever, goldfish o castle.
errors-intensity = La intensidad va de 1 a 11.
errors-chaos = El caos va de 1 a 11.
errors-seed = Una semilla es un número entero de 0 a { $most }.
errors-chaos-or-bends = El caos sortea él mismo los dobleces; da dobleces o caos, no ambos.
errors-needs-picture = Un sueño necesita una imagen que soñar.
errors-hellscape-needs-picture = Un paisaje infernal que parte de una imagen necesita una; dame también una imagen.
errors-recipe-needs-picture = Esa receta necesita una imagen; dame también una.
errors-recipe-mask = Esa receta se hizo con una máscara que no tengo; no se puede repetir.
errors-recipe-guide = A ese sueño lo guiaba una segunda imagen que no está aquí; dámela otra vez.
errors-recipe-damaged = La receta de esa imagen está dañada. Usa el archivo original, no una copia editada.
errors-too-thin = Esa imagen mide { $size } píxeles y es demasiado estrecha para soñar; como mucho { $most } a 1.
errors-too-big = Esa imagen es demasiado grande ({ $size }). Envía una de { $most } megapíxeles y { $side } píxeles por lado como mucho.
errors-file-too-large = Ese archivo pesa más de { $most } MiB. Prueba con una copia más pequeña.
errors-link-too-large = Ese archivo pesa más de { $most } MiB. Prueba con una copia más pequeña.
errors-empty-file = Ese archivo está vacío. Súbelo otra vez.
errors-no-picture-file = Ese archivo no es una imagen que pueda leer. Puedo leer { $formats }.
errors-no-picture-format = No puedo leer archivos { $format }. Puedo leer { $formats }.
errors-no-picture-audio = Es un archivo de sonido ({ $format }), y yo sueño imágenes. Puedo leer { $formats }.
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
errors-film-too-long = Esa película tendría { $frames } fotogramas; sueño { $most } como mucho.
errors-seconds = Los segundos son un número mayor que 0, como 8.
errors-zoom = El zoom va de 0.8, hacia fuera, a 1.25, hacia dentro; 1.03 es lo normal.
errors-too-much = { $what ->
    [film] Esa película
   *[other] Esa imagen
} ha sido demasiado para mí. Prueba con una copia más pequeña.
errors-took-too-long = { $what ->
    [film] Esa película
   *[other] Esa imagen
} ha tardado demasiado. Prueba con una copia más pequeña o más simple.
