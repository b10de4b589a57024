# Botões, uma ou duas palavras: ficam lado a lado no celular.
results-cancel = Cancelar
results-deeper = Mais fundo
results-louder = Mais forte
results-quieter = Mais leve
results-layer = Camada…
results-pick = Um dos quatro
results-again = De novo
results-watch = Assistir
results-bend = Entortar
results-zoom = Vídeo zoom
results-compare = Comparar
results-undo = Desfazer
results-more = Mais…
results-less = Menos

results-layer-choose = A mesma imagem, vista por outra camada:
results-look-placeholder = Escolha uma camada
results-preset-placeholder = Escolha um estilo
results-saved-placeholder = Escolha um estilo salvo
results-compared = Antes e depois.
results-compared-alt = { $subject }, e ao lado o que sonhei com ela.
results-compared-both = O sonho anterior e este. Depois, a imagem com que começou e este.
results-compared-before-alt = O sonho anterior, e ao lado o que sonhei com ele.
results-show = Mostrar a todos
results-delete-sure = Apagar este sonho? Não dá para recuperar.
results-deleted = Apagado.
results-cancelled-others = Cancelado; avisei quem pediu.

results-unknown = Não conheço mais este sonho. Se a imagem ainda estiver lá, mantenha pressionada a mensagem e escolha Apps → { menu-dream-this }.
results-not-now = Não consigo consultar isso agora; tente de novo em um minuto.
results-over = Esse sonho já acabou.
results-louder-no-more = Vai até onze, e isto é onze. { results-deeper } vai além.
results-quieter-no-more = Mais leve não dá.
results-source-gone = Não consigo mais ver a imagem sobre a qual isto foi sonhado. { results-deeper }, { results-bend } e { results-zoom } ainda funcionam: partem do próprio sonho.
results-guide-gone = Não consigo mais ver a segunda imagem que este sonho olhava. { results-deeper }, { results-bend } e { results-zoom } ainda funcionam, ou use /dream com ela outra vez.
results-sound-gone = O som deste vídeo não está mais disponível. { results-deeper }, { results-bend } e { results-zoom } ainda funcionam, ou use /hellscape com ele outra vez.
results-dream-gone = A imagem desse sonho não está mais lá.
results-undo-gone = O sonho de onde este veio não está mais lá, então não há como voltar. Os outros botões ainda funcionam.
results-undo-not-yours = Só quem pediu este sonho, ou a moderação, pode desfazê-lo. { results-deeper } e os outros são para todos.
results-compare-nothing = Isto veio do nada; não há o que pôr ao lado.
results-cancel-not-yours = Só quem pediu este sonho, ou a moderação, pode cancelá-lo.
results-delete-not-yours = Só quem pediu este sonho, a pessoa de quem era a imagem, ou a moderação pode apagá-lo.

# /history: os sonhos de alguém, e de onde veio um deles.
results-history-title = Seus sonhos aqui
results-history-none = Você ainda não sonhou nada aqui. Comece com /dream.
results-history-page = Página { $page } de { $pages }
results-history-newer = Mais novos
results-history-older = Mais antigos
results-history-choose = De onde veio um deles?
results-history-back = Voltar
results-history-line = De onde ele veio
results-history-what = { $look }, intensidade { $intensity } de 11
results-history-video = Vídeo de { core-seconds }: { $look }
results-history-private = em particular
results-history-by = com { $button }
results-history-upon = sobre { $subject }
results-history-nothing = do nada
results-history-not-yours = Esse sonho não é seu.

# Perguntado sob um sonho cuja imagem alguém apagou.
results-withdrawn = { $count ->
    [one] A imagem sobre a qual isto foi sonhado foi apagada. Apago o sonho também?
   *[other] A imagem sobre a qual isto foi sonhado foi apagada. Apago também os { $count } sonhos que vieram dela?
}
results-withdrawn-delete = Apagar
results-withdrawn-keep = Manter
results-withdrawn-not-yours = Só pode decidir isso a pessoa de quem era a imagem, quem pediu o sonho, ou a moderação.
results-withdrawn-cannot = Não posso mais apagar minhas mensagens aqui; a moderação pode.
