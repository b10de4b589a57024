# Le bouton sous un rêve, et la réponse.
gallery-share = Montrer dans la galerie
gallery-withdraw = Retirer de la galerie
gallery-without-picture = Cacher mon image
gallery-shared = C’est fait. Tout le monde peut maintenant voir ce rêve et sa recette dans la galerie sur le web, sans ton nom. « { gallery-withdraw } » l’enlève, et supprimer le rêve aussi.
gallery-shared-with-picture = L’image que tu as envoyée est montrée à côté. « { gallery-without-picture } » n’enlève que cette image.
gallery-picture-hidden = La galerie ne montre plus que le rêve.
gallery-withdrawn = Retiré. La galerie ne montre plus ce rêve.
gallery-not-there = Ce rêve n’était plus dans la galerie : il a été retiré parce que lui-même, son image ou ses données ont été supprimés, ou parce qu’il ne peut plus être montré.
gallery-off = Je n’ai pas de galerie.
gallery-not-yours = Seule la personne qui a demandé ce rêve peut le montrer dans la galerie, ou l’en retirer.
gallery-not-here = Ici, je ne saurais pas quand ce rêve est supprimé, il ne peut donc pas être montré. Fais-le rêver sur un serveur où je suis membre.
gallery-age-restricted = Les rêves des salons à accès limité par l’âge n’apparaissent jamais dans la galerie.
gallery-spoiler = Les rêves cachés derrière un spoiler n’apparaissent jamais dans la galerie.
gallery-explicit = Discord a signalé cette image comme explicite, et de telles images n’apparaissent jamais dans la galerie.
gallery-begins-with-picture = Ceci commence par l’image elle-même, que tu n’as pas envoyée ici, et ne peut donc pas être montré. Un rêve fixe le peut.
gallery-sound-of-others = On y entend un son que tu n’as pas envoyé ici, il ne peut donc pas être montré.
gallery-picture-gone = L’image ou le son dont ceci est fait a été supprimé, il ne peut donc pas être montré.
gallery-server-off = La modération de ce serveur ne veut pas de ses rêves dans la galerie.
gallery-full = La galerie est pleine pour l’instant. Les gens qui m’hébergent peuvent faire de la place.
gallery-too-many = Tu as { $most } rêves dans la galerie, et c’est le maximum. Retires-en un d’abord.
gallery-dashboard-link = Le tableau de bord, pendant { $hours } heures : { $link }
    Ne le transmets pas : quiconque a ce lien peut le voir.

# Sur la page de /privacy, s’il y a une galerie.
gallery-privacy = 🌐 Les rêves que tu as montrés dans la galerie sur le web : une copie de chacun, et de ton image si elle est montrée à côté. Jusqu’à ce que tu les retires ou les effaces.
gallery-privacy-never = -# Je ne garde ni noms ni messages. Ton image ne quitte son salon que si tu montres toi-même un rêve d’elle dans la galerie ; un rêve peut aussi aller dans le panthéon de son serveur.

# Les pages de la galerie.
gallery-title = Galerie des rêves
gallery-skip = Aller au contenu
gallery-nav = Rubriques
gallery-newest = Les plus récents
gallery-starred = Les plus étoilés
gallery-layers = Couches
gallery-presets = Presets
gallery-about = Ces rêves ont été montrés par les gens eux-mêmes, dans Discord. Ces pages n’utilisent pas de cookies, ne suivent personne et ne chargent rien d’ailleurs.
gallery-none = Personne n’a encore montré de rêve. Dans Discord, appuie sur « { results-more } » sous un de tes rêves, puis sur « { gallery-share } ».
gallery-pages = Pages
gallery-page = Page { $page } sur { $pages }
gallery-previous = Précédente
gallery-next = Suivante
gallery-moves = ▶ bouge
gallery-stars = { $count ->
    [one] { $count } étoile
   *[other] { $count } étoiles
}
gallery-before = Avant
gallery-before-alt = L’image dont vient le rêve
gallery-after = Le rêve
gallery-dream-alt = Rêve : { $look }
gallery-slider = Avant et après : déplace pour comparer
gallery-shared-on = Montré le { $date }
gallery-recipe = Rêve ceci sur ton serveur
gallery-recipe-how = Copie la commande dans un salon où se trouve dreambot.
gallery-recipe-picture = Joins une image.
gallery-command = Commande
gallery-recipe-full = La recette complète
gallery-recipe-text = Pour /recipe, et l’option recipe de /dream
gallery-copy = Copier
gallery-copied = Copié
gallery-ancestors = Vient de
gallery-descendants = Faits à partir de ce rêve
gallery-layers-of = Ce que rêvent les couches de { $model }
gallery-layers-text = Chaque image est la même photo d’un chat, rêvée avec une couche. Les couches profondes viennent après.
gallery-networks = Réseaux
gallery-presets-text = Chaque image est la même photo d’un chat, rêvée avec un preset.
gallery-error-not-found = Il n’y a rien ici
gallery-error-not-found-text = Le rêve a été retiré ou supprimé, ou l’adresse est fausse.
gallery-error-forbidden = Ce lien ne marche pas
gallery-error-forbidden-text = Il a expiré, ou il est incomplet. Les propriétaires du bot en obtiennent un nouveau avec /admin dashboard.
gallery-error-broken = Quelque chose s’est mal passé
gallery-error-broken-text = Cette page ne peut pas être montrée pour l’instant. Réessaie dans une minute.
gallery-error-link = Voir les rêves les plus récents
