command-dream = Laisse un réseau de neurones rêver une image
option-dream-image = L’image ; sans elle, je prends ta plus récente ici
option-dream-layer = Où dans le réseau : mixed4, des yeux, mixed5, des chiens ; mélange avec +
option-dream-intensity = À quelle profondeur, de 1 à 11
option-dream-preset = Tout un style d’un coup
option-dream-four = Quatre styles différents à la fois, en petit, au choix
option-dream-palette = Les couleurs de ce qui s'ajoute
choice-natural-the-colours-of-nature = natural : les couleurs de la nature
choice-source-the-picture-s-own-colours = source : les couleurs de l'image
choice-acid-neon-as-the-network-wants-it = acid : néon, comme le réseau le veut
option-dream-source = Par quoi il commence ; par l’image, sauf si tu choisis le bruit
choice-noise-no-picture-pure-imagination = noise : pas d’image, pure imagination
option-dream-text = Des mots qui apparaissent dans le rêve ; sans image, ils sortent du noir
option-dream-guide = Une deuxième image, dont le rêve prend les formes ou le style
option-dream-guide-as = Ce que le rêve prend de la deuxième image
option-dream-where = Ce qui est rêvé de l’image : les visages, tout sauf les visages, ou tout
option-dream-bend = Tords les circuits du réseau : random, ou par exemple swap@mixed1=0.3
option-dream-format = Ce qui en sort ; gif et mp4 montrent une image fixe devenir le rêve
choice-gif-moves-by-itself-in-a-loop = gif : bouge tout seul, en boucle
choice-mp4-a-video-smaller-and-sharper = mp4 : une vidéo, plus légère et plus nette
choice-png-a-still-picture-even-of-a-video = png : une image fixe, même d’une vidéo
option-dream-url = Un lien vers une image
option-dream-model = Un autre réseau
option-dream-recipe = Une recette à suivre : colle-la ici
option-dream-seed = Un nombre qui répète exactement un rêve
option-dream-private = Toi seul vois le rêve
option-dream-spoiler = Cache le rêve derrière un clic

command-hellscape = Une vidéo qui tombe dans les cauchemars du réseau
option-hellscape-start = Par quoi elle commence ; du brouillard, si tu ne joins pas d’image
choice-fog-out-of-nothing = brouillard : à partir de rien
choice-static-out-of-a-dead-channel = neige : d’une chaîne morte
choice-picture-the-one-you-attach-or-the-newest-here = image : celle que tu joins, ou la plus récente ici
choice-shapes-what-is-seen-in-it = formes : ce qu’on y voit
choice-style-its-strokes-and-colours = style : ses traits et ses couleurs
choice-faces-only-the-faces = visages : seulement les visages
choice-background-all-but-the-faces = arrière-plan : tout sauf les visages
choice-everywhere-the-whole-picture = partout : toute l’image
option-hellscape-image = Une image pour commencer
option-hellscape-sound = Un fichier audio ou une vidéo dont le son l’anime et s’y entend
option-hellscape-preset = Tout un voyage d’un coup
option-hellscape-layer = Un voyage à travers les couches, comme mixed3 > mixed5
option-hellscape-seconds = La durée de la vidéo
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = À quelle vitesse elle tombe : 1.03 d’habitude, sous 1 elle recule
option-hellscape-loop = Si sa fin ramène à son début
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = Le type de fichier
option-hellscape-url = Un lien vers une image pour commencer
option-hellscape-model = { option-dream-model }
option-hellscape-seed = Un nombre qui répète exactement une vidéo
option-hellscape-private = Toi seul vois la vidéo

command-bend = Tourne au hasard les boutons du réseau et rêve au travers
option-bend-image = { option-dream-image }
option-bend-chaos = Jusqu’où tourner les boutons, de 1 à 11
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = Un nombre qui répète exactement les torsions
option-bend-private = { option-dream-private }

