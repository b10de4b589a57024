# Ce qui a été rêvé, tel que le dit la description d'un rêve.
source-label-picture = l'image { $name }
source-label-film = la vidéo { $name }
source-label-sound = le son { $name }
source-label-link = une image liée
source-label-sticker = l'autocollant { $name }
source-label-emoji = l'émoji { $name }
source-label-avatar = un avatar
source-label-dream = un de mes rêves

# Une image à laisser tranquille.
source-untouchable = La personne qui a publié cette image ne veut pas que d'autres rêvent ses images. Choisis-en une autre, ou l'une des tiennes.

# Un lien venant d'un salon soumis à une limite d'âge.
source-restricted = Cette image vient d'un salon soumis à une limite d'âge et reste dans ces salons. Choisis-en une autre.

# Un lien vers un message au lieu d'une image.
source-message-elsewhere = Ce lien mène à un message d'un autre salon, et les images restent dans le leur. Choisis-en une de ce salon, ou envoie-la.
source-message-unseen = Je ne vois pas le message auquel mène ce lien. Envoie plutôt son image.
source-message-bare = Il n'y a pas d'image dans le message auquel mène ce lien. Choisis-en un autre.
