command-dream = Deja que una red neuronal sueñe una imagen
option-dream-image = La imagen; sin ella, tomo la más reciente tuya aquí
option-dream-layer = Dónde en la red: mixed4 son ojos, mixed5 perros; mézclalas con +
option-dream-intensity = Qué tan profundo, de 1 a 11
option-dream-preset = Todo un estilo de una vez
option-dream-four = Cuatro estilos distintos a la vez, en pequeño, para elegir
option-dream-palette = Los colores de lo que se añade
choice-natural-the-colours-of-nature = natural: los colores de la naturaleza
choice-source-the-picture-s-own-colours = source: los colores de la imagen
choice-acid-neon-as-the-network-wants-it = acid: neón, como lo quiere la red
option-dream-source = Con qué empieza; con la imagen, si no eliges ruido
choice-noise-no-picture-pure-imagination = noise: sin imagen, pura imaginación
option-dream-text = Palabras que aparecen en el sueño; sin imagen, salen de la oscuridad
option-dream-guide = Una segunda imagen, de la que el sueño toma las formas o el estilo
option-dream-guide-as = Qué toma el sueño de la segunda imagen
option-dream-where = Qué se sueña de la imagen: las caras, todo menos las caras, o todo
option-dream-bend = Dobla los circuitos de la red: random, o algo como swap@mixed1=0.3
option-dream-format = Qué sale; gif y mp4 muestran cómo una imagen fija se convierte en el sueño
choice-gif-moves-by-itself-in-a-loop = gif: se mueve solo, en bucle
choice-mp4-a-video-smaller-and-sharper = mp4: un vídeo, más pequeño y nítido
choice-png-a-still-picture-even-of-a-video = png: una imagen fija, incluso de un vídeo
option-dream-url = Un enlace a una imagen
option-dream-model = Otra red
option-dream-recipe = Una receta que seguir: pégala aquí
option-dream-seed = Un número que repite un sueño exactamente
option-dream-private = Solo tú ves el sueño
option-dream-spoiler = Esconde el sueño tras un clic

command-hellscape = Un vídeo que cae en las pesadillas de la red
option-hellscape-start = Con qué empieza; niebla, si no adjuntas ninguna imagen
choice-fog-out-of-nothing = niebla: de la nada
choice-static-out-of-a-dead-channel = estática: de un canal muerto
choice-picture-the-one-you-attach-or-the-newest-here = imagen: la que adjuntes, o la más reciente aquí
choice-shapes-what-is-seen-in-it = formas: lo que se ve en ella
choice-style-its-strokes-and-colours = estilo: sus trazos y colores
choice-faces-only-the-faces = caras: solo las caras
choice-background-all-but-the-faces = fondo: todo menos las caras
choice-everywhere-the-whole-picture = en todas partes: la imagen entera
option-hellscape-image = Una imagen para empezar
option-hellscape-sound = Un audio o un vídeo cuyo sonido lo impulsa y se oye en él
option-hellscape-preset = Un recorrido entero de una vez
option-hellscape-layer = Un viaje por las capas, como mixed3 > mixed5
option-hellscape-seconds = Cuánto dura el vídeo
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = A qué velocidad cae: 1.03 es lo normal, por debajo de 1 retrocede
option-hellscape-loop = Si su final lleva de vuelta al principio
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = Qué tipo de archivo es
option-hellscape-url = Un enlace a una imagen para empezar
option-hellscape-model = { option-dream-model }
option-hellscape-seed = Un número que repite un vídeo exactamente
option-hellscape-private = Solo tú ves el vídeo

command-bend = Gira al azar los mandos de la red y sueña a través de ella
option-bend-image = { option-dream-image }
option-bend-chaos = Cuánto se giran los mandos, de 1 a 11
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = Un número que trae los mismos dobleces otra vez
option-bend-private = { option-dream-private }