command-summon = Fais sortir une chose du réseau, ou fais-la entrer dans une image
option-summon-what = Quoi invoquer, comme jellyfish ; plusieurs avec +
option-summon-image = Une image où l’invoquer ; sans elle, elle naît du bruit
option-summon-intensity = Avec quelle insistance, de 1 à 11
option-summon-format = Ce qui en sort ; gif et mp4 montrent comment ça apparaît
option-summon-url = Un lien vers une image où l’invoquer
option-summon-seed = Un nombre qui répète exactement une invocation
option-summon-private = Toi seul vois le résultat

command-again = Ton dernier rêve encore une fois, sur une autre image
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = La deuxième image, si ton dernier rêve en avait une
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = La recette d’un rêve, prête à coller
option-recipe-link = Un lien vers un message avec un de mes rêves ; sans lui, ton dernier rêve
option-recipe-file = Une image ou une vidéo de moi

command-look = Des looks qui portent un nom
command-look-save = Donne un nom au look d’un rêve pour l’utiliser comme un préréglage
option-look-save-name = Son nom, 24 caractères au plus
option-look-save-link = Un lien vers un message avec un de mes rêves ; sans lui, ton rêve le plus récent ici
option-look-save-recipe = Une recette, à la place d’un rêve
option-look-save-server = L’enregistrer pour tout le serveur, en tant que modération
command-look-list = Les looks enregistrés que tu peux utiliser ici
command-look-delete = Supprime un look enregistré
option-look-delete-name = Son nom
option-look-delete-server = Supprimer un look du serveur, en tant que modération
command-look-default = Comment rêver quand aucun look n’est nommé
option-look-default-name = Un préréglage ou un look enregistré ; sans lui, il n’y a plus de look par défaut
option-look-default-channel = Pour tous dans ce salon, en tant que modération

command-layers = Vois ce que rêve chaque couche, et choisis-en une
option-layers-model = { option-dream-model }

command-autodream = Rêve les images publiées dans ce salon
command-autodream-on = Rêve les images publiées ici
option-autodream-on-percent = Combien d’images sur cent ; toutes, si tu ne dis rien
command-autodream-off = Ne plus rêver les images publiées ici
command-autodream-settings = Quand, combien de fois et en quoi les images se changent

command-settings = Ce que je peux faire sur ce serveur, et où

command-block = Empêche quelqu’un de m’utiliser sur ce serveur
option-block-person = Qui

command-unblock = Laisse quelqu’un m’utiliser de nouveau, ou vois qui est bloqué
option-unblock-person = Qui ; laisse vide pour voir qui est bloqué

command-forget = Supprime un rêve, ou tous ceux de quelqu’un, pour de bon
option-forget-dream = Un lien vers le message du rêve, ou son identifiant
option-forget-person = Les rêves de qui

command-queue = La file ici, et combien de temps ça prendra

command-history = Ce que tu as rêvé ici, et d’où vient chaque rêve

command-help = Vois quoi faire, en trois images

command-about = Version, réseaux et leurs auteurs

command-privacy = Vois, enregistre ou supprime ce que je garde sur toi

command-stats = Combien on a rêvé ici, et avec quoi

menu-dream-this = Rêver ceci
menu-dream-settings = Réglages du rêve…
menu-hellscape-this = En faire un enfer
menu-bend-this = Tordre ceci
menu-mix-with = Mélanger avec…
menu-dream-avatar = Rêver l’avatar

command-admin = Gère le bot
command-admin-sync = Publie les commandes maintenant
command-admin-drain = Ne plus prendre de rêves et finir ceux en cours
option-admin-drain-seconds = Combien de temps les rêves en cours peuvent durer ; le reste reprend après
command-admin-devices = Les appareils et leur état
command-admin-models = Les réseaux installés
command-admin-stats = La file, et ce qui a été fait
command-admin-dashboard = Un lien vers une page avec la file, les appareils et les échecs
command-admin-block-server = Refuse tous les souhaits d’un serveur
option-admin-block-server-server = L’identifiant du serveur, ou son nom dans la liste
command-admin-unblock-server = Accepte de nouveau les souhaits d’un serveur
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = Refuse tous les souhaits d’une personne, partout
option-admin-block-person-person = Qui ; un identifiant suffit
command-admin-unblock-person = Accepte de nouveau les souhaits d’une personne
option-admin-unblock-person-person = { option-admin-block-person-person }
