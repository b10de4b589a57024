# Donde no hay imagen que soñar.
dreaming-no-picture = No he encontrado ninguna imagen en los últimos 50 mensajes. Adjunta una con la opción `image`, o mantén pulsado un mensaje con una imagen y elige Aplicaciones → { menu-dream-this }.
dreaming-no-picture-blind = Aquí no puedo leer los mensajes de los demás, así que solo veo las imágenes que me das. Adjunta una con la opción `image`, o mantén pulsado un mensaje con una imagen y elige Aplicaciones → { menu-dream-this }.
dreaming-no-picture-here = En ese mensaje no hay ninguna imagen. Elige uno que tenga alguna.
dreaming-no-picture-mention = Mencióname en respuesta a una imagen, o con una imagen adjunta, y la soñaré. Puedes añadir una capa y una intensidad, por ejemplo `mixed5 11`.
dreaming-direct-help = Envíame una imagen y la sueño; palabras como `mixed4 9` o `dogs` dicen cómo, y /help enseña más.
dreaming-direct-no-picture = No veo ninguna imagen en nuestros últimos 50 mensajes. Envíame una, con esas palabras si quieres.
dreaming-untouchable = Esa persona no quiere que otros sueñen su avatar. Elige el de otra persona, o el tuyo.

# Opciones que no van juntas.
dreaming-two-starts = Un sueño solo puede empezar con una cosa: quita la imagen, o el otro comienzo.
dreaming-out-of-nothing = Esa receta saca su imagen de la nada y no necesita la tuya. Quita la imagen.
dreaming-recipe-alone = Una receta ya lo dice todo: quita `{ $option }`, o la receta.
dreaming-guide-again = Esa receta mira una segunda imagen, que yo no guardo. Adjúntala como `guide`.
dreaming-guide-unused = Esa receta no mira ninguna segunda imagen. Quita `guide`.
dreaming-text-unused = Las palabras solo aparecen en un sueño normal. Quita `text`, o usa `/dream`.

# Recetas.
dreaming-recipe = Pega esto detrás de `/dream recipe:` para soñar otra imagen de la misma manera.
dreaming-no-recipe-text = Eso no es una receta mía. `/recipe` te da una para pegar; `layer:mixed5 intensity:11` también vale.
dreaming-no-dream-yet = Todavía no has soñado nada. Prueba `/dream`.
dreaming-no-link = Eso no es un enlace a un mensaje. Mantén pulsado el mensaje, elige Copiar enlace del mensaje y pégalo aquí.
dreaming-no-result-there = Ahí no encuentro ningún sueño mío del que pueda hablarte.
dreaming-no-recipe-in-file = Ese archivo no lleva ninguna receta mía. Usa el archivo original, no una captura de pantalla ni una copia editada.

# El formulario «Ajustes del sueño…».
dreaming-settings = Ajustes del sueño
dreaming-layer = Capa: lo que aparece
dreaming-layer-usual = perros, como siempre
dreaming-intensity = Intensidad: con qué profundidad
dreaming-intensity-usual = 6, en el medio
dreaming-notch = { $notch ->
    [1] 1 · apenas se nota
    [6] 6 · en el medio
    [11] 11 · sin vuelta atrás
   *[other] { $notch }
}
dreaming-preset = Estilo: todo de una vez
dreaming-preset-none = ninguno
dreaming-bend = Doblar los circuitos de la red
dreaming-bend-none = nada
dreaming-mild = al azar, suave
dreaming-middling = al azar
dreaming-wild = al azar, salvaje
dreaming-seed = Semilla: un número que repite un sueño
dreaming-seed-chance = al azar
dreaming-seed-wrong = Una semilla es un número entero como 7, no «{ $seed }».
dreaming-mix = Mezclar con una segunda imagen
dreaming-mix-picture = La segunda imagen
dreaming-mix-take = Qué toma el sueño de la segunda imagen
dreaming-mix-shapes = formas: lo que se ve en ella
dreaming-mix-style = estilo: sus trazos y colores

# Hojear las capas.
dreaming-layers = Lo que sueña { $model }
dreaming-layers-pick = Mirar una…
dreaming-layers-dream = Soñar con ella la última imagen
dreaming-layers-back = Volver
dreaming-layers-unknown = Ya no conozco esa página. Vuelve a pedir `/layers`.
