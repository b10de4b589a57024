# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **Ce que je garde sur toi**
operating-privacy-source = 🖼️ Ton image : pendant que son rêve se fait, { $hours ->
    [one] une heure
   *[other] { $hours } heures
} au plus.
operating-privacy-result = 📦 Un rêve que je n’ai pas pu remettre : { $days ->
    [one] un jour
   *[other] { $days } jours
} au plus. Tous les autres rêves ne sont que sur Discord.
operating-privacy-job = 🧾 De chaque rêve : qui l’a demandé, où et quand, d’où venait l’image et comment elle s’appelait, la recette, et quelles comparaisons ont été montrées à tous et par qui, pour que les boutons continuent de marcher. Jusqu’à ce que tu l’effaces.
operating-privacy-settings = ⚙️ Ce que tu règles avec les boutons ci-dessous, les looks que tu as enregistrés et ton look par défaut.
operating-privacy-hall = ⭐ Lesquels de tes rêves ont été transférés dans un panthéon. Le transfert est supprimé avec le rêve.
operating-privacy-never = -# Je ne garde ni noms ni messages, et ton image ne quitte jamais son salon ; seul un rêve le peut, vers le panthéon de son serveur.
operating-privacy-untouchable = { $on ->
    [yes] ✅ Les autres ne peuvent pas rêver mes images
   *[no] Ne pas laisser les autres rêver mes images
}
operating-privacy-previews = { $on ->
    [yes] ✅ Me montrer des aperçus pendant l’attente
   *[no] Économie de données : sans aperçus (touche pour voir)
}
operating-privacy-ping = { $on ->
    [yes] ✅ Me mentionner après une longue attente
   *[no] Me mentionner après une longue attente
}
operating-privacy-export = Enregistrer mes données
operating-privacy-delete = Effacer mes données…
operating-privacy-keep = Tout garder
operating-privacy-erase = Effacer mes données
operating-privacy-erase-posted = { $count ->
    [one] Effacer mes données et mon rêve dans son salon
   *[other] Effacer mes données et mes { $count } rêves dans les salons
}
operating-privacy-sure = **Effacer tout ce que je garde sur toi ?** Ce qui se rêve pour toi s’arrête, ton historique et tes réglages disparaissent, les boutons sous tes rêves ne marchent plus, et les comparaisons qui montrent tes images ou tes rêves, ou que tu as montrées à tous, sont supprimées. Seules restent des recettes dont personne ne peut savoir qu’elles étaient à toi. C’est irréversible.
operating-privacy-erasing = J’efface… cela peut prendre quelques minutes.
operating-privacy-erased = { $count ->
    [0] C’est fait. Il n’y avait aucun rêve de toi, et tes réglages sont effacés.
    [one] C’est fait. J’ai oublié un rêve de toi, et tes réglages.
   *[other] C’est fait. J’ai oublié { $count } rêves de toi, et tes réglages.
}
operating-privacy-deleted = { $count ->
    [one] Un rêve a été supprimé de son salon.
   *[other] { $count } rêves ont été supprimés de leurs salons.
}
operating-privacy-left = { $count ->
    [one] Un rêve est là où je ne peux pas le supprimer ; la modération du salon le peut.
   *[other] { $count } rêves sont là où je ne peux pas les supprimer ; la modération des salons le peut.
}
operating-privacy-exported = { $count ->
    [one] Tout ce que je garde sur toi : un rêve, et tes réglages.
   *[other] Tout ce que je garde sur toi : { $count } rêves, et tes réglages.
}

# /help. $command: a command that can be tapped.
operating-help-title = **Fais d’une image un rêve**
operating-help-post = 1️⃣ Trouve une image dans la discussion, ou publie-en une.
operating-help-menu = 2️⃣ Appuie longuement sur le message → **Applications** → **{ menu-dream-this }**. (À la souris : clic droit.)
operating-help-buttons = 3️⃣ Appuie sur les boutons sous le rêve : plus profond, plus fort, annuler…
operating-help-dream = { $command } choisis le style et sa force
operating-help-hellscape = { $command } une vidéo qui plonge dans le rêve
operating-help-bend = { $command } casse le réseau en beauté
operating-help-summon = { $command } fais surgir une chose du néant
operating-help-layers = { $command } vois ce que rêve chaque couche
operating-help-privacy = { $command } ce que je garde, et comment l’effacer
operating-help-picture-first = Un chat, et le même chat rêvé : des yeux verts, des écailles et de petits animaux poussent dans son pelage.
operating-help-picture-looks = Neuf préréglages sur une tasse de café : eyes, oracle, fur, storm, tartan, totem, lotus, agate et wool.
operating-help-picture-more = Une image d’un paysage infernal plein d’yeux, une tasse tordue aux couleurs folles, et un phare surgi du néant.

