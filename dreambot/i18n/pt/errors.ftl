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
# $number: of a picture in an album; $name: its file's name; $note: a sentence about it.
errors-album-picture = Imagem { $number } ({ $name }): { $note }
errors-album-gone = Foi apagada.
errors-album-limit = { $count ->
    [one] Por enquanto, você só pode pedir mais uma imagem aqui, então esta ficou de fora.
   *[other] Por enquanto, você só pode pedir mais { $count } imagens aqui, então esta ficou de fora.
}
errors-no-layer = Não existe camada chamada “{ $name }”; você quis dizer { $names }?
errors-no-preset = Não existe estilo chamado “{ $name }”; você quis dizer { $names }?
errors-no-preset-at-all = Não existe estilo chamado “{ $name }”; existem { $names }.
errors-look-guide = Esse sonho tirou suas formas de uma segunda imagem, e um visual não pode guardá-la.
errors-look-sheet = Escolha primeiro um dos quatro: só um sonho único tem um estilo.
errors-look-summon = Isso foi invocado do nada; um visual precisa do sonho de uma imagem.
errors-no-model = Não existe uma rede chamada “{ $name }”; existem { $names }.
errors-no-class = Entre as mil classes do ImageNet não há nenhuma chamada “{ $name }”; tente golden retriever, jellyfish ou castle.
errors-many-kinds = Há muitos tipos de “{ $name }” aqui; qual deles? { $names }.
errors-nothing-to-summon = Diga o que invocar: uma classe como golden retriever, goldfish ou castle.
errors-intensity = A intensidade vai de 1 a 11.
errors-chaos = O caos vai de 1 a 11.
errors-palette = Essa paleta não existe; escolha { $names }.
errors-source = Um sonho começa com { $names }.
errors-format = Esse formato não existe; escolha { $names }.
errors-words-long = Um texto tem no máximo { $most } caracteres, e este tem { $count }. Encurte-o.
errors-words-mention = Não consigo escrever menções, emojis personalizados nem horas. Escreva o nome com letras comuns.
errors-words-empty = Esse texto não tem caracteres visíveis. Escreva algumas palavras.
errors-words-characters = Não consigo escrever { $characters }. Letras, algarismos e pontuação funcionam, mas emojis não.
errors-seed = Uma semente é um número inteiro de 0 a { $most }.
errors-chaos-or-bends = O caos sorteia as dobras sozinho; dê dobras ou caos, não os dois.
errors-needs-picture = Um sonho precisa de uma imagem para sonhar.
errors-hellscape-needs-picture = Uma paisagem infernal que parte de uma imagem precisa de uma; me dê também uma imagem.
errors-recipe-needs-picture = Essa receita precisa de uma imagem; me dê uma também.
errors-recipe-mask = Essa receita foi feita com uma máscara que não tenho; não dá para repetir.
errors-recipe-guide = Esse sonho foi guiado por uma segunda imagem que não está aqui; me dê ela de novo.
errors-guide-as = De uma segunda imagem se pega { $names }.
errors-guide-as-alone = `guide_as` diz o que o sonho pega de uma segunda imagem, mas não há nenhuma. Anexe-a como `guide`.
errors-style-preset = Um sonho no estilo de uma segunda imagem pega a aparência dela. Tire o `preset`, ou pegue as formas da imagem.
errors-where = De uma imagem se sonha { $names }.
errors-no-face = Não encontrei nenhum rosto nesta imagem. Tire `where`, ou escolha uma imagem em que um rosto apareça maior.
errors-recipe-damaged = A receita nessa imagem está danificada. Use o arquivo original, não uma cópia editada.
errors-too-thin = Essa imagem tem { $size } pixels e é estreita demais para sonhar; no máximo { $most } para 1.
errors-too-big = Essa imagem é grande demais ({ $size }). Mande uma de no máximo { $most } megapixels e { $side } pixels de lado.
errors-file-too-large = Esse arquivo tem mais de { $most } MiB. Tente uma cópia menor.
errors-link-too-large = Esse arquivo tem mais de { $most } MiB. Tente uma cópia menor dele.
errors-empty-file = Esse arquivo está vazio. Envie de novo.
errors-no-picture-file = Esse arquivo não é uma imagem que eu consiga ler. Consigo ler { $formats }.
errors-no-picture-format = Não consigo ler arquivos { $format }. Consigo ler { $formats }.
errors-no-picture-audio = Esse é um arquivo de som ({ $format }), e eu sonho imagens. Consigo ler { $formats }. /hellscape faz um vídeo com um som.
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
errors-film-too-long = Esse vídeo teria { $frames } quadros; sonho no máximo { $most }.
errors-seconds = Os segundos são um número acima de 0, como 8.
errors-zoom = O zoom vai de 0.8, para fora, a 1.25, para dentro; 1.03 é o normal.
errors-too-much = { $what ->
    [video] Esse vídeo
    [sound] Esse som
   *[other] Essa imagem
} foi demais para mim. Tente uma cópia menor.
errors-took-too-long = { $what ->
    [video] Esse vídeo
    [sound] Esse som
   *[other] Essa imagem
} demorou demais. Tente uma cópia menor ou mais simples.
errors-not-installed = A rede { $name } não está instalada aqui; escolha outra.
errors-no-layer-here = Em { $model } não existe camada chamada “{ $name }”, mas existe { $homes }. Você quis dizer essa ou { $names }?
errors-no-class-near = Entre as mil classes do ImageNet não há nenhuma chamada “{ $name }”; você quis dizer { $names }?
errors-class-could-be = “{ $name }” pode ser { $names }; diga com mais detalhes.
errors-too-many-classes = Dá para invocar no máximo { $most } classes juntas.
errors-only-suppressed = Diga ao menos uma classe para invocar, além das que devem ser suprimidas.
errors-class-weight = O peso de { $name } é um número de { $least } a { $most }, como em golden retriever*2.
errors-size-of-nothing = O tamanho é para o que sai do nada; uma imagem mantém o seu.
errors-layers-into-picture = Em uma imagem dá para invocar classes; para sonhar uma camada nela, use dream.
errors-summon-long = O que invocar se diz em no máximo { $most } caracteres.
errors-summon-size = Uma imagem invocada tem de { $least } a { $most } pixels de largura e de altura.
errors-too-long = São { $count } caracteres; leio no máximo { $most }.
errors-no-value = { $key } está sem valor. Tente `layer:mixed5 intensity:11`.
errors-bend-nowhere = { $name } não leva a lugar nenhum, então entortá-la não mudaria nada; entorte uma camada anterior.
errors-bend-nowhere-here = { $name } não leva a lugar nenhum, então entortá-la não mudaria nada; entorte uma camada anterior:
errors-bend-later = Entortar { $name } não muda nada em um sonho de { $other }, que vem antes; entorte mais acima, ou sonhe uma camada mais profunda.
errors-bend-at-expected = Aqui eu esperava @ e a camada a entortar, como { $example }:
errors-bend-expected = Aqui eu esperava uma distorção, como { $example }:
errors-no-bend = Não existe distorção chamada “{ $name }”; você quis dizer { $names }?
errors-no-bend-at-all = Não existe distorção chamada “{ $name }”; existem { $names }.
errors-layer-expected-such-as = Aqui eu esperava o nome de uma camada, como { $example }:
errors-amount-expected = Aqui eu esperava uma quantidade, como { $example }:
errors-bend-whole-amount = { $name } aceita um número inteiro, de { $least } a { $most } ({ $unit }); { $mild } é suave, { $wild } é selvagem:
errors-bend-amount = { $name } aceita de { $least } a { $most } ({ $unit }); { $mild } é suave, { $wild } é selvagem:
errors-bend-end-expected = Aqui eu esperava + e outra distorção, ou o fim:
errors-too-many-bends = Dá para misturar no máximo { $most } distorções:
errors-strongest = Dá para pedir de 1 a { $most } canais, os mais fortes:
errors-bracket-expected = Aqui eu esperava ]:
errors-comma-expected = Aqui eu esperava , ou ]:
errors-too-many-stations = Uma viagem tem no máximo { $most } estações:
errors-channel-expected = Aqui eu esperava o número de um canal:
errors-channel-range = Os canais desta camada são numerados de 0 a { $most }:
errors-too-many-channels = Dá para citar no máximo { $most } canais:
errors-size-odd = Um tamanho é um número de pixels como 512, ou dois como 640x360.
errors-hellscape-size = Uma hellscape tem de { $least } a { $most } pixels de largura e de altura.
errors-frames-or-seconds = Informe a duração do vídeo em quadros ou em segundos, não nos dois.
errors-hellscape-frames = Uma hellscape tem de 1 a { $most } quadros.
errors-fps = Um vídeo mostra de 1 a { $most } quadros por segundo.
errors-rotation = A rotação vai de -45 a 45 graus por quadro; 0.6 é o usual.
errors-drift = A deriva vai de -0.1 a 0.1 da imagem por quadro.
errors-start = Uma hellscape começa com fog, static ou picture.
errors-layer-long = Uma expressão de camadas tem no máximo { $most } caracteres.
errors-bend-long = Uma expressão de distorções tem no máximo { $most } caracteres.
errors-journey-long = Uma viagem tem no máximo { $most } caracteres.
errors-preset-long = O nome de um estilo tem no máximo 24 letras.
errors-model-long = O nome de uma rede tem no máximo 64 letras.
errors-closeness = A proximidade vai de 0, livre, a 1, onde nada pode mudar.
errors-octaves-above = Dá para sonhar no máximo { $most } oitavas acima do tamanho da imagem.
errors-tile = Os blocos têm de 128 a 4096 pixels de largura.
errors-cannot-use = Esse valor de { $name } não pode ser usado.
errors-recipe-object = Essa receita não é um objeto JSON.
errors-recipe-version = Essa receita é da versão { $version }; este dreambot lê { $known }.
errors-recipe-version-line = Essa receita é da versão { $version }; este dreambot lê até { $known }.
errors-recipe-not-followed = Não consigo seguir essa receita: { $problem }.
errors-recipe-word = Uma receita não tem um campo chamado “{ $name }”.
errors-recipe-film-word = A receita de um vídeo não tem um campo chamado “{ $name }”.
errors-recipe-pair = Em uma receita, { $name } são dois números com um x entre eles, não “{ $word }”.
errors-recipe-twice = Essa receita diz “{ $name }” duas vezes.
errors-recipe-journey = Uma viagem com > é para uma hellscape; essa receita não é.
errors-recipe-in-picture-long = A receita dessa imagem passa de 16 kB, então não é minha.
errors-no-frames = Esse vídeo não tem quadros.
errors-film-came-to-nothing = Não foi possível criar o vídeo: ele não tem quadros.
errors-film-file-small = Esse vídeo tem quadros demais para um arquivo tão pequeno. Peça menos quadros.
errors-picture-says = Essa imagem diz ter { $size } pixels, então está danificada. Salve-a de novo.
errors-picture-thin = Essa imagem é estreita demais ({ $size }). O lado longo pode ter { $most } vezes o curto.
errors-picture-unpack = Essa imagem é grande demais para descompactar. Tente uma cópia menor.
errors-animation-long = Essa animação tem mais de { $most } quadros. Envie uma mais curta.
errors-video-damaged = Esse vídeo está danificado: falta uma parte ou não faz sentido. Salve-o de novo.
errors-video-not-here = Isso é um vídeo, e o PyAV, que os lê, não está instalado aqui. Envie uma imagem ou um GIF.
errors-video-sound = Esse vídeo não tem imagem, só som. Envie um que mostre alguma coisa.
errors-no-sound = Não encontrei nesse arquivo nenhum som que eu consiga tocar. Tente um MP3, OGG, WAV, M4A ou MP4.
errors-sound-not-here = O som é lido pelo PyAV, que não está instalado aqui. Tire o som.
errors-sound-loop = Uma paisagem infernal com som não pode ser um laço. Tire uma das duas coisas.
errors-video-kind = Não consigo ler esse tipo de vídeo. H.264, VP9 e AV1 funcionam.
errors-mp4-not-here = Não consigo gravar MP4 aqui, porque o PyAV não está instalado. Peça webp ou gif.
errors-link-round = Esse link leva de uma página a outra e nunca a uma imagem. Envie-a em vez disso.
errors-link-packed = O servidor desse link compacta os arquivos de um jeito que não consigo ler. Envie a imagem.
errors-link-stopped = O servidor desse link parou no meio da imagem. Tente de novo.
errors-link-long = Esse link tem mais de { $most } caracteres. Envie a imagem.
errors-link-password = Não uso links com nome ou senha. Envie a imagem.
errors-link-port = Só busco nas portas web usuais, 80 e 443. Envie a imagem.
errors-link-not-discord = O Discord não guarda anexos em { $host }. Envie a imagem de novo.
errors-no-file = Não existe arquivo chamado “{ $name }”. Confira o nome e tente de novo.
errors-file-gone = Seu sonho ficou pronto, mas demorei tanto para conseguir entregar que não o tenho mais; peça de novo.
errors-disk-full = Meu disco está cheio no momento; tente de novo daqui a pouco.
errors-cannot-store = Não consigo guardar imagens no momento; tente de novo daqui a pouco.
errors-shutting-down = Estou desligando; peça de novo em um minuto.
errors-no-classes = Esses pesos de { $name } vieram sem classes; sonhe outra camada.
errors-class-range = Esses pesos de { $name } têm { $count } classes, numeradas de 0 a { $most }.
errors-mask-again = Esse sonho ficou dentro de uma máscara que não está aqui; me dê a máscara de novo.
errors-mask-black = Essa máscara é toda preta, então nada seria sonhado; pinte de branco onde o sonho deve ficar.
errors-something-too-much = Algo { $what ->
    [video] nesse vídeo
    [sound] nesse som
   *[other] nessa imagem
} foi demais para mim. Tente outra cópia.
errors-problem-model = não existe aqui uma rede chamada “{ $name }”; talvez precise de um dreambot mais novo
errors-problem-bands = todas as bandas do gradiente estão desligadas
errors-problem-journey-layers = uma viagem cita no máximo { $most } camadas
errors-problem-journey-channels = uma viagem cita no máximo { $most } canais
errors-problem-octave = ao menos uma oitava tem o tamanho do próprio sonho
errors-problem-both-films = uma receita é para uma hellscape ou para um vídeo que já existe, não para os dois
errors-sheet-format = Quatro estilos formam uma única imagem parada: deixe “format” de fora.
errors-problem-sheet = as quatro receitas de uma folha têm o mesmo { $name }
errors-problem-tiles = feedback e delay lembram a imagem inteira, então não combinam com blocos
errors-problem-layer = a rede { $model } não tem camada “{ $name }”
errors-problem-bend-layer = a rede { $model } não tem camada “{ $name }” para entortar
errors-problem-channels = { $name } só tem { $count } canais
errors-problem-strongest = { $name } usa os canais mais fortes ou os citados, não os dois
errors-problem-guide = um guia é seguido ponto a ponto, e disso as classes nada dizem
errors-problem-where = só de uma imagem parada dá para sonhar os rostos ou o que está em volta deles
errors-problem-spectrum-film = um sonho a partir de um espectro é uma imagem, não um vídeo
errors-problem-nothing = um sonho do nada não tem fonte para máscara, proximidade, cores ou luz
errors-problem-tone = só sonhos de uma imagem ou de um vídeo têm tom
errors-problem-text = só sonhos de uma imagem ou de um vídeo, ou do ruído, têm texto
errors-problem-statistics = statistics só funciona com classes de mobilenet_v2 criadas do nada
errors-problem-loop = um laço não pode ser mais longo que o vídeo
errors-problem-loudness = a curva de volume precisa de um caractere para cada quadro sonhado, e de nenhum laço
errors-problem-legs = dê um número para todas as etapas da viagem, ou um para cada uma
errors-problem-other-weights = other_weights deve citar cada outra rede das camadas, em ordem alfabética
errors-problem-weight = um peso é de ao menos { $least }
errors-problem-channel-twice = um canal foi citado duas vezes
errors-problem-named-or-strongest = os canais são citados ou escolhidos pela força, não os dois
errors-problem-at-most = { $field } é no máximo { $most }
errors-problem-at-least = { $field } é ao menos { $least }
errors-problem-below = { $field } é menor que { $most }
errors-problem-above = { $field } é maior que { $least }
errors-problem-missing = falta { $field }
errors-problem-unknown = não existe campo { $field }
errors-problem-one-of = { $field } é um destes: { $values }
errors-problem-value = { $field } tem um valor que não pode ser usado
errors-problem-bend-whole-amount = { $name } aceita um número inteiro, de { $least } a { $most } ({ $unit }); { $mild } é suave, { $wild } é selvagem
errors-problem-bend-amount = { $name } aceita de { $least } a { $most } ({ $unit }); { $mild } é suave, { $wild } é selvagem
# A sentence that an earlier version stored.
errors-verbatim = { $text }
errors-names-of = { $names }… ({ $count } no total)
errors-some-class = uma classe
errors-database-unreachable = Não consigo acessar meu banco de dados no momento; tente de novo daqui a um minuto.
