# Ce que règle la modération, et ce qu’on lit là où quelque chose n’est pas permis.

moderating-blocked-here = Tu ne peux pas rêver sur ce serveur : la modération t’a bloqué. Elle peut l’annuler avec /unblock.
moderating-blocked-everywhere = L’opérateur de ce bot t’a bloqué, je ne peux donc pas rêver pour toi.
moderating-blocked-server = L’opérateur de ce bot a bloqué ce serveur, je ne rêve donc rien ici.
moderating-not-here = Je ne peux pas rêver dans ce salon ; demande-moi dans { $channels }
moderating-no-pictures = Tes rôles ne permettent aucun rêve sur ce serveur. La modération peut changer cela avec /settings.
moderating-day-full = { $count ->
    [one] Tu as déjà eu ton rêve du jour ici. Le prochain sera possible { $when }.
   *[other] Tu as déjà eu tes { $count } rêves du jour ici. Le prochain sera possible { $when }.
}
moderating-queue-full = { $count ->
    [one] Tu as un rêve dans la file ici, et c’est la limite. Redemande quand il sera prêt.
   *[other] Tu as { $count } rêves dans la file ici, et c’est la limite. Redemande quand l’un d’eux sera prêt.
}
moderating-too-intense = Sur ce serveur, l’intensité va de 1 à { $most } ; choisis l’une d’elles.
moderating-no-films = Tes rôles ne permettent pas les vidéos sur ce serveur ; les images, si.
moderating-too-long = { $most ->
    [one] Ici, une vidéo dure au plus { $most } seconde ; demande-en une plus courte.
   *[other] Ici, une vidéo dure au plus { $most } secondes ; demande-en une plus courte.
}

moderating-page-title = Ce que je peux faire ici
moderating-page-channels = **Où je peux rêver**
moderating-page-everywhere = Partout
moderating-page-autodream = **Rêve automatique dans ce salon**
    { $state }
moderating-page-change = Modifier…
moderating-page-limits = **Ce que chacun peut avoir**
moderating-page-everyone = Tout le monde…
moderating-page-role = Limites d’un rôle…
moderating-page-remove = Retirer les limites : { $role }
moderating-page-remove-which = Retirer les limites d’un rôle…
moderating-page-intensity = Intensité : jusqu’à { $most }
moderating-page-language = Langue : { $language }
moderating-page-language-asked = Langue : celle du membre
moderating-page-delete-asker = Supprimer : demandeur, modération
moderating-page-delete-everyone = Supprimer : tout le monde
moderating-page-captions = { $state ->
    [on] Légendes déformées : oui
   *[off] Légendes déformées : non
}
moderating-page-previews = { $state ->
    [on] Aperçus : oui
   *[off] Aperçus : non
}
moderating-page-hall = **Panthéon** : les rêves avec assez de ⭐ sont transférés dans un salon
moderating-page-hall-none = Désactivé ; choisis un salon
moderating-page-stars = { $count ->
    [one] Panthéon : dès une ⭐
   *[other] Panthéon : dès { $count } ⭐
}
moderating-page-gallery-how = **Galerie sur le web** : les membres peuvent y montrer leurs rêves d’ici. « Interdit » retire aussi ceux qui y sont déjà.
moderating-page-gallery = { $state ->
    [on] Montrer : permis
   *[off] Montrer : interdit
}
moderating-page-log = **Où je note ce que fait la modération**
moderating-page-log-none = Nulle part
moderating-page-lacking = Dans { $channel }, il me manque { $permissions }
moderating-back = Retour
moderating-not-yours = Seule la modération de ce serveur peut faire cela.
moderating-stale = Cette page est périmée ; ouvres-en une autre avec /settings.
moderating-too-many-roles = { $most } rôles ont déjà des limites ; retire d’abord celles d’un autre rôle.

moderating-limit-pictures = { $count ->
    [0] aucun rêve
    [one] { $count } rêve par jour
   *[other] { $count } rêves par jour
}
moderating-limit-seconds = { $count ->
    [0] aucune vidéo
   *[other] vidéos jusqu’à { $count } s
}
moderating-limit-side = jusqu’à { $count }×{ $count } pixels
moderating-limit-queue = { $count } en attente à la fois
moderating-limit-none = aucune limite

moderating-form-title = Limites : { $role }
moderating-form-none = vide : aucune limite
moderating-form-pictures = Rêves par jour
moderating-form-pictures-how = 0 à 10000 ; à 0, aucun rêve du tout
moderating-form-pictures-wrong = Les rêves par jour sont un nombre entier de 0 à 10000, ou rien pour aucune limite.
moderating-form-seconds = Vidéo la plus longue, en secondes
moderating-form-seconds-how = 0 à 60 ; à 0, aucune vidéo
moderating-form-seconds-wrong = La vidéo la plus longue dure de 0 à 60 secondes, ou rien pour aucune limite.
moderating-form-side = Image la plus grande, en pixels
moderating-form-side-how = 256 à 4096 : le côté d’un carré de cette taille
moderating-form-side-wrong = L’image la plus grande est un nombre entier de pixels de 256 à 4096, ou rien pour aucune limite.
moderating-form-queue = Rêves en attente à la fois
moderating-form-queue-how = 1 à 100
moderating-form-queue-wrong = Les rêves en attente sont un nombre entier de 1 à 100, ou rien pour aucune limite.

