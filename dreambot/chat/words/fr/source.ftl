# Ce qui a été rêvé, tel que le dit la description d'un rêve.
source-label-picture = l'image { $name }
source-label-film = la vidéo { $name }
source-label-link = une image liée
source-label-sticker = l'autocollant { $name }
source-label-emoji = l'émoji { $name }

# Une image à laisser tranquille.
source-untouchable = La personne qui a publié cette image ne veut pas que d'autres rêvent ses images. Choisis-en une autre, ou l'une des tiennes.

# Un lien venant d'un salon soumis à une limite d'âge.
source-restricted = Cette image vient d'un salon soumis à une limite d'âge et reste dans ces salons. Choisis-en une autre.
