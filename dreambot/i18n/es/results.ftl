# Botones, una o dos palabras: van uno al lado del otro en un móvil.
results-cancel = Cancelar
results-deeper = Más hondo
results-louder = Más fuerte
results-quieter = Más suave
results-layer = Capa…
results-pick = Uno de los cuatro
results-again = Otra vez
results-watch = Mirar
results-bend = Doblar
results-zoom = Vídeo zoom
results-compare = Comparar
results-undo = Deshacer
results-more = Más…
results-less = Menos

results-layer-choose = La misma imagen, vista por otra capa:
results-look-placeholder = Elige una capa
results-preset-placeholder = Elige un estilo
results-saved-placeholder = Elige un estilo guardado
results-compared = Antes y después.
results-compared-alt = { $subject }, y al lado lo que soñé con ella.
results-compared-both = El sueño anterior y este. Después, la imagen con la que empezó y este.
results-compared-before-alt = El sueño anterior, y al lado lo que soñé con él.
results-show = Mostrar a todos
results-delete-sure = ¿Borrar este sueño? No se podrá recuperar.
results-deleted = Borrado.
results-cancelled-others = Cancelado; he avisado a quien lo pidió.

results-unknown = Ya no conozco este sueño. Si su imagen sigue ahí, mantén pulsado su mensaje y elige Aplicaciones → { menu-dream-this }.
results-not-now = Ahora mismo no puedo consultarlo; inténtalo de nuevo en un minuto.
results-over = Ese sueño ya terminó.
results-louder-no-more = Llega hasta once, y esto es once. { results-deeper } llega más lejos.
results-quieter-no-more = Más suave no se puede.
results-source-gone = Ya no puedo ver la imagen sobre la que se soñó esto. { results-deeper }, { results-bend } y { results-zoom } siguen funcionando: parten del propio sueño.
results-guide-gone = Ya no puedo ver la segunda imagen que miraba este sueño. { results-deeper }, { results-bend } y { results-zoom } siguen funcionando, o usa /dream con ella otra vez.
results-sound-gone = El sonido de este vídeo ya no está disponible. { results-deeper }, { results-bend } y { results-zoom } siguen funcionando, o usa /hellscape con él otra vez.
results-dream-gone = La imagen de ese sueño ya no está.
results-undo-gone = El sueño del que vino este ya no está, así que no hay vuelta atrás. Los demás botones siguen funcionando.
results-undo-not-yours = Solo quien pidió este sueño, o la moderación, puede deshacerlo. { results-deeper } y los demás son para todos.
results-compare-nothing = Esto salió de la nada; no hay nada que poner al lado.
results-cancel-not-yours = Solo quien pidió este sueño, o la moderación, puede cancelarlo.
results-delete-not-yours = Solo quien pidió este sueño, la persona de quien era la imagen, o la moderación puede borrarlo.

# /history: los sueños de alguien, y de dónde salió uno de ellos.
results-history-title = Tus sueños aquí
results-history-none = Aquí aún no has soñado nada. Empieza con /dream.
results-history-page = Página { $page } de { $pages }
results-history-newer = Más nuevos
results-history-older = Más antiguos
results-history-choose = ¿De dónde salió uno de ellos?
results-history-back = Volver
results-history-line = De dónde salió
results-history-what = { $look }, intensidad { $intensity } de 11
results-history-video = Vídeo de { core-seconds }: { $look }
results-history-private = en privado
results-history-by = con { $button }
results-history-upon = sobre { $subject }
results-history-nothing = de la nada
results-history-not-yours = Ese sueño no es tuyo.

# Se pregunta bajo un sueño cuya imagen alguien borró.
results-withdrawn = { $count ->
    [one] Se borró la imagen sobre la que se soñó esto. ¿Borro también el sueño?
   *[other] Se borró la imagen sobre la que se soñó esto. ¿Borro también los { $count } sueños que salieron de ella?
}
results-withdrawn-delete = Borrar
results-withdrawn-keep = Conservar
results-withdrawn-not-yours = Solo lo puede decidir la persona de quien era la imagen, quien pidió el sueño, o la moderación.
results-withdrawn-cannot = Ya no puedo borrar mis mensajes aquí; la moderación puede hacerlo.