# /about
operating-about = Je suis un bot qui rêve les images publiées : je cherche ce qu’un réseau de neurones y voit, et j’en peins davantage (DeepDream). Je suis un logiciel libre sous licence MIT. Voici les réseaux :
operating-about-model = { $title }
    Par { $authors }
    Licence : { $licence }
operating-about-own-model = Un réseau que l’opérateur de ce bot a ajouté.
operating-about-thanks = Fait avec PyTorch, discord.py, Pillow et bien d’autres ; THIRD_PARTY.md les nomme tous.
operating-about-invite = M’ajouter à un serveur
operating-about-source = Code source

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] Rien n’a encore été rêvé ici.
    [one] **Un** rêve a été fait ici.
   *[other] **{ $count }** rêves ont été faits ici.
}
operating-stats-layers = **Couches préférées**
operating-stats-presets = **Préréglages préférés**
operating-stats-summoned = **Le plus souvent invoqués**
operating-stats-yours-here = { $count ->
    [0] Aucun n’est de toi. /help montre comment faire.
    [one] **Un** est de toi.
   *[other] **{ $count }** sont de toi.
}
operating-stats-yours = { $count ->
    [0] Tu n’as pas encore rêvé. /help montre comment faire.
    [one] Tu as rêvé **une fois**.
   *[other] Tu as rêvé **{ $count }** fois.
}

# The states of a job.
operating-state-received = reçus
operating-state-queued = en attente
operating-state-running = en rêve
operating-state-delivering = en route
operating-state-done = finis
operating-state-failed = ratés
operating-state-cancelled = annulés

# /admin, which owners see.
operating-admin-owners-only = Seuls les propriétaires de ce bot peuvent utiliser /admin.
operating-admin-synced = { $count ->
    [one] Une commande publiée. Discord peut mettre une minute à la montrer.
   *[other] { $count } commandes publiées. Discord peut mettre une minute à les montrer.
}
operating-admin-draining = { $count ->
    [0] Je ne prends plus de nouveaux rêves. Aucun n’est en cours.
    [one] Je ne prends plus de nouveaux rêves. Un rêve est en cours…
   *[other] Je ne prends plus de nouveaux rêves. { $count } rêves sont en cours…
}
operating-admin-drained = Vidé : plus rien n’est en cours ici. Redémarre-moi pour continuer ; les rêves inachevés reprendront alors.
operating-admin-no-devices = Il n’y a aucun appareil en ce moment.
operating-admin-device-jobs = { $count ->
    [0] libre
    [one] un rêve en cours
   *[other] { $count } rêves en cours
}
operating-admin-device-busy = occupé { $duration } en tout
operating-admin-device-restarts = { $count ->
    [one] redémarré une fois
   *[other] redémarré { $count } fois
}
operating-admin-device-check = autotest échoué ({ $problem }), donc plus lent. Le journal dit quoi faire.
operating-admin-model-here = installé
operating-admin-model-missing = pas installé ; { $command } l’installe
operating-admin-stats-servers = { $count ->
    [one] Sur un serveur, à { $latency } ms de Discord.
   *[other] Sur { $count } serveurs, à { $latency } ms de Discord.
}
operating-admin-stats-waiting = { $count ->
    [0] La file est vide.
    [one] Un rêve attend, depuis { $duration }.
   *[other] { $count } rêves attendent, le premier depuis { $duration }.
}
operating-admin-stats-unfinished = Maintenant :
operating-admin-stats-day = Dernières 24 heures :
operating-admin-stats-week = 7 derniers jours :
operating-admin-stats-state = { $count } { $state }
operating-admin-server-blocked = Je refuse désormais toute demande de { $server }.
operating-admin-server-unblocked = J’accepte de nouveau les demandes de { $server }.
operating-admin-person-blocked = Je refuse désormais partout toute demande de { $person }.
operating-admin-person-unblocked = J’accepte de nouveau les demandes de { $person }, sauf si la modération d’un serveur en décide autrement.
operating-admin-not-blocked = { $server } n’était pas bloqué.
operating-admin-no-server = Ce n’est pas l’identifiant d’un serveur. Choisis-en un dans la liste, ou copie un identifiant : un nombre d’environ 19 chiffres.
