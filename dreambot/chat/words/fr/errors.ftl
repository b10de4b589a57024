errors-person-full = Tu as { $count ->
    [one] { $count } rêve en attente
   *[other] { $count } rêves en attente
}, et je n’en garde pas plus pour une personne ; attends qu’il y en ait un de prêt, ou annules-en un, puis redemande.
errors-server-full = Ce serveur a { $count ->
    [one] { $count } rêve en attente
   *[other] { $count } rêves en attente
}, et je n’en garde pas plus pour un serveur ; quand quelques-uns seront prêts, il y aura de nouveau de la place.
errors-all-full = J’ai déjà { $count } rêves en attente, c’est tout ce que je peux retenir ; redemande dans une minute ou deux.
errors-cannot-dream = Je ne peux pas rêver en ce moment : la partie de moi qui s’en charge ne démarre pas. Réessaie plus tard.
errors-too-slow = Ce rêve a pris plus de { $seconds } secondes, alors je l’ai arrêté ; une image plus petite ou moins d’intensité, c’est plus rapide.
errors-broke-down = Le rêve s’est effondré deux fois, alors j’ai abandonné ; une autre image ou une autre couche marchera peut-être.
errors-out-of-memory = Cette image demande plus de mémoire que je n’en ai ; une plus petite passera.
errors-restarted = J’ai été redémarré avant d’avoir vu ton image ; redemande.
errors-gave-up = Ce rêve a été commencé dix fois sans jamais aboutir, alors j’ai abandonné.
errors-broken = Quelque chose a mal tourné de mon côté, et la personne qui m’héberge peut lire quoi dans mon journal ; réessaie.
errors-no-promise = Je ne peux rien noter en ce moment, alors mieux vaut ne rien promettre ; réessaie dans une minute.
errors-no-layer = Il n’y a pas de couche « { $name } » ; tu voulais dire { $names } ?
errors-no-preset = Il n’y a pas de préréglage « { $name } » ; tu voulais dire { $names } ?
errors-no-preset-at-all = Il n’y a pas de préréglage « { $name } » ; il y a { $names }.
errors-no-model = Il n’y a pas de modèle « { $name } » ; il y a { $names }.
errors-no-class = Parmi les mille classes d’ImageNet, aucune ne s’appelle « { $name } » ; { $hint }
errors-many-kinds = Il y a ici beaucoup de sortes de « { $name } » ; laquelle ? { $names }.
errors-nothing-to-summon = Dis ce qu’il faut invoquer : une classe comme golden retriever, goldfish ou castle.
errors-intensity = L’intensité va de 1 à 11.
errors-chaos = Le chaos va de 1 à 11.
errors-seed = Une graine est un nombre entier de 0 à { $most }.
errors-chaos-or-bends = Le chaos tire lui-même les torsions ; donne des torsions ou du chaos, pas les deux.
errors-needs-picture = Un rêve a besoin d’une image à rêver.
errors-hellscape-needs-picture = Un paysage d’enfer qui part d’une image en a besoin d’une ; donne-moi aussi une image.
errors-recipe-needs-picture = Cette recette a besoin d’une image ; donne-m’en une aussi.
errors-recipe-mask = Cette recette a été faite avec un masque que je n’ai pas ; on ne peut pas la refaire.
errors-recipe-guide = Ce rêve était guidé par une deuxième image, qui n’est pas là ; redonne-la-moi aussi.
errors-recipe-damaged = La recette dans cette image est abîmée. Prends le fichier d’origine, pas une copie modifiée.
errors-too-thin = Cette image fait { $size } pixels, trop étroite pour être rêvée ; { $most } pour 1 au plus.
errors-too-big = Cette image est trop grande ({ $size }). Envoies-en une d’au plus { $most } mégapixels et { $side } pixels de côté.
errors-file-too-large = Ce fichier dépasse { $most } Mio. Essaie une copie plus petite.
errors-link-too-large = Ce fichier dépasse { $most } Mio. Essaie-en une copie plus petite.
errors-empty-file = Ce fichier est vide. Envoie-le à nouveau.
errors-no-picture-file = Ce fichier n’est pas une image que je sais lire. Je sais lire { $formats }.
errors-no-picture-format = Je ne sais pas lire les fichiers { $format }. Je sais lire { $formats }.
errors-no-picture-audio = C’est un fichier audio ({ $format }), et je rêve des images. Je sais lire { $formats }.
errors-no-picture-raw = C’est un fichier brut d’appareil photo ({ $format }), que je ne sais pas lire ; exporte-le en JPEG. Je sais lire { $formats }.
errors-no-picture-text = Ce fichier est du texte, pas une image. Je sais lire { $formats }.
errors-no-picture-page = Ce fichier est une page web, pas une image. Je sais lire { $formats }.
errors-cut-off = Il manque une trop grande partie de cette image : son fichier est tronqué ou abîmé. Envoie le fichier entier.
errors-invisible = Cette image est entièrement transparente, il n’y a rien à y rêver. Envoies-en une autre.
errors-picture-damaged = Cette image est abîmée : une partie manque ou n’a pas de sens. Enregistre-la à nouveau.
errors-link-page = Ce lien mène à une page web qui ne dit pas quelle image elle montre. Ouvre l’image seule et copie son adresse, ou envoie-la.
errors-link-answered = { $host } a répondu { $status } au lieu d’une image. Vérifie le lien, ou envoie l’image elle-même.
errors-link-expired = Discord n'a plus cette image, ou son lien a expiré. Envoie l'image de nouveau.
errors-link-slow = Ce lien a mis trop de temps à répondre. Réessaie, ou envoie l’image elle-même.
errors-link-failed = Ce lien n’a pas pu être récupéré. Vérifie-le, ou envoie l’image elle-même.
errors-link-odd = Ce n’est pas un lien que je comprends. Il devrait commencer par https://.
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
errors-film-too-long = Ce film aurait { $frames } images ; j’en rêve { $most } au plus.
errors-seconds = Les secondes sont un nombre supérieur à 0, comme 8.
errors-zoom = Le zoom va de 0.8, vers l’extérieur, à 1.25, vers l’intérieur ; 1.03 d’habitude.
errors-too-much = { $what ->
    [film] Ce film
   *[other] Cette image
} était trop pour moi. Essaie une copie plus petite.
errors-took-too-long = { $what ->
    [film] Ce film
   *[other] Cette image
} a pris trop de temps. Essaie une copie plus petite ou plus simple.
