# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **Lo que guardo sobre ti**
operating-privacy-source = 🖼️ Tu imagen: mientras se hace su sueño, { $hours ->
    [one] una hora
   *[other] { $hours } horas
} como mucho.
operating-privacy-result = 📦 Un sueño que no pude entregar: { $days ->
    [one] un día
   *[other] { $days } días
} como mucho. Todos los demás sueños están solo en Discord.
operating-privacy-job = 🧾 De cada sueño: quién lo pidió, dónde y cuándo, de dónde venía la imagen y cómo se llamaba, la receta, y qué comparaciones se mostraron a todos y quién las mostró, para que los botones sigan funcionando. Hasta que lo borres.
operating-privacy-settings = ⚙️ Lo que ajustas con los botones de abajo, los aspectos que has guardado y tu aspecto por defecto.
operating-privacy-hall = ⭐ Cuáles de tus sueños se reenviaron a un salón de la fama. El reenvío se borra junto con el sueño.
operating-privacy-never = -# No guardo nombres de personas ni mensajes, y tu imagen nunca sale de su canal; solo puede salir un sueño, hacia el salón de la fama de su servidor.
operating-privacy-untouchable = { $on ->
    [yes] ✅ Nadie más sueña mis imágenes
   *[no] Que nadie más sueñe mis imágenes
}
operating-privacy-previews = { $on ->
    [yes] ✅ Mostrarme avances mientras espero
   *[no] Ahorro de datos: sin avances (toca para verlos)
}
operating-privacy-ping = { $on ->
    [yes] ✅ Avisarme tras una larga espera
   *[no] Avisarme tras una larga espera
}
operating-privacy-export = Guardar mis datos
operating-privacy-delete = Borrar mis datos…
operating-privacy-keep = Conservar todo
operating-privacy-erase = Borrar mis datos
operating-privacy-erase-posted = { $count ->
    [one] Borrar mis datos y mi sueño en su canal
   *[other] Borrar mis datos y mis { $count } sueños en canales
}
operating-privacy-sure = **¿Borrar todo lo que guardo sobre ti?** Lo que se esté soñando para ti termina, tu historial y tus ajustes desaparecen, los botones bajo tus sueños dejan de funcionar, y se borran las comparaciones que muestran tus imágenes o sueños, o que mostraste a todos. Solo quedan recetas de las que nadie puede saber que eran tuyas. No se puede deshacer.
operating-privacy-erasing = Borrando… puede tardar unos minutos.
operating-privacy-erased = { $count ->
    [0] Hecho. No había ningún sueño tuyo, y tus ajustes ya no están.
    [one] Hecho. He olvidado un sueño tuyo, y tus ajustes.
   *[other] Hecho. He olvidado { $count } sueños tuyos, y tus ajustes.
}
operating-privacy-deleted = { $count ->
    [one] Se borró un sueño de su canal.
   *[other] Se borraron { $count } sueños de sus canales.
}
operating-privacy-left = { $count ->
    [one] Un sueño está donde no puedo borrarlo; la moderación del canal sí puede.
   *[other] { $count } sueños están donde no puedo borrarlos; la moderación de los canales sí puede.
}
operating-privacy-exported = { $count ->
    [one] Todo lo que guardo sobre ti: un sueño y tus ajustes.
   *[other] Todo lo que guardo sobre ti: { $count } sueños y tus ajustes.
}

# /help. $command: a command that can be tapped.
operating-help-title = **Convierte una imagen en un sueño**
operating-help-post = 1️⃣ Busca una imagen en el chat, o publica una.
operating-help-menu = 2️⃣ Mantén pulsado su mensaje → **Aplicaciones** → **{ menu-dream-this }**. (Con ratón: clic derecho.)
operating-help-buttons = 3️⃣ Pulsa los botones bajo el sueño: más hondo, más fuerte, deshacer…
operating-help-dream = { $command } elige el estilo y su fuerza
operating-help-hellscape = { $command } un vídeo que cae dentro del sueño
operating-help-bend = { $command } rompe la red con belleza
operating-help-summon = { $command } invoca algo de la nada
operating-help-layers = { $command } mira qué sueña cada capa
operating-help-privacy = { $command } qué guardo y cómo borrarlo
operating-help-picture-first = Un gato, y el mismo gato soñado: ojos verdes, escamas y animalitos brotan de su pelaje.
operating-help-picture-looks = Nueve estilos sobre una taza de café: eyes, oracle, fur, storm, tartan, totem, lotus, agate y wool.
operating-help-picture-more = Un fotograma de un paisaje infernal lleno de ojos, una taza doblada en colores salvajes y un faro invocado.

