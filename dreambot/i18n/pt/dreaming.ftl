# Onde não há imagem para sonhar.
dreaming-no-picture = Não encontrei nenhuma imagem nas últimas 50 mensagens daqui. Anexe uma com a opção `image`, ou mantenha pressionada uma mensagem com imagem e escolha Apps → { menu-dream-this }.
dreaming-no-picture-blind = Aqui não posso ler as mensagens dos outros, então só vejo as imagens que você me dá. Anexe uma com a opção `image`, ou mantenha pressionada uma mensagem com imagem e escolha Apps → { menu-dream-this }.
dreaming-no-picture-here = Não há imagem nessa mensagem. Escolha uma que tenha.
dreaming-no-picture-mention = Mencione-me em resposta a uma imagem, ou com uma imagem anexada, e eu a sonharei. Você pode acrescentar uma camada e uma intensidade, como `mixed5 11`.
dreaming-direct-help = Envie uma imagem e eu sonho com ela; palavras como `mixed4 9` ou `dogs` dizem como, e /help mostra mais.
dreaming-direct-no-picture = Não vejo imagem nas nossas últimas 50 mensagens. Envie uma, com essas palavras se quiser.
dreaming-untouchable = Essa pessoa não quer que outros sonhem o avatar dela. Escolha o de outra pessoa, ou o seu.

# Opções que não combinam.
dreaming-two-starts = Um sonho só pode começar com uma coisa: tire a imagem, ou o outro começo.
dreaming-out-of-nothing = Essa receita tira a imagem do nada e não precisa da sua. Tire a imagem.
dreaming-recipe-alone = Uma receita já diz tudo: tire `{ $option }`, ou a receita.
dreaming-guide-again = Essa receita olha para uma segunda imagem, que eu não guardo. Anexe-a como `guide`.
dreaming-guide-unused = Essa receita não olha para nenhuma segunda imagem. Tire o `guide`.
dreaming-text-unused = Palavras só aparecem num sonho comum. Tire `text`, ou use `/dream`.

# Receitas.
dreaming-recipe = Cole isto depois de `/dream recipe:` para sonhar outra imagem do mesmo jeito.
dreaming-no-recipe-text = Isso não é uma receita minha. `/recipe` dá uma para colar; `layer:mixed5 intensity:11` também funciona.
dreaming-no-dream-yet = Você ainda não sonhou nada. Experimente `/dream`.
dreaming-no-link = Isso não é um link para uma mensagem. Mantenha a mensagem pressionada, escolha Copiar link da mensagem e cole-o aqui.
dreaming-no-result-there = Não encontro ali nenhum sonho meu de que eu possa falar.
dreaming-no-recipe-in-file = Esse arquivo não traz nenhuma receita minha. Use o arquivo original, não uma captura de tela nem uma cópia editada.

# O formulário “Ajustes do sonho…”.
dreaming-settings = Ajustes do sonho
dreaming-layer = Camada: o que aparece
dreaming-layer-usual = cachorros, como sempre
dreaming-intensity = Intensidade: com que profundidade
dreaming-intensity-usual = 6, no meio
dreaming-notch = { $notch ->
    [1] 1 · mal se nota
    [6] 6 · no meio
    [11] 11 · sem volta
   *[other] { $notch }
}
dreaming-preset = Estilo: tudo de uma vez
dreaming-preset-none = nenhum
dreaming-bend = Entortar os circuitos da rede
dreaming-bend-none = nada
dreaming-mild = ao acaso, de leve
dreaming-middling = ao acaso
dreaming-wild = ao acaso, sem freio
dreaming-seed = Semente: um número que repete um sonho
dreaming-seed-chance = por conta do acaso
dreaming-seed-wrong = Uma semente é um número inteiro como 7, não “{ $seed }”.
dreaming-mix = Misturar com uma segunda imagem
dreaming-mix-picture = A segunda imagem
dreaming-mix-take = O que o sonho pega da segunda imagem
dreaming-mix-shapes = formas: o que se vê nela
dreaming-mix-style = estilo: seus traços e cores

# Folhear as camadas.
dreaming-layers = O que { $model } sonha
dreaming-layers-pick = Ver uma de perto…
dreaming-layers-dream = Sonhar a última imagem com ela
dreaming-layers-back = Voltar
dreaming-layers-unknown = Já não conheço essa página. Peça `/layers` de novo.
