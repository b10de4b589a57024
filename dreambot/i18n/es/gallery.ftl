# El botón bajo un sueño, y la respuesta.
gallery-share = Mostrar en la galería
gallery-withdraw = Retirar de la galería
gallery-without-picture = Ocultar mi imagen
gallery-shared = Hecho. Ahora todo el mundo puede ver este sueño y su receta en la galería de la web, sin tu nombre. «{ gallery-withdraw }» lo quita, y borrar el sueño también.
gallery-shared-with-picture = La imagen que subiste se muestra al lado. «{ gallery-without-picture }» quita solo esa imagen.
gallery-picture-hidden = La galería muestra ahora solo el sueño.
gallery-withdrawn = Retirado. La galería ya no muestra este sueño.
gallery-not-there = Este sueño ya no estaba en la galería: se quitó porque se borraron el sueño, su imagen o sus datos, o porque ya no puede mostrarse.
gallery-off = No tengo galería.
gallery-not-yours = Solo quien pidió este sueño puede mostrarlo en la galería, o retirarlo.
gallery-not-here = Aquí no me enteraría si se borra este sueño, así que no se puede mostrar. Suéñalo en un servidor del que yo sea miembro.
gallery-age-restricted = Los sueños de canales con restricción de edad nunca aparecen en la galería.
gallery-spoiler = Los sueños ocultos tras un spoiler nunca aparecen en la galería.
gallery-explicit = Discord ha marcado esta imagen como explícita, y esas imágenes nunca aparecen en la galería.
gallery-begins-with-picture = Esto empieza con la propia imagen, que no subiste aquí, así que no se puede mostrar. Un sueño fijo sí.
gallery-sound-of-others = Aquí se oye un sonido que no subiste aquí, así que no se puede mostrar.
gallery-picture-gone = La imagen o el sonido del que se hizo esto se borró, así que no se puede mostrar.
gallery-server-off = La moderación de este servidor no quiere sus sueños en la galería.
gallery-full = La galería está llena en este momento. Quienes me alojan pueden hacer sitio.
gallery-too-many = Tienes { $most } sueños en la galería, y ese es el máximo. Retira uno antes.
gallery-dashboard-link = El panel, durante { $hours } horas: { $link }
    No lo compartas: cualquiera con este enlace puede verlo.

# En la página de /privacy, si hay galería.
gallery-privacy = 🌐 Los sueños que mostraste en la galería de la web: una copia de cada uno, y de tu imagen si se muestra al lado. Hasta que los retires o los borres.
gallery-privacy-never = -# No guardo nombres de personas ni mensajes. Tu imagen solo sale de su canal si tú mismo muestras un sueño de ella en la galería; un sueño también puede ir al salón de la fama de su servidor.

# Las páginas de la galería.
gallery-title = Galería de sueños
gallery-skip = Ir al contenido
gallery-nav = Secciones
gallery-newest = Los más nuevos
gallery-starred = Con más estrellas
gallery-layers = Capas
gallery-presets = Presets
gallery-about = Estos sueños los compartió la propia gente, en Discord. Estas páginas no usan cookies, no siguen a nadie y no cargan nada de otros sitios.
gallery-none = Nadie ha compartido un sueño todavía. En Discord, pulsa «{ results-more }» bajo un sueño tuyo y luego «{ gallery-share }».
gallery-pages = Páginas
gallery-page = Página { $page } de { $pages }
gallery-previous = Anterior
gallery-next = Siguiente
gallery-moves = ▶ se mueve
gallery-stars = { $count ->
    [one] 1 estrella
   *[other] { $count } estrellas
}
gallery-before = Antes
gallery-before-alt = La imagen de la que salió el sueño
gallery-after = El sueño
gallery-dream-alt = Sueño: { $look }
gallery-slider = Antes y después: mueve para comparar
gallery-shared-on = Compartido el { $date }
gallery-recipe = Sueña esto en tu servidor
gallery-recipe-how = Copia el comando en un canal que tenga dreambot.
gallery-recipe-picture = Adjunta una imagen.
gallery-command = Comando
gallery-recipe-full = La receta completa
gallery-recipe-text = Para /recipe, y la opción recipe de /dream
gallery-copy = Copiar
gallery-copied = Copiado
gallery-ancestors = Salió de
gallery-descendants = Salieron de este sueño
gallery-layers-of = Lo que sueñan las capas de { $model }
gallery-layers-text = Cada imagen es la misma foto de un gato, soñada con una capa. Las capas más profundas vienen después.
gallery-networks = Redes
gallery-presets-text = Cada imagen es la misma foto de un gato, soñada con un preset.
gallery-error-not-found = Aquí no hay nada
gallery-error-not-found-text = El sueño se retiró o se borró, o la dirección no es correcta.
gallery-error-forbidden = Este enlace no funciona
gallery-error-forbidden-text = Ha caducado o está incompleto. Los propietarios del bot obtienen uno nuevo con /admin dashboard.
gallery-error-broken = Algo salió mal
gallery-error-broken-text = Esta página no se puede mostrar ahora. Inténtalo otra vez en un minuto.
gallery-error-link = Ver los sueños más nuevos
