captions-any =
    c’était là depuis toujours
    le réseau a déjà vu ça
    regarde mieux, ça te regarde aussi
    personne n’a peint ceci
    l’image a cligné la première
    le sommeil est une sorte de gradient
    encore un peu de ce je-ne-sais-quoi
    une machine plisse les yeux vers les nuages
    prière de ne pas nourrir les pixels
    il se souvient de toi, du jeu d’entraînement
    techniquement, c’est encore ton image
    l’original va bien, il se repose
    je n’ai fait qu’obéir aux poids
    peut contenir des traces de chat
    c’était déjà comme ça quand je suis arrivé
    de l’art, sans doute
    la convolution va vous recevoir
    à ne pas regarder avant de manger
    quelque part, un gradient est très fier
    j’ai quelques remarques, elles sont dans l’image
    aucun pixel n’a été blessé, certains ont été convaincus
    la réalité est un minimum local
    motif reconnu, motif exagéré
    tu publies, j’exagère
    fait avec amour et des erreurs d’arrondi
    ceci n’est pas une photo
    voilà qui explique bien des choses
    ce n’est pas un filtre, c’est un sentiment
    les pixels ont voté
    emporte-le et donne-lui un nom
    trouvé sous la troisième convolution
    j’ai fait un rêve, tu étais dedans
captions-calm =
    une hallucination polie
    juste un petit rêve, pour la route
    à peine assoupi
    légèrement hanté
captions-loud =
    trop tard pour se réveiller
    le bouton est là pour ça
    même les voisins le voient
    ton image a quitté le bâtiment
    j’y suis peut-être allé un peu fort
    l’original t’envoie ses amitiés
captions-hellscape =
    pas de sortie, rien que du zoom
    entre, c’est plus grand à l’intérieur
    le sol aussi est un rêve
    prochain arrêt : pareil, mais plus près
captions-bend =
    j’ai marché sur un câble
    ce n’est pas cassé, c’est du jazz
    garantie annulée depuis la couche deux
    quelqu’un a déplacé mes neurones
captions-summon =
    appelé, venu, resté
    sorti de rien, et pressé
    c’était du bruit il y a un instant
    dessiné de mémoire, mais c’est la mienne
captions-guide =
    tout le portrait de l’autre image
    deux images entrent dans un réseau
    un petit air de famille
captions-style =
    peint avec des pinceaux empruntés
    même scène, autres mains
    déguisée en l’autre image
captions-video =
    ça bouge, évite son regard
    ça fait ça tout le temps
    mettre en pause n’y changera rien
captions-eyes =
    les yeux sont majoritaires
    n’ayez pas peur
    les premiers yeux s’ouvrent
    les roues ont des yeux
    on te surveille, avec affection
    ils clignent quand tu ne regardes pas
    l’opticien a rappelé
captions-dogs =
    les chiens t’ont remarqué
    qui a laissé entrer les chiens
    encore des chiens
    il y a toujours un chien quelque part
    assis, couché, converge
    il y a de la truffe là-dedans
captions-fur =
    du poil là où il ne devrait pas
    doux, paraît-il
    ton image perd ses poils
    à brosser avant usage
captions-birds =
    un oiseau, ou un chien, ou les deux
    les plumes d’abord, les questions ensuite
    quelqu’un a laissé la cage ouverte
    il y laisse des plumes
captions-animals =
    moitié animal, moitié tableau
    quelqu’un a touillé le zoo
    les têtes poussent où elles veulent
    Noé a fait ses valises trop vite
    il répond à plusieurs noms
captions-edges =
    tous les bords mènent ici
    tracé avec une règle très nerveuse
    découper selon tous les pointillés
captions-spirals =
    tout finit par s’enrouler
    des spirales jusqu’en bas
    un peu le tournis, merci
    remué à la cuillère, jamais secoué
captions-maze =
    le labyrinthe n’a pas de centre
    à gauche, à gauche, à gauche, à gauche
    le Minotaure est parti déjeuner
captions-weave =
    forgé au marteau
    tissé pendant que tu clignais des yeux
    mamie serait inquiète, et fière
    ça ne partira pas au lavage
captions-spots =
    des perles de quelque chose
    les bulles ont leur avis
    relie les points, libère la chose
captions-towers =
    sans permis de construire
    il y avait un nez, c’est un village
    chambres à louer, s’adresser aux pixels
captions-garden =
    il lui pousse des feuilles
    le jardin inspire
    ne pas arroser
    une salade qui a des projets
captions-jumble =
    un peu de tout, sans explication
    le musée est tombé
    les objets trouvés rêvent
captions-whisper =
    chut, ça va presque être quelque chose
    une rumeur d’yeux
captions-emboss =
    repoussé à la main, sans mains
    une excellente selle
captions-oracle =
    demande-lui n’importe quoi
    il savait que tu publierais ça
    un grand œil, et pas de bavardage
captions-giger =
    dans l’espace, tout le monde te voit
    les côtes sont porteuses
captions-porcelain =
    prière de ne pas faire tomber
    sorti du four, cligne encore
captions-temple =
    déchaussez-vous
    encore un toit, a dit le toit
captions-storm =
    nuageux, avec risque de tout
    compte les secondes jusqu’au tonnerre
captions-totem =
    les ancêtres ont des remarques
    celui du bas porte tout le monde
captions-lotus =
    pardon pour les trous
    plein de trous, comme mon alibi
captions-agate =
    un caillou à la vie intérieure riche
    dix millions d’années en neuf secondes
captions-classic =
    comme en 2015
    c’est par là que tout a commencé
captions-mosaic =
    ce matin, c’était entier
    mille pièces, pas de boîte
captions-watercolour =
    oublié sous la pluie
    lavé à soixante degrés
captions-sheet =
    choisis ton poison
    quatre portes, toutes s’ouvrent vers l’intérieur
    l’une d’elles te regarde déjà
    le réseau n’a pas su choisir
    choisis vite, ça pousse encore