moderating-auto-title = Rêve automatique dans { $channel } : { $state }
moderating-auto-now = Le rêve automatique est maintenant { $state }.
moderating-auto-off = désactivé
moderating-auto-post = activé, { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } des images
moderating-auto-reaction = activé, pour un 👁️ sur une image
moderating-auto-blind = Je ne vois pas les images publiées : l’intent « message content » est désactivé dans le portail des développeurs, et seul le propriétaire du bot peut y changer quelque chose.
moderating-auto-elsewhere = Je ne peux pas rêver dans ce salon : il n’est pas choisi dans /settings.
moderating-chance-off = Désactivé
moderating-chance = Activé : { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } des images
moderating-trigger-post = Quand : une image est publiée
moderating-trigger-reaction = Quand : quelqu’un met un 👁️ sur une image
moderating-look-surprise = Aspect : une surprise à chaque fois
moderating-look-roulette = Aspect : un préréglage au hasard à chaque fois
moderating-cooldown-none = Pause : aucune
moderating-cooldown-seconds = Pause : { $count } s
moderating-cooldown-minutes = Pause : { $count } min
moderating-cooldown-hours = Pause : { $count } h
moderating-hourly = Au plus { $count } par heure
moderating-hourly-most = Au plus { $count } par heure, ma limite

moderating-block-whom = Tu ne peux bloquer ni les bots ni toi-même. Nomme quelqu’un d’autre.
moderating-block-done = { $person } ne peut plus se servir de moi sur ce serveur. /unblock l’annule.
moderating-unblock-done = { $person } peut de nouveau se servir de moi.
moderating-unblock-not = { $person } n’était pas bloqué ici.
moderating-blocked-list = Bloqués ici : { $people }
moderating-blocked-nobody = Personne n’est bloqué ici.
moderating-forget-what = Donne-moi le lien du message d’un rêve (appui long → Copier le lien du message), ou une personne.
moderating-not-a-dream = Ce message ne contient aucun rêve de ce serveur, ou il a déjà été retiré.
moderating-forget-none = Il n’y a aucun rêve de { $person } ici.
moderating-forget-sure = { $count ->
    [one] Il y a ici { $count } rêve de { $person }, avec les rêves qui en viennent. On ne pourra pas l’annuler.
   *[other] Il y a ici { $count } rêves de { $person }, avec les rêves qui en viennent. On ne pourra pas l’annuler.
}
moderating-forget-button = { $count ->
    [one] Retirer { $count } rêve
   *[other] Retirer { $count } rêves
}
moderating-forget-done = { $count ->
    [0] Rien n’a été retiré.
    [one] { $count } rêve a disparu, avec ses fichiers.
   *[other] { $count } rêves ont disparu, avec leurs fichiers.
}
moderating-forget-left = { $count ->
    [one] { $count } message n’a pas pu être retiré : je ne vois pas son salon, ou tu ne le modères pas.
   *[other] { $count } messages n’ont pas pu être retirés : je ne vois pas leurs salons, ou tu ne les modères pas.
}
moderating-forget-more = Il y en a peut-être d’autres. Relance la commande.

moderating-queue = { $count ->
    [0] La file est vide.
    [one] { $count } rêve dans la file
   *[other] { $count } rêves dans la file
}
moderating-queue-more = … et { $count } de plus
moderating-queue-somebody = quelqu’un
moderating-queue-refresh = Actualiser
moderating-queue-pick = En annuler un…
moderating-queue-cancel = Annuler { $dream }
moderating-queue-over = Ce rêve est déjà terminé.
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }, prêt dans environ { $duration }
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }, encore { $duration }
moderating-state-received = charge l’image
moderating-state-queued = attend
moderating-state-running = en train d’être rêvé
moderating-state-delivering = en train d’être envoyé
moderating-kind-dream = rêve
moderating-kind-hellscape = enfer
moderating-kind-summon = invocation
moderating-kind-repeat = recette
moderating-kind-autodream = rêve automatique

moderating-log-settings = { $who } a changé mes réglages.
moderating-log-look-saved = { $who } a enregistré le look « { $name } » pour ce serveur.
moderating-log-look-deleted = { $who } a supprimé le look « { $name } » de ce serveur.
moderating-log-auto-on = { $who } a activé le rêve automatique dans { $channel }.
moderating-log-auto-off = { $who } a désactivé le rêve automatique dans { $channel }.
moderating-log-block = { $who } a bloqué { $person }.
moderating-log-unblock = { $who } a débloqué { $person }.
moderating-log-cancelled = { $who } a annulé un rêve de { $person }.
moderating-log-forgot = { $count ->
    [one] { $who } a retiré { $count } rêve.
   *[other] { $who } a retiré { $count } rêves.
}
moderating-log-forgot-of = { $count ->
    [one] { $who } a retiré { $count } rêve de { $person }.
   *[other] { $who } a retiré { $count } rêves de { $person }.
}
