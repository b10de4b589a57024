errors-person-full = { $count ->
    [one] Tu as déjà un rêve dans la file, c’est la limite pour une personne. Attends qu’il soit prêt, ou annule-le, puis réessaie.
   *[other] Tu as déjà { $count } rêves dans la file, c’est la limite pour une personne. Attends qu’il y en ait un de prêt, ou annules-en un, puis réessaie.
}
errors-server-full = { $count ->
    [one] Ce serveur a déjà un rêve dans la file, c’est la limite. Réessaie quand il sera prêt.
   *[other] Ce serveur a déjà { $count } rêves dans la file, c’est la limite. Réessaie quand quelques-uns seront prêts.
}
errors-all-full = { $count ->
    [one] Ma file contient déjà un rêve, c’est la limite. Réessaie dans une minute ou deux.
   *[other] Ma file contient déjà { $count } rêves, c’est la limite. Réessaie dans une minute ou deux.
}
errors-cannot-dream = Je ne peux pas rêver en ce moment, car mon processus de calcul ne démarre pas. Réessaie plus tard.
errors-too-slow = Ce rêve a pris plus de { $seconds } secondes, alors je l’ai arrêté. Avec une image plus petite ou moins d’intensité, c’est plus rapide.
errors-broke-down = Le rêve a planté deux fois, alors j’ai abandonné. Une autre image ou une autre couche marchera peut-être.
errors-out-of-memory = Cette image demande plus de mémoire que je n’en ai. Essaie une image plus petite.
errors-restarted = J’ai été redémarré avant d’avoir chargé ton image. Réessaie.
errors-gave-up = J’ai commencé ce rêve dix fois sans jamais le finir, alors j’ai abandonné.
errors-broken = Quelque chose a mal tourné de mon côté ; les détails sont dans mon journal. Réessaie.
errors-no-promise = Je ne peux rien enregistrer en ce moment, je n’ai donc pas commencé ton rêve. Réessaie dans une minute.
# $number: of a picture in an album; $name: its file's name; $note: a sentence about it.
errors-album-picture = Image { $number } ({ $name }) : { $note }
errors-album-gone = Elle a été supprimée.
errors-album-limit = { $count ->
    [one] Pour l’instant, tu n’as droit qu’à une image de plus ici ; celle-ci a donc été laissée de côté.
   *[other] Pour l’instant, tu n’as droit qu’à { $count } images de plus ici ; celle-ci a donc été laissée de côté.
}
errors-no-layer = Il n’y a pas de couche « { $name } » ; tu voulais dire { $names } ?
errors-no-preset = Il n’y a pas de préréglage « { $name } » ; tu voulais dire { $names } ?
errors-no-preset-at-all = Il n’y a pas de préréglage « { $name } » ; il y a { $names }.
errors-look-guide = Ce rêve a pris ses formes d’une deuxième image, et un look ne peut pas la garder.
errors-look-sheet = Choisis d’abord l’une des quatre : seul un rêve unique a un style.
errors-look-summon = Cela a été invoqué à partir de rien ; un look demande le rêve d’une image.
errors-no-model = Il n’y a pas de réseau appelé « { $name } » ; il y a { $names }.
errors-no-class = Parmi les mille classes d’ImageNet, aucune ne s’appelle « { $name } » ; essaie golden retriever, jellyfish ou castle.
errors-many-kinds = Il y a plusieurs sortes de « { $name } ». Laquelle : { $names } ?
errors-nothing-to-summon = Dis ce qu’il faut invoquer : une classe comme golden retriever, goldfish ou castle.
errors-intensity = L’intensité va de 1 à 11.
errors-chaos = Le chaos va de 1 à 11.
errors-palette = Cette palette n'existe pas ; choisis { $names }.
errors-source = Un rêve commence par { $names }.
errors-format = Ce format n’existe pas ; choisis { $names }.
errors-words-long = Un texte a { $most } caractères au plus, et celui-ci en a { $count }. Raccourcis-le.
errors-words-mention = Je ne peux pas écrire de mentions, d’émojis personnalisés ni d’heures. Écris le nom en lettres simples.
errors-words-empty = Ce texte n’a pas de caractères visibles. Écris quelques mots.
errors-words-characters = Je ne peux pas écrire { $characters }. Lettres, chiffres et ponctuation conviennent, mais pas les émojis.
errors-seed = Une graine est un nombre entier de 0 à { $most }.
errors-chaos-or-bends = Le chaos choisit les torsions au hasard. Donne des torsions ou du chaos, pas les deux.
errors-needs-picture = Un rêve a besoin d’une image.
errors-hellscape-needs-picture = Un paysage d’enfer qui part d’une image en a besoin d’une. Ajoute une image.
errors-recipe-needs-picture = Cette recette a besoin d’une image. Ajoutes-en une.
errors-recipe-mask = Cette recette a été faite avec un masque que je n’ai pas ; on ne peut pas la refaire.
errors-recipe-guide = Ce rêve était guidé par une deuxième image, qui manque. Ajoute-la à nouveau.
errors-guide-as = D’une deuxième image, on prend { $names }.
errors-guide-as-alone = `guide_as` dit ce que le rêve prend d’une deuxième image, mais il n’y en a pas. Joins-la comme `guide`.
errors-style-preset = Un rêve dans le style d’une deuxième image en prend l’apparence. Retire `preset`, ou prends les formes de l’image.
errors-where = D’une image, on rêve { $names }.
errors-no-face = Je n’ai trouvé aucun visage dans cette image. Retire `where`, ou choisis une image où un visage est plus grand.
errors-recipe-damaged = La recette dans cette image est abîmée. Prends le fichier d’origine, pas une copie modifiée.
errors-too-thin = Cette image fait { $size } pixels, trop étroite pour être rêvée ; { $most } pour 1 au plus.
errors-too-big = Cette image est trop grande ({ $size }). Envoies-en une d’au plus { $most } mégapixels et { $side } pixels de côté.
errors-file-too-large = Ce fichier dépasse { $most } Mio. Essaie une copie plus petite.
errors-link-too-large = Ce fichier dépasse { $most } Mio. Essaie-en une copie plus petite.
errors-empty-file = Ce fichier est vide. Envoie-le à nouveau.
errors-no-picture-file = Ce fichier n’est pas une image que je sais lire. Je sais lire { $formats }.
errors-no-picture-format = Je ne sais pas lire les fichiers { $format }. Je sais lire { $formats }.
errors-no-picture-audio = C’est un fichier audio ({ $format }), et je rêve des images. Je sais lire { $formats }. /hellscape fait une vidéo sur un son.
errors-no-picture-raw = C’est un fichier brut d’appareil photo ({ $format }), que je ne sais pas lire ; exporte-le en JPEG. Je sais lire { $formats }.
errors-no-picture-text = Ce fichier est du texte, pas une image. Je sais lire { $formats }.
errors-no-picture-page = Ce fichier est une page web, pas une image. Je sais lire { $formats }.
errors-cut-off = Il manque une trop grande partie de cette image : son fichier est tronqué ou abîmé. Envoie le fichier entier.
errors-invisible = Cette image est entièrement transparente, il n’y a donc rien à rêver. Envoies-en une autre.
errors-picture-damaged = Cette image est abîmée : une partie manque ou n’a pas de sens. Enregistre-la à nouveau.
errors-link-page = Ce lien mène à une page web qui ne dit pas quelle image elle montre. Ouvre l’image seule et copie son adresse, ou envoie-la.
errors-link-answered = { $host } a répondu { $status } au lieu d’une image. Vérifie le lien, ou envoie l’image elle-même.
errors-link-expired = Discord n'a plus cette image, ou son lien a expiré. Envoie l'image de nouveau.
errors-link-slow = Ce lien a mis trop de temps à répondre. Réessaie, ou envoie l’image elle-même.
errors-link-failed = Ce lien n’a pas pu être récupéré. Vérifie-le, ou envoie l’image elle-même.
errors-link-odd = Je ne comprends pas ce lien. Il devrait commencer par https://.
errors-link-scheme = Je ne peux récupérer que des liens qui commencent par http:// ou https://.
errors-link-private = Ce lien ne mène pas à une adresse web publique. Envoie plutôt l’image.
errors-recipe-work = Cette recette demande { $work } milliards d’opérations ; pour un rêve de cette taille et de cette durée, c’est { $most } au plus. Réduis ses pas (steps) ou ses octaves.
errors-recipe-steps = Cette recette demande { $steps } pas en tout ; pour un rêve de cette durée, c’est { $most } au plus. Réduis ses pas (steps) ou ses octaves.
errors-recipe-loop = La boucle de cette recette prend { $frames } images pour revenir à la première ; c’est { $most } au plus.
errors-two-values = Tu as donné deux valeurs pour { $key } : « { $first } » et « { $second } ».
errors-unknown-word = Je ne connais pas « { $word } » ; tu voulais dire { $names } ? Essaie `layer:mixed5 intensity:11`.
errors-whole-number = { $key } est un nombre entier, pas « { $word } ».
errors-layer-expected = Ici, j’attendais le nom d’une couche, comme mixed5 :
errors-end-expected = Ici, j’attendais + et une autre couche, ou la fin :
errors-journey-end-expected = Ici, j’attendais + et une autre couche, > et l’étape suivante, ou la fin :
errors-no-journey-here = Un voyage avec > est fait pour /hellscape ; une image ne prend qu’une somme de couches :
errors-weight-expected = Ici, j’attendais un poids de { $least } à 10, comme 0.5 :
errors-too-many-layers = On peut mélanger { $most } couches au plus :
errors-no-recipe = Ce n’est pas une recette ; une recette ressemble à { $example }.
errors-recipe-json = Cette recette n’est pas du JSON lisible.
errors-recipe-long = Cette recette dépasse { $most } ko.
errors-recipe-pixels = Cette recette est rêvée jusqu’à { $size } mégapixels ; ici, c’est { $most } au plus. Réduis sa taille ou ses octaves supplémentaires (above).
errors-film-too-long = Cette vidéo aurait { $frames } images ; j’en rêve { $most } au plus.
errors-seconds = Les secondes sont un nombre supérieur à 0, comme 8.
errors-zoom = Le zoom va de 0.8, vers l’extérieur, à 1.25, vers l’intérieur ; 1.03 d’habitude.
errors-too-much = Je n’ai pas pu traiter { $what ->
    [video] cette vidéo
    [sound] ce son
   *[other] cette image
}. Essaie une copie plus petite.
errors-took-too-long = Le traitement de { $what ->
    [video] cette vidéo
    [sound] ce son
   *[other] cette image
} a pris trop de temps. Essaie une copie plus petite ou plus simple.
errors-not-installed = Le réseau { $name } n’est pas installé ici ; choisis-en un autre.
errors-no-layer-here = Il n’y a pas de couche « { $name } » dans { $model }, mais il existe { $homes }. Tu voulais dire celle-ci ou { $names } ?
errors-no-class-near = Parmi les mille classes d’ImageNet, aucune ne s’appelle « { $name } » ; tu voulais dire { $names } ?
errors-class-could-be = « { $name } » peut être { $names } ; précise.
errors-too-many-classes = On peut invoquer { $most } classes ensemble au plus.
errors-only-suppressed = Nomme au moins une classe à invoquer, en plus de celles à réprimer.
errors-class-weight = Le poids de { $name } est un nombre de { $least } à { $most }, comme dans golden retriever*2.
errors-size-of-nothing = Une taille ne vaut que pour les images faites de bruit ; une image existante garde la sienne.
errors-layers-into-picture = On ne peut invoquer que des classes dans une image. Pour y rêver une couche, utilise dream.
errors-summon-long = Ce qu’il faut invoquer peut avoir { $most } caractères au plus.
errors-summon-size = Une image invoquée a { $least } à { $most } pixels de large et de haut.
errors-too-long = Cela fait { $count } caractères ; la limite est de { $most }.
errors-no-value = { $key } n’a pas de valeur. Essaie `layer:mixed5 intensity:11`.
errors-bend-nowhere = Aucune couche ne vient après { $name }, une torsion n’y change donc rien. Tords une couche précédente.
errors-bend-nowhere-here = Aucune couche ne vient après { $name }, une torsion n’y change donc rien. Tords une couche précédente :
errors-bend-later = Une torsion en { $name } ne change rien à un rêve de { $other }, qui vient avant. Tords une couche précédente, ou rêve une couche plus profonde.
errors-bend-at-expected = Ici, j’attendais @ et la couche à tordre, comme { $example } :
errors-bend-expected = Ici, j’attendais une torsion, comme { $example } :
errors-no-bend = Il n’y a pas de torsion « { $name } » ; tu voulais dire { $names } ?
errors-no-bend-at-all = Il n’y a pas de torsion « { $name } » ; il y a { $names }.
errors-layer-expected-such-as = Ici, j’attendais le nom d’une couche, comme { $example } :
errors-amount-expected = Ici, j’attendais une quantité, comme { $example } :
errors-bend-whole-amount = { $name } prend un nombre entier, de { $least } à { $most } ({ $unit }) ; { $mild } est doux, { $wild } est sauvage :
errors-bend-amount = { $name } prend de { $least } à { $most } ({ $unit }) ; { $mild } est doux, { $wild } est sauvage :
errors-bend-end-expected = Ici, j’attendais + et une autre torsion, ou la fin :
errors-too-many-bends = On peut mélanger { $most } torsions au plus :
errors-strongest = On peut demander les 1 à { $most } canaux les plus forts :
errors-bracket-expected = Ici, j’attendais ] :
errors-comma-expected = Ici, j’attendais , ou ] :
errors-too-many-stations = Un voyage a { $most } étapes au plus :
errors-channel-expected = Ici, j’attendais le numéro d’un canal :
errors-channel-range = Les canaux de cette couche sont numérotés de 0 à { $most } :
errors-too-many-channels = On peut nommer { $most } canaux au plus :
errors-size-odd = Une taille est un nombre de pixels comme 512, ou deux comme 640x360.
errors-hellscape-size = Une hellscape a { $least } à { $most } pixels de large et de haut.
errors-frames-or-seconds = Donne la durée de la vidéo en images ou en secondes, pas les deux.
errors-hellscape-frames = Une hellscape a 1 à { $most } images.
errors-fps = Une vidéo montre 1 à { $most } images par seconde.
errors-rotation = La rotation va de -45 à 45 degrés par image ; 0.6 est habituel.
errors-drift = La dérive va de -0.1 à 0.1 de l’image par image.
errors-start = Une hellscape commence par fog, static ou picture.
errors-layer-long = Une expression de couches a { $most } caractères au plus.
errors-bend-long = Une expression de torsions a { $most } caractères au plus.
errors-journey-long = Un voyage a { $most } caractères au plus.
errors-preset-long = Le nom d’un préréglage a 24 lettres au plus.
errors-model-long = Le nom d’un réseau a 64 lettres au plus.
errors-closeness = La proximité va de 0, libre, à 1, où rien ne peut changer.
errors-octaves-above = On peut rêver { $most } octaves au-dessus de la taille de l’image au plus.
errors-tile = Les tuiles ont 128 à 4096 pixels de large.
errors-cannot-use = Cette valeur de { $name } n’est pas utilisable.
errors-recipe-object = Cette recette n’est pas un objet JSON.
errors-recipe-version = Cette recette est de version { $version } ; ce dreambot lit { $known }.
errors-recipe-version-line = Cette recette est de version { $version } ; ce dreambot lit jusqu’à { $known }.
errors-recipe-not-followed = Je ne peux pas suivre cette recette : { $problem }.
errors-recipe-word = Une recette n’a pas de champ appelé « { $name } ».
errors-recipe-film-word = La recette d’une vidéo n’a pas de champ appelé « { $name } ».
errors-recipe-pair = Dans une recette, { $name } est deux nombres avec un x entre eux, pas « { $word } ».
errors-recipe-twice = Cette recette dit deux fois « { $name } ».
errors-recipe-journey = Un voyage avec > est pour une hellscape ; cette recette n’en est pas une.
errors-recipe-in-picture-long = La recette dans cette image dépasse 16 ko, elle n’est donc pas de moi.
errors-no-frames = Cette vidéo n’a pas d’images.
errors-film-came-to-nothing = La vidéo n’a pas pu être créée : elle n’a pas d’images.
errors-film-file-small = Cette vidéo a trop d’images pour un fichier si petit. Demandes-en moins.
errors-picture-says = Cette image dit avoir { $size } pixels, elle est donc abîmée. Enregistre-la de nouveau.
errors-picture-thin = Cette image est trop mince ({ $size }). Son grand côté peut faire { $most } fois le petit.
errors-picture-unpack = Cette image est trop grande à décompresser. Essaie une copie plus petite.
errors-animation-long = Cette animation a plus de { $most } images. Envoie-en une plus courte.
errors-video-damaged = Cette vidéo est abîmée : une partie manque ou n’a pas de sens. Enregistre-la de nouveau.
errors-video-not-here = C’est une vidéo, et PyAV, qui les lit, n’est pas installé ici. Envoie une image ou un GIF.
errors-video-sound = Cette vidéo n’a pas d’image, seulement du son. Envoies-en une qui montre quelque chose.
errors-no-sound = Je n’ai trouvé dans ce fichier aucun son que je puisse lire. Essaie un MP3, OGG, WAV, M4A ou MP4.
errors-sound-not-here = Le son est lu par PyAV, qui n’est pas installé ici. Retire le son.
errors-sound-loop = Un paysage d’enfer sur un son ne peut pas être une boucle. Retire l’un des deux.
errors-video-kind = Je ne sais pas lire ce type de vidéo. H.264, VP9 et AV1 marchent.
errors-mp4-not-here = Je ne peux pas écrire de MP4 ici, car PyAV n’est pas installé. Demande webp ou gif.
errors-link-round = Ce lien mène d’une page à l’autre et jamais à une image. Envoie-la plutôt.
errors-link-packed = Le serveur de ce lien compresse ses fichiers d’une façon que je ne sais pas lire. Envoie plutôt l’image.
errors-link-stopped = Le serveur de ce lien s’est arrêté au milieu de l’image. Réessaie.
errors-link-long = Ce lien dépasse { $most } caractères. Envoie plutôt l’image.
errors-link-password = Je n’utilise pas de liens avec un nom ou un mot de passe. Envoie plutôt l’image.
errors-link-port = Je ne récupère que sur les ports web habituels, 80 et 443. Envoie plutôt l’image.
errors-link-not-discord = Discord ne garde pas de pièces jointes sur { $host }. Envoie de nouveau l’image.
errors-no-file = Il n’y a pas de fichier « { $name } ». Vérifie le nom et réessaie.
errors-file-gone = Ton rêve était prêt, mais je n’ai pas pu le livrer pendant si longtemps que je l’ai supprimé. Redemande-le.
errors-disk-full = Mon disque est plein en ce moment. Réessaie plus tard.
errors-cannot-store = Je ne peux pas enregistrer d’images en ce moment. Réessaie plus tard.
errors-shutting-down = Je m’arrête ; redemande dans une minute.
errors-no-classes = Ces poids de { $name } n’ont pas de classes ; rêve une autre couche.
errors-class-range = Ces poids de { $name } ont { $count } classes, numérotées de 0 à { $most }.
errors-mask-again = Ce rêve avait un masque, qui manque. Ajoute-le à nouveau.
errors-mask-black = Ce masque est tout noir, rien ne serait donc rêvé. Peins en blanc la partie à rêver.
errors-something-too-much = Je n’ai pas pu traiter { $what ->
    [video] cette vidéo
    [sound] ce son
   *[other] cette image
}. Essaie une autre copie.
errors-problem-model = il n’y a pas ici de réseau appelé « { $name } » ; il faut peut-être un dreambot plus récent
errors-problem-bands = toutes les bandes du gradient sont désactivées
errors-problem-journey-layers = un voyage nomme { $most } couches au plus
errors-problem-journey-channels = un voyage nomme { $most } canaux au plus
errors-problem-octave = une octave au moins doit avoir la taille du rêve lui-même
errors-problem-both-films = une recette est pour une hellscape ou pour une vidéo existante, pas les deux
errors-sheet-format = Quatre styles forment une seule image fixe : laisse « format » de côté.
errors-problem-sheet = les quatre recettes d’une planche ont le même { $name }
errors-problem-tiles = feedback et delay ont besoin de l’image entière, ils ne vont donc pas avec des tuiles
errors-problem-layer = le réseau { $model } n’a pas de couche « { $name } »
errors-problem-bend-layer = le réseau { $model } n’a pas de couche « { $name } » à tordre
errors-problem-channels = { $name } n’a que { $count } canaux
errors-problem-strongest = { $name } prend ses canaux les plus forts ou des canaux nommés, pas les deux
errors-problem-guide = un guide est comparé position par position, et les classes n’ont pas de positions
errors-problem-where = on ne peut rêver les visages, ou ce qui les entoure, que d’une image fixe
errors-problem-spectrum-film = un rêve tiré d’un spectre est une image, pas une vidéo
errors-problem-nothing = un rêve fait de bruit n’a pas d’image source pour un masque, la proximité, les couleurs ou la lumière
errors-problem-tone = seuls les rêves d’une image ou d’une vidéo ont une teinte
errors-problem-text = seuls les rêves d’une image ou d’une vidéo, ou faits de bruit, ont un texte
errors-problem-statistics = statistics ne fonctionne qu’avec des classes de mobilenet_v2 faites de bruit
errors-problem-loop = une boucle ne peut pas être plus longue que la vidéo
errors-problem-loudness = la courbe de volume demande un caractère par image rêvée, et pas de boucle
errors-problem-legs = donne un nombre pour toutes les étapes du voyage, ou un pour chacune
errors-problem-other-weights = other_weights doit nommer chaque autre réseau des couches, par ordre alphabétique
errors-problem-weight = un poids est d’au moins { $least }
errors-problem-channel-twice = un canal est nommé deux fois
errors-problem-named-or-strongest = les canaux sont nommés ou choisis par leur force, pas les deux
errors-problem-at-most = { $field } est au plus { $most }
errors-problem-at-least = { $field } est au moins { $least }
errors-problem-below = { $field } est inférieur à { $most }
errors-problem-above = { $field } est supérieur à { $least }
errors-problem-missing = { $field } manque
errors-problem-unknown = il n’y a pas de champ { $field }
errors-problem-one-of = { $field } est l’un de { $values }
errors-problem-value = { $field } a une valeur inutilisable
errors-problem-bend-whole-amount = { $name } prend un nombre entier, de { $least } à { $most } ({ $unit }) ; { $mild } est doux, { $wild } est sauvage
errors-problem-bend-amount = { $name } prend de { $least } à { $most } ({ $unit }) ; { $mild } est doux, { $wild } est sauvage
# A sentence that an earlier version stored.
errors-verbatim = { $text }
errors-names-of = { $names }… ({ $count } en tout)
errors-some-class = la classe
errors-database-unreachable = Je n’arrive pas à joindre ma base de données pour le moment ; réessaie dans une minute.
