# O que foi sonhado, como diz a descrição de um sonho.
source-label-picture = a imagem { $name }
source-label-film = o vídeo { $name }
source-label-link = uma imagem de um link
source-label-sticker = a figurinha { $name }
source-label-emoji = o emoji { $name }

# Uma imagem que deve ser deixada em paz.
source-untouchable = Quem publicou essa imagem não quer que outras pessoas sonhem suas imagens. Escolha outra, ou uma sua.

# O que as páginas mostram.
source-page-silent = Esse link leva a uma página que não diz que imagem mostra. Abra só a imagem e copie o endereço dela, ou envie o arquivo.
source-page-of-a-page = Esse link leva a uma página, e o que ela mostra é só outra página. Abra só a imagem e copie o endereço dela, ou envie o arquivo.