command-summon = Haz salir una cosa de la red, o entrar en una imagen
option-summon-what = Qué invocar, como jellyfish; varias cosas con +
option-summon-image = Una imagen donde invocarlo; sin ella, sale de la nada
option-summon-intensity = Con cuánta insistencia, de 1 a 11
option-summon-format = Qué sale; gif y mp4 muestran cómo aparece
option-summon-url = Un enlace a una imagen donde invocarlo
option-summon-seed = Un número que repite una invocación exactamente
option-summon-private = Solo tú ves lo que viene

command-again = Tu último sueño otra vez, en otra imagen
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = La segunda imagen, si tu último sueño tenía una
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = Con qué se hizo un sueño, listo para pegar
option-recipe-link = Un enlace a un mensaje con un sueño mío; sin él, tu último sueño
option-recipe-file = Una imagen o un vídeo míos

command-look = Aspectos con nombre propio
command-look-save = Ponle nombre al aspecto de un sueño para usarlo como un estilo
option-look-save-name = Su nombre, de 24 caracteres como máximo
option-look-save-link = Un enlace a un mensaje con un sueño mío; sin él, tu sueño más nuevo aquí
option-look-save-recipe = Una receta, en lugar de un sueño
option-look-save-server = Guardarlo para todo el servidor, como moderación
command-look-list = Los aspectos guardados que puedes usar aquí
command-look-delete = Borra un aspecto guardado
option-look-delete-name = Su nombre
option-look-delete-server = Borrar un aspecto del servidor, como moderación
command-look-default = Cómo soñar si no se nombra un aspecto
option-look-default-name = Un estilo o un aspecto guardado; sin él, ya no hay ninguno por defecto
option-look-default-channel = Para todos en este canal, como moderación

command-layers = Mira lo que sueña cada capa y elige una
option-layers-model = { option-dream-model }

command-autodream = Sueña las imágenes que se publican en este canal
command-autodream-on = Sueña las imágenes que se publican aquí
option-autodream-on-percent = Cuántas de cada cien imágenes; todas, si lo dejas vacío
command-autodream-off = Deja en paz las imágenes que se publican aquí
command-autodream-settings = Cuándo, con qué frecuencia y en qué se convierten las imágenes

command-settings = Qué puedo hacer en este servidor, y dónde

command-block = Alguien ya no podrá usarme en este servidor
option-block-person = Quién

command-unblock = Alguien podrá usarme otra vez; o mira quién no puede
option-unblock-person = Quién; déjalo vacío para ver quién está bloqueado

command-forget = Elimina un sueño, o todos los de alguien, para siempre
option-forget-dream = Un enlace al mensaje del sueño, o su ID
option-forget-person = Los sueños de quién

command-queue = Qué espera y se ejecuta aquí, y cuánto tardará

command-history = Lo que has soñado aquí, y de dónde salió cada sueño

command-help = Mira qué hacer, en tres imágenes

command-about = Versión, redes y quiénes las hicieron

command-privacy = Mira, guarda o borra lo que conservo sobre ti

command-stats = Cuánto se ha soñado aquí, y con qué

menu-dream-this = Soñar esto
menu-dream-settings = Ajustes del sueño…
menu-hellscape-this = Convertir en infierno
menu-bend-this = Doblar esto
menu-mix-with = Mezclar con…
menu-dream-avatar = Soñar el avatar

command-admin = Cuida del bot
command-admin-sync = Publica los comandos ahora
command-admin-drain = No aceptes nada nuevo y termina lo empezado
option-admin-drain-seconds = Cuánto pueden tardar los sueños empezados; el resto sigue tras reiniciar
command-admin-devices = En qué sueña el bot, y cómo va
command-admin-models = Qué redes hay aquí
command-admin-stats = Qué hay que hacer, y qué se ha hecho
command-admin-dashboard = Un enlace a una página con la cola, los dispositivos y los fallos
command-admin-block-server = Rechaza todo deseo de un servidor
option-admin-block-server-server = El ID del servidor, o su nombre de la lista
command-admin-unblock-server = Vuelve a aceptar deseos de un servidor
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = Rechaza todo deseo de una persona, en todas partes
option-admin-block-person-person = Quién; basta un ID
command-admin-unblock-person = Vuelve a aceptar deseos de una persona
option-admin-unblock-person-person = { option-admin-block-person-person }
