# O que foi sonhado, como diz a descrição de um sonho.
source-label-picture = a imagem { $name }
source-label-film = o vídeo { $name }
source-label-sound = o som { $name }
source-label-link = uma imagem de um link
source-label-sticker = a figurinha { $name }
source-label-emoji = o emoji { $name }
source-label-avatar = um avatar
source-label-dream = um sonho meu

# Uma imagem que deve ser deixada em paz.
source-untouchable = Quem publicou essa imagem não quer que outras pessoas sonhem suas imagens. Escolha outra, ou uma sua.

# Um link de um canal com restrição de idade.
source-restricted = Essa imagem é de um canal com restrição de idade e fica nesses canais. Escolha outra.

# Um link para uma mensagem em vez de uma imagem.
source-message-elsewhere = Esse link leva a uma mensagem de outro canal, e as imagens ficam no delas. Escolha uma deste canal, ou envie o arquivo.
source-message-unseen = Não consigo ver a mensagem a que o link leva. Envie a imagem dela.
source-message-bare = Não há imagem na mensagem a que o link leva. Escolha outra.
