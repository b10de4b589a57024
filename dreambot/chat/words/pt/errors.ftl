errors-person-full = Você tem { $count ->
    [one] { $count } sonho na fila
   *[other] { $count } sonhos na fila
}, e não guardo mais que isso por pessoa; espere um terminar, ou cancele um, e peça de novo.
errors-server-full = Este servidor tem { $count ->
    [one] { $count } sonho na fila
   *[other] { $count } sonhos na fila
}, e não guardo mais que isso por servidor; quando alguns terminarem, haverá lugar de novo.
errors-all-full = Já tenho { $count ->
    [one] { $count } sonho na fila
   *[other] { $count } sonhos na fila
}, e não consigo lembrar de mais; peça de novo em um ou dois minutos.
errors-cannot-dream = Não consigo sonhar agora: a parte de mim que faz isso não está subindo. Tente mais tarde.
errors-too-slow = Esse sonho levou mais de { $seconds } segundos, então parei; uma imagem menor ou menos intensidade é mais rápido.
errors-broke-down = O sonho desabou duas vezes, então desisti; talvez outra imagem ou outra camada funcione.
errors-out-of-memory = Essa imagem precisa de mais memória do que tenho; uma menor vai funcionar.
errors-restarted = Fui reiniciado antes de ver sua imagem; peça de novo.
errors-gave-up = Esse sonho foi começado dez vezes e nunca terminou, então desisti.
errors-broken = Algo deu errado do meu lado, e quem me opera pode ler no meu log o quê; tente de novo.
errors-no-promise = Não consigo anotar nada agora, então é melhor não prometer; tente de novo em um minuto.
errors-no-layer = Não existe camada chamada “{ $name }”; você quis dizer { $names }?
errors-no-preset = Não existe estilo chamado “{ $name }”; você quis dizer { $names }?
errors-no-preset-at-all = Não existe estilo chamado “{ $name }”; existem { $names }.
errors-no-model = Não existe modelo “{ $name }”; existem { $names }.
errors-no-class = Entre as mil classes do ImageNet não há nenhuma chamada “{ $name }”; { $hint }
errors-many-kinds = Há muitos tipos de “{ $name }” aqui; qual deles? { $names }.
errors-nothing-to-summon = Diga o que invocar: uma classe como golden retriever, goldfish ou castle.
errors-intensity = A intensidade vai de 1 a 11.
errors-chaos = O caos vai de 1 a 11.
errors-seed = Uma semente é um número inteiro de 0 a { $most }.
errors-chaos-or-bends = O caos sorteia as dobras sozinho; dê dobras ou caos, não os dois.
errors-needs-picture = Um sonho precisa de uma imagem para sonhar.
errors-hellscape-needs-picture = Uma paisagem infernal que parte de uma imagem precisa de uma; me dê também uma imagem.
errors-recipe-needs-picture = Essa receita precisa de uma imagem; me dê uma também.
errors-recipe-mask = Essa receita foi feita com uma máscara que não tenho; não dá para repetir.
errors-recipe-guide = Esse sonho foi guiado por uma segunda imagem que não está aqui; me dê ela de novo.
errors-recipe-damaged = A receita nessa imagem está danificada. Use o arquivo original, não uma cópia editada.
errors-too-thin = Essa imagem tem { $size } pixels e é estreita demais para sonhar; no máximo { $most } para 1.
errors-too-big = Essa imagem é grande demais ({ $size }). Mande uma de no máximo { $most } megapixels e { $side } pixels de lado.
errors-file-too-large = Esse arquivo tem mais de { $most } MiB. Tente uma cópia menor.
errors-link-too-large = Esse arquivo tem mais de { $most } MiB. Tente uma cópia menor dele.
errors-empty-file = Esse arquivo está vazio. Envie de novo.
errors-no-picture-file = Esse arquivo não é uma imagem que eu consiga ler. Consigo ler { $formats }.
errors-no-picture-format = Não consigo ler arquivos { $format }. Consigo ler { $formats }.
errors-no-picture-audio = Esse é um arquivo de som ({ $format }), e eu sonho imagens. Consigo ler { $formats }.
errors-no-picture-raw = Esse é um arquivo RAW de câmera ({ $format }), que não consigo ler; exporte como JPEG. Consigo ler { $formats }.
errors-no-picture-text = Esse arquivo é texto, não uma imagem. Consigo ler { $formats }.
errors-no-picture-page = Esse arquivo é uma página da web, não uma imagem. Consigo ler { $formats }.
errors-cut-off = Falta uma parte grande demais dessa imagem: o arquivo está cortado ou danificado. Mande o arquivo inteiro.
errors-invisible = Essa imagem é totalmente transparente, então não há nada para sonhar. Mande outra.
errors-picture-damaged = Essa imagem está danificada: falta uma parte ou não faz sentido. Salve de novo.
errors-link-page = Esse link leva a uma página que não diz que imagem mostra. Abra a imagem sozinha e copie o endereço, ou envie ela.
errors-link-answered = { $host } respondeu { $status } em vez de uma imagem. Confira o link, ou envie a própria imagem.
errors-link-expired = O Discord não tem mais essa imagem, ou o link dela expirou. Envie a imagem de novo.
errors-link-slow = Esse link demorou demais para responder. Tente de novo, ou envie a própria imagem.
errors-link-failed = Não deu para buscar esse link. Confira, ou envie a própria imagem.
errors-link-odd = Esse não é um link que eu entenda. Deveria começar com https://.
errors-link-scheme = Só consigo buscar links que começam com http:// ou https://.
errors-link-private = Esse link não leva a um endereço público da web. Envie a imagem.
errors-recipe-work = Essa receita precisa de { $work } bilhões de operações; para um sonho desse tamanho e duração são no máximo { $most }. Diminua os passos (steps) ou as oitavas (octaves) dela.
errors-recipe-steps = Essa receita precisa de { $steps } passos ao todo; para um sonho dessa duração são no máximo { $most }. Diminua os passos (steps) ou as oitavas (octaves) dela.
errors-recipe-loop = O loop dessa receita leva { $frames } quadros para voltar ao primeiro; são no máximo { $most }.
errors-two-values = Você deu dois valores para { $key }: “{ $first }” e “{ $second }”.
errors-unknown-word = Não conheço “{ $word }”; você quis dizer { $names }? Tente `layer:mixed5 intensity:11`.
errors-whole-number = { $key } é um número inteiro, não “{ $word }”.
errors-layer-expected = Aqui eu esperava o nome de uma camada, como mixed5:
errors-end-expected = Aqui eu esperava + e outra camada, ou o fim:
errors-journey-end-expected = Aqui eu esperava + e outra camada, > e a próxima parada, ou o fim:
errors-no-journey-here = Uma viagem com > é para /hellscape; uma imagem leva só uma soma de camadas:
errors-weight-expected = Aqui eu esperava um peso de { $least } a 10, como 0.5:
errors-too-many-layers = Dá para misturar no máximo { $most } camadas:
errors-no-recipe = Isso não é uma receita; uma receita é assim: { $example }.
errors-recipe-json = Essa receita não é um JSON legível.
errors-recipe-long = Essa receita passa de { $most } kB.
errors-recipe-pixels = Essa receita é sonhada com até { $size } megapixels; aqui são no máximo { $most }. Diminua o tamanho ou as oitavas extras (above) dela.
errors-film-too-long = Esse filme teria { $frames } quadros; sonho no máximo { $most }.
errors-seconds = Os segundos são um número acima de 0, como 8.
errors-zoom = O zoom vai de 0.8, para fora, a 1.25, para dentro; 1.03 é o normal.
errors-too-much = { $what ->
    [film] Esse filme
   *[other] Essa imagem
} foi demais para mim. Tente uma cópia menor dela.
errors-took-too-long = { $what ->
    [film] Esse filme
   *[other] Essa imagem
} demorou demais. Tente uma cópia menor ou mais simples dela.
