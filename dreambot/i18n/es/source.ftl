# Lo que se soñó, tal como lo dice la descripción de un sueño.
source-label-picture = la imagen { $name }
source-label-film = el vídeo { $name }
source-label-sound = el sonido { $name }
source-label-link = una imagen enlazada
source-label-sticker = el sticker { $name }
source-label-emoji = el emoji { $name }
source-label-avatar = un avatar
source-label-dream = un sueño mío

# Una imagen que hay que dejar en paz.
source-untouchable = Quien publicó esa imagen no quiere que otras personas sueñen sus imágenes. Elige otra, o una tuya.

# Un enlace de un canal con restricción de edad.
source-restricted = Esa imagen es de un canal con restricción de edad y se queda en esos canales. Elige otra.

# Un enlace a un mensaje en lugar de una imagen.
source-message-elsewhere = Ese enlace lleva a un mensaje de otro canal, y las imágenes se quedan en el suyo. Elige una de este canal, o súbela.
source-message-unseen = No puedo ver el mensaje al que lleva el enlace. Sube su imagen en su lugar.
source-message-bare = No hay ninguna imagen en el mensaje al que lleva el enlace. Elige otro.
