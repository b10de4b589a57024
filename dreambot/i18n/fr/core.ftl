# Un rêve en chemin.
core-received = Je regarde l’image…
core-received-nothing = Je plonge la main dans le noir…
core-no-dream = -# Pas de rêve cette fois.
core-waiting = Dans la file : { core-place }
core-waiting-until = Dans la file : { core-place }, prêt dans environ { $duration }
core-place = { ORDINAL($place) ->
    [one] { $place }re place
   *[other] { $place }e place
}
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · octave { $octave } sur { $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · image { $picture } sur { $pictures }
# $progress: where the album stands, such as core-waiting
core-album = { $count } images · { $progress }
core-left = { $progress } · encore { $duration }
core-video = Vidéo de { core-seconds } · { $progress }
core-parked = Je dois redémarrer. Ton rêve garde sa place et continuera ensuite.
core-late = Ton rêve a pris du temps ; le voici.
core-ping = Ton rêve est prêt.
core-missing-part = Le fichier est tronqué ou abîmé : il manque environ { $percent } % de l’image. J’ai rêvé le reste.
core-sound-cut = Le son est plus long. J’en ai pris les { $seconds } premières secondes.

core-seconds = { $number } s
core-minutes = { $number } min
core-hours = { $number } h
core-days = { $number ->
    [one] { $number } jour
   *[other] { $number } jours
}

core-cancelled = Annulé ; rien n’a été rêvé.
core-cancelled-by-moderator = La modération a annulé ton rêve.
core-withdrawn = L’image que tu voulais faire rêver a été supprimée, alors je me suis arrêté.
core-shutting-down = Je vais redémarrer et je ne prends plus de nouveaux rêves. Réessaie dans une minute.
core-gone-wrong = Quelque chose a mal tourné de mon côté et ton rêve est perdu ; réessaie.
core-out-of-time = Ton rêve a dépassé les 15 minutes pendant lesquelles je peux répondre ici, alors je l’ai arrêté. Réessaie plus tard, ou demande quelque chose de plus petit.
core-would-be-late = La file est si longue que ton rêve prendrait environ { $duration }, et je ne peux répondre ici que pendant 15 minutes. Réessaie plus tard.
core-no-way-in = Je ne peux plus rien publier là où tu as demandé ce rêve.
core-too-large = Discord n’accepte aucune image ici, même petite.
core-blocked = L’AutoMod de ce serveur n’a pas laissé passer ma réponse. Un modérateur peut faire une exception pour moi, ou demande-le avec d’autres mots.
core-archived = Ce fil est archivé ou verrouillé, je ne peux donc rien y publier. Écris un message pour le rouvrir, ou demande dans le salon.
core-refused = Discord n’a pas accepté ce que j’ai envoyé (erreur { $code }). Réessaie ; l’opérateur peut trouver l’erreur dans mon journal.
core-missing = { $count ->
    [one] Il me manque ici la permission { $permissions }.
   *[other] Il me manque ici les permissions { $permissions }.
} La modération peut l’accorder dans les paramètres du salon.

core-permission-view-channel = Voir le salon
core-permission-send-messages = Envoyer des messages
core-permission-send-messages-in-threads = Envoyer des messages dans les fils
core-permission-attach-files = Joindre des fichiers
core-permission-read-message-history = Voir les anciens messages

core-alt-dream = { $subject }, en rêve du réseau de neurones { $model } : les formes deviennent { $looks }. { core-alt-recipe }
core-alt-sheet = Quatre petites images sur deux rangées : { $subject }, en quatre rêves du réseau de neurones { $model }. Les formes deviennent { $looks }. { core-alt-recipe }
core-alt-bend = { $subject }, à travers le réseau de neurones { $model } aux circuits tordus : les formes se brisent en { $looks }. { core-alt-recipe }
core-alt-moving = Une vidéo : { $subject }, en rêve du réseau de neurones { $model }, image par image. Les formes deviennent { $looks }. { core-alt-recipe }
core-alt-clip = Un clip en boucle : une image devient un rêve, puis revient. Le rêve : { $dream }
core-alt-hellscape = Une vidéo de { core-seconds } : au début, { $subject } ; le réseau de neurones { $model } rêve, s’approche et rêve son propre rêve, et tout devient { $looks }. { core-alt-recipe }
core-alt-summon = Ce qu’imagine le réseau de neurones { $model } : { $looks }, invoqué à partir de bruit. { core-alt-recipe }
core-alt-summon-into = { $subject }, où le réseau de neurones { $model } a invoqué { $looks }. { core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] , intensité { $intensity } sur 11
}. ({ $recipe })
core-nothing = du bruit pur
core-words = les mots « { $text } »
core-words-on = { $subject } avec les mots « { $text } »
core-something-else = autre chose
