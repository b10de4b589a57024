command-dream = Deixe uma rede neural sonhar uma imagem
option-dream-image = A imagem; sem ela, pego a sua mais recente daqui
option-dream-layer = Onde na rede: mixed4 são olhos, mixed5 cachorros; misture com +
option-dream-intensity = Quão fundo, de 1 a 11
option-dream-preset = Um visual inteiro de uma vez
option-dream-four = Quatro estilos diferentes de uma vez, pequenos, para escolher
option-dream-palette = As cores do que é acrescentado
choice-natural-the-colours-of-nature = natural: as cores da natureza
choice-source-the-picture-s-own-colours = source: as cores da própria imagem
choice-acid-neon-as-the-network-wants-it = acid: neon, como a rede quer
option-dream-source = Com o que ele começa; com a imagem, se você não escolher ruído
choice-noise-no-picture-pure-imagination = noise: sem imagem, pura imaginação
option-dream-text = Palavras que aparecem no sonho; sem imagem, saem da escuridão
option-dream-guide = Uma segunda imagem, de que o sonho pega as formas ou o estilo
option-dream-guide-as = O que o sonho pega da segunda imagem
option-dream-where = O que é sonhado da imagem: os rostos, tudo menos os rostos, ou tudo
option-dream-bend = Entorte os circuitos da rede: random, ou algo como swap@mixed1=0.3
option-dream-format = O que sai; gif e mp4 mostram uma imagem parada virando o sonho
choice-gif-moves-by-itself-in-a-loop = gif: move-se sozinho, em loop
choice-mp4-a-video-smaller-and-sharper = mp4: um vídeo, menor e mais nítido
choice-png-a-still-picture-even-of-a-video = png: uma imagem parada, mesmo de um vídeo
option-dream-url = Um link para uma imagem
option-dream-model = Outra rede
option-dream-recipe = Uma receita a seguir: cole aqui
option-dream-seed = Um número que repete um sonho exatamente
option-dream-private = Só você vê o sonho
option-dream-spoiler = Esconda o sonho atrás de um clique

command-hellscape = Um vídeo que cai nos pesadelos da rede
option-hellscape-start = Com o que começa; névoa, se você não anexar imagem
choice-fog-out-of-nothing = névoa: do nada
choice-static-out-of-a-dead-channel = estática: de um canal fora do ar
choice-picture-the-one-you-attach-or-the-newest-here = imagem: a que você anexar, ou a mais recente daqui
choice-shapes-what-is-seen-in-it = formas: o que se vê nela
choice-style-its-strokes-and-colours = estilo: seus traços e cores
choice-faces-only-the-faces = rostos: só os rostos
choice-background-all-but-the-faces = fundo: tudo menos os rostos
choice-everywhere-the-whole-picture = em toda parte: a imagem inteira
option-hellscape-image = Uma imagem para começar
option-hellscape-sound = Um áudio ou vídeo cujo som a conduz e se ouve nela
option-hellscape-preset = Um percurso inteiro de uma vez
option-hellscape-layer = Uma viagem pelas camadas, como mixed3 > mixed5
option-hellscape-seconds = Quanto dura o vídeo
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = Quão rápido cai: 1.03 é o normal, abaixo de 1 recua
option-hellscape-loop = Se o fim leva de volta ao começo
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = Que tipo de arquivo é
option-hellscape-url = Um link para uma imagem para começar
option-hellscape-model = { option-dream-model }
option-hellscape-seed = Um número que repete um vídeo exatamente
option-hellscape-private = Só você vê o vídeo

command-bend = Gire os botões da rede ao acaso e sonhe através dela
option-bend-image = { option-dream-image }
option-bend-chaos = Quanto os botões são girados, de 1 a 11
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = Um número que traz as mesmas dobras de novo
option-bend-private = { option-dream-private }