# /about
operating-about = Soy un bot que sueña las imágenes publicadas: busco lo que una red neuronal ve en ellas y pinto más de eso (DeepDream). Soy software libre bajo licencia MIT. Estas son las redes:
operating-about-model = { $title }
    De { $authors }
    Licencia: { $licence }
operating-about-own-model = Una red que trajo quien mantiene este bot.
operating-about-thanks = Hecho con PyTorch, discord.py, Pillow y muchos más; THIRD_PARTY.md los nombra a todos.
operating-about-invite = Añadirme a un servidor
operating-about-source = Código fuente

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] Aquí aún no se ha soñado nada.
    [one] Aquí se ha soñado **un** sueño.
   *[other] Aquí se han soñado **{ $count }** sueños.
}
operating-stats-layers = **Capas favoritas**
operating-stats-presets = **Estilos favoritos**
operating-stats-summoned = **Lo más invocado**
operating-stats-yours-here = { $count ->
    [0] Ninguno es tuyo. /help muestra cómo se hace.
    [one] **Uno** es tuyo.
   *[other] **{ $count }** son tuyos.
}
operating-stats-yours = { $count ->
    [0] Aún no has soñado. /help muestra cómo se hace.
    [one] Has soñado **una vez**.
   *[other] Has soñado **{ $count }** veces.
}

# The states of a job.
operating-state-received = recibidos
operating-state-queued = en espera
operating-state-running = soñándose
operating-state-delivering = en camino
operating-state-done = hechos
operating-state-failed = fallidos
operating-state-cancelled = cancelados

# /admin, which owners see.
operating-admin-owners-only = Solo quienes son dueños de este bot pueden usar /admin.
operating-admin-synced = { $count ->
    [one] Un comando publicado. Discord puede tardar un minuto en mostrarlo.
   *[other] { $count } comandos publicados. Discord puede tardar un minuto en mostrarlos.
}
operating-admin-draining = { $count ->
    [0] No acepto nada nuevo. No hay nada en marcha.
    [one] No acepto nada nuevo. Hay un sueño en marcha…
   *[other] No acepto nada nuevo. Hay { $count } sueños en marcha…
}
operating-admin-drained = Vaciado: aquí ya no hay nada en marcha. Reiníciame para seguir; lo que quedó continuará entonces.
operating-admin-no-devices = Ahora mismo no hay ningún dispositivo.
operating-admin-device-jobs = { $count ->
    [0] libre
    [one] un sueño en curso
   *[other] { $count } sueños en curso
}
operating-admin-device-busy = ocupado { $duration } en total
operating-admin-device-restarts = { $count ->
    [one] reiniciado una vez
   *[other] reiniciado { $count } veces
}
operating-admin-device-check = no pasó la autocomprobación ({ $problem }), por eso va más lento. El registro dice qué hacer.
operating-admin-model-here = aquí
operating-admin-model-missing = no está aquí; { $command } la descarga
operating-admin-stats-servers = { $count ->
    [one] En un servidor, a { $latency } ms de Discord.
   *[other] En { $count } servidores, a { $latency } ms de Discord.
}
operating-admin-stats-waiting = { $count ->
    [0] Nadie espera.
    [one] Un sueño espera, desde hace { $duration }.
   *[other] { $count } sueños esperan, el primero desde hace { $duration }.
}
operating-admin-stats-unfinished = Ahora:
operating-admin-stats-day = Últimas 24 horas:
operating-admin-stats-week = Últimos 7 días:
operating-admin-stats-state = { $count } { $state }
operating-admin-server-blocked = Desde ahora rechazo toda petición de { $server }.
operating-admin-server-unblocked = Vuelvo a aceptar peticiones de { $server }.
operating-admin-person-blocked = Desde ahora rechazo en todas partes toda petición de { $person }.
operating-admin-person-unblocked = Vuelvo a aceptar peticiones de { $person }, salvo que la moderación de un servidor diga otra cosa.
operating-admin-not-blocked = { $server } no estaba bloqueado.
operating-admin-no-server = Eso no es el ID de un servidor. Elige uno de la lista, o copia un ID: un número de unas 19 cifras.
