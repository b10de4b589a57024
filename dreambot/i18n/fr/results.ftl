# Des boutons, un mot ou deux : ils sont côte à côte sur un téléphone.
results-cancel = Annuler
results-deeper = Plus loin
results-louder = Plus fort
results-quieter = Moins fort
results-layer = Couche…
results-pick = Un des quatre
results-again = Encore
results-watch = Regarder
results-bend = Tordre
results-zoom = Vidéo zoom
results-compare = Comparer
results-undo = Revenir
results-more = Plus…
results-less = Moins

results-layer-choose = La même image, vue par une autre couche :
results-look-placeholder = Choisis une couche
results-preset-placeholder = Choisis un préréglage
results-saved-placeholder = Choisis un style enregistré
results-compared = Avant et après.
results-compared-alt = { $subject }, et à côté le rêve qui en vient.
results-compared-both = Le rêve précédent et celui-ci. Puis l’image de départ et celui-ci.
results-compared-before-alt = Le rêve précédent, et à côté le rêve qui en vient.
results-show = Montrer à tous
results-delete-sure = Supprimer ce rêve ? On ne pourra pas le récupérer.
results-deleted = Supprimé.
results-cancelled-others = Annulé ; j'ai prévenu la personne qui l'avait demandé.

results-unknown = Je ne connais plus ce rêve. Si son image est encore là, appuie longuement sur son message et choisis Applications → { menu-dream-this }.
results-not-now = Je ne peux pas le vérifier pour l'instant ; réessaie dans une minute.
results-over = Ce rêve est déjà terminé.
results-louder-no-more = Ça va jusqu'à onze, et nous y sommes. { results-deeper } va au-delà.
results-quieter-no-more = Moins fort, ce n'est pas possible.
results-source-gone = L'image dont vient ce rêve n'est plus disponible. { results-deeper }, { results-bend } et { results-zoom } marchent encore : ils repartent du rêve lui-même.
results-guide-gone = La deuxième image de ce rêve n'est plus disponible. { results-deeper }, { results-bend } et { results-zoom } marchent encore, ou redonne-la avec /dream.
results-sound-gone = Le son de cette vidéo n’est plus disponible. { results-deeper }, { results-bend } et { results-zoom } marchent encore, ou redonne-le avec /hellscape.
results-dream-gone = L'image de ce rêve n'est plus disponible.
results-undo-gone = Le rêve dont vient celui-ci n'est plus disponible, on ne peut donc pas revenir en arrière. Les autres boutons marchent encore.
results-undo-not-yours = Seule la personne qui a demandé ce rêve, ou la modération, peut revenir en arrière. { results-deeper } et les autres boutons sont pour tout le monde.
results-compare-nothing = Ce rêve est fait de bruit ; il n'y a pas d'image à comparer.
results-cancel-not-yours = Seule la personne qui a demandé ce rêve, ou la modération, peut l'annuler.
results-delete-not-yours = Seules la personne qui a demandé ce rêve, celle à qui est l'image, ou la modération peuvent le supprimer.

# /history : les rêves de quelqu'un, et d'où vient l'un d'eux.
results-history-title = Tes rêves ici
results-history-none = Tu n'as encore rien rêvé ici. Commence avec /dream.
results-history-page = Page { $page } sur { $pages }
results-history-newer = Plus récents
results-history-older = Plus anciens
results-history-choose = D'où vient l'un d'eux ?
results-history-back = Retour
results-history-line = D'où il vient
results-history-what = { $look }, intensité { $intensity } sur 11
results-history-video = Vidéo de { core-seconds } : { $look }
results-history-private = en privé
results-history-by = par { $button }
results-history-upon = sur { $subject }
results-history-nothing = à partir de bruit
results-history-not-yours = Ce n'est pas un de tes rêves.

# Demandé sous un rêve dont quelqu'un a supprimé l'image.
results-withdrawn = { $count ->
    [one] L'image dont vient ce rêve a été supprimée. Supprimer le rêve aussi ?
   *[other] L'image a été supprimée. Supprimer aussi les { $count } rêves qui en viennent ?
}
results-withdrawn-delete = Supprimer
results-withdrawn-keep = Garder
results-withdrawn-not-yours = Seules la personne à qui est l'image, celle qui a demandé le rêve, ou la modération peuvent en décider.
results-withdrawn-cannot = Je n'ai plus le droit de supprimer mes messages ici ; la modération le peut.