command-summon = Chame uma coisa para fora da rede, ou para dentro de uma imagem
option-summon-what = O que invocar, como jellyfish; várias coisas com +
option-summon-image = Uma imagem onde invocar; sem ela, vem do nada
option-summon-intensity = Com quanta insistência, de 1 a 11
option-summon-format = O que sai; gif e mp4 mostram como aparece
option-summon-url = Um link para uma imagem onde invocar
option-summon-seed = Um número que repete uma invocação exatamente
option-summon-private = Só você vê o que vem

command-again = Seu último sonho de novo, em outra imagem
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = A segunda imagem, se o seu último sonho tinha uma
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = Do que um sonho foi feito, pronto para colar
option-recipe-link = Um link para uma mensagem com um sonho meu; sem ele, seu último sonho
option-recipe-file = Uma imagem ou um vídeo meu

command-look = Visuais com nome próprio
command-look-save = Dê um nome ao visual de um sonho para usá-lo como estilo
option-look-save-name = O nome, com no máximo 24 caracteres
option-look-save-link = Um link para uma mensagem com um sonho meu; sem ele, seu sonho mais novo aqui
option-look-save-recipe = Uma receita, no lugar de um sonho
option-look-save-server = Salvar para todos neste servidor, como moderação
command-look-list = Os visuais salvos que você pode usar aqui
command-look-delete = Apague um visual salvo
option-look-delete-name = O nome
option-look-delete-server = Apagar um visual do servidor, como moderação
command-look-default = Como sonhar quando ninguém diz um visual
option-look-default-name = Um estilo ou um visual salvo; sem ele, não há mais padrão
option-look-default-channel = Para todos neste canal, como moderação

command-layers = Veja o que cada camada sonha e escolha uma
option-layers-model = { option-dream-model }

command-autodream = Sonhe as imagens postadas neste canal
command-autodream-on = Sonhe as imagens postadas aqui
option-autodream-on-percent = Quantas de cada cem imagens; todas, se deixar vazio
command-autodream-off = Deixe em paz as imagens postadas aqui
command-autodream-settings = Quando, com que frequência e em que as imagens se transformam

command-settings = O que posso fazer neste servidor, e onde

command-block = Alguém não poderá mais me usar neste servidor
option-block-person = Quem

command-unblock = Alguém poderá me usar de novo; ou veja quem não pode
option-unblock-person = Quem; deixe vazio para ver quem está bloqueado

command-forget = Remova um sonho, ou todos os de alguém, para sempre
option-forget-dream = Um link para a mensagem do sonho, ou o ID dela
option-forget-person = Os sonhos de quem

command-queue = O que espera e roda aqui, e quanto vai demorar

command-history = O que você sonhou aqui, e de onde veio cada sonho

command-help = Veja o que fazer, em três imagens

command-about = Versão, redes e quem as fez

command-privacy = Veja, salve ou apague o que guardo sobre você

command-stats = Quanto se sonhou aqui, e com o quê

menu-dream-this = Sonhar isto
menu-dream-settings = Ajustes do sonho…
menu-hellscape-this = Transformar em inferno
menu-bend-this = Entortar isto
menu-mix-with = Misturar com…
menu-dream-avatar = Sonhar o avatar

command-admin = Cuide do bot
command-admin-sync = Publique os comandos agora
command-admin-drain = Não aceite nada novo e termine o que começou
option-admin-drain-seconds = Quanto podem levar os sonhos já começados; o resto continua após reiniciar
command-admin-devices = Em que o bot sonha, e como vai
command-admin-models = Que redes há aqui
command-admin-stats = O que há para fazer, e o que foi feito
command-admin-dashboard = Um link para uma página com a fila, os dispositivos e as falhas
command-admin-block-server = Recuse todo pedido de um servidor
option-admin-block-server-server = O ID do servidor, ou o nome dele na lista
command-admin-unblock-server = Volte a aceitar pedidos de um servidor
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = Recuse todo pedido de uma pessoa, em todo lugar
option-admin-block-person-person = Quem; basta um ID
command-admin-unblock-person = Volte a aceitar pedidos de uma pessoa
option-admin-unblock-person-person = { option-admin-block-person-person }
