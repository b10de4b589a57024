# Là où il n'y a pas d'image à rêver.
dreaming-no-picture = Je n'ai trouvé aucune image dans les 50 derniers messages ici. Joins-en une avec l'option `image`, ou appuie longuement sur un message qui en contient une et choisis Applications → { menu-dream-this }.
dreaming-no-picture-blind = Je ne peux pas lire ici les messages des autres : je ne vois que les images que tu me donnes. Joins-en une avec l'option `image`, ou appuie longuement sur un message qui en contient une et choisis Applications → { menu-dream-this }.
dreaming-no-picture-here = Il n'y a pas d'image dans ce message. Choisis-en un qui en contient une.
dreaming-no-picture-mention = Mentionne-moi en réponse à une image, ou avec une image jointe, et je la rêverai. Tu peux ajouter une couche et une intensité, par exemple `mixed5 11`.
dreaming-direct-help = Envoie-moi une image et je la rêve ; des mots comme `mixed4 9` ou `dogs` disent comment, et /help en montre plus.
dreaming-direct-no-picture = Je ne vois pas d’image dans nos 50 derniers messages. Envoie-m’en une, avec ces mots si tu veux.
dreaming-untouchable = Cette personne ne veut pas que d'autres rêvent son avatar. Choisis-en un autre, ou le tien.

# Des options qui ne vont pas ensemble.
dreaming-two-starts = Un rêve ne peut commencer que par une chose : retire l’image, ou l’autre début.
dreaming-out-of-nothing = Cette recette part de bruit et n'utilise pas d'image. Retire l'image.
dreaming-recipe-alone = Une recette contient déjà tout. Retire `{ $option }`, ou la recette.
dreaming-guide-again = Cette recette utilise une deuxième image, que je ne garde pas. Joins-la comme `guide`.
dreaming-guide-unused = Cette recette n'utilise pas de deuxième image. Retire le `guide`.
dreaming-text-unused = Les mots n’apparaissent que dans un rêve simple. Retire `text`, ou utilise `/dream`.

# Recettes.
dreaming-recipe = Colle ceci après `/dream recipe:` pour rêver une autre image de la même façon.
dreaming-no-recipe-text = Ce n'est pas une de mes recettes. `/recipe` t'en donne une à coller ; `layer:mixed5 intensity:11` marche aussi.
dreaming-no-dream-yet = Tu n'as encore rien rêvé. Essaie `/dream`.
dreaming-no-link = Ce n'est pas un lien vers un message. Appuie longuement sur le message, choisis Copier le lien du message, et colle-le ici.
dreaming-no-result-there = Il n'y a aucun de mes rêves dans ce message.
dreaming-no-recipe-in-file = Ce fichier ne contient aucune de mes recettes. Prends le fichier d'origine, pas une capture d'écran ni une copie retouchée.

# Le formulaire « Réglages du rêve… ».
dreaming-settings = Réglages du rêve
dreaming-layer = Couche : ce qui apparaît
dreaming-layer-usual = des chiens, comme d'habitude
dreaming-intensity = Intensité : à quelle profondeur
dreaming-intensity-usual = 6, au milieu
dreaming-notch = { $notch ->
    [1] 1 · à peine visible
    [6] 6 · au milieu
    [11] 11 · sans retour
   *[other] { $notch }
}
dreaming-preset = Préréglage : tout un style d'un coup
dreaming-preset-none = aucun
dreaming-bend = Tordre les circuits du réseau
dreaming-bend-none = pas du tout
dreaming-mild = au hasard, doucement
dreaming-middling = au hasard
dreaming-wild = au hasard, follement
dreaming-seed = Graine : un nombre qui répète un rêve
dreaming-seed-chance = au hasard
dreaming-seed-wrong = Une graine est un nombre entier comme 7, pas « { $seed } ».
dreaming-mix = Mélanger avec une deuxième image
dreaming-mix-picture = La deuxième image
dreaming-mix-take = Ce que le rêve prend de la deuxième image
dreaming-mix-shapes = formes : ce qu’on y voit
dreaming-mix-style = style : ses traits et ses couleurs

# Parcourir les couches.
dreaming-layers = Ce que rêve { $model }
dreaming-layers-pick = En regarder une…
dreaming-layers-dream = Rêver la dernière image avec elle
dreaming-layers-back = Retour
dreaming-layers-unknown = Cette page n'existe plus. Redemande `/layers`.
