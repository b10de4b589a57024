# Knöpfe, je ein, zwei Wörter: Sie stehen auf dem Handy nebeneinander.
results-cancel = Abbrechen
results-deeper = Tiefer
results-louder = Lauter
results-quieter = Leiser
results-layer = Schicht …
results-pick = Eins von vieren
results-again = Nochmal
results-watch = Ansehen
results-bend = Verbiegen
results-zoom = Zoom-Video
results-compare = Vergleichen
results-undo = Zurück
results-more = Mehr …
results-less = Weniger

results-layer-choose = Dasselbe Bild, von einer anderen Schicht gesehen:
results-look-placeholder = Wähle eine Schicht
results-preset-placeholder = Wähle eine Vorlage
results-saved-placeholder = Wähle einen gespeicherten Look
results-compared = Vorher und nachher.
results-compared-alt = { $subject }, und daneben der Traum daraus.
results-compared-both = Der Traum davor und dieser. Dann das Bild, mit dem alles anfing, und dieser.
results-compared-before-alt = Der Traum davor, und daneben der Traum daraus.
results-show = Allen zeigen
results-delete-sure = Diesen Traum löschen? Das lässt sich nicht rückgängig machen.
results-deleted = Gelöscht.
results-cancelled-others = Abgebrochen. Ich habe der Person Bescheid gesagt, die danach gefragt hat.

results-unknown = Diesen Traum kenne ich nicht mehr. Wenn sein Bild noch da ist, drück lange auf die Nachricht und wähle Apps → { menu-dream-this }.
results-not-now = Das kann ich gerade nicht nachsehen; versuch es bitte in einer Minute noch einmal.
results-over = Dieser Traum ist schon vorbei.
results-louder-no-more = Weiter als elf geht es nicht, und das ist elf. { results-deeper } geht weiter.
results-quieter-no-more = Leiser geht es nicht.
results-source-gone = Das Bild, aus dem dieser Traum entstand, gibt es nicht mehr. { results-deeper }, { results-bend } und { results-zoom } gehen noch: Sie machen mit dem Traum selbst weiter.
results-guide-gone = Das zweite Bild dieses Traums gibt es nicht mehr. { results-deeper }, { results-bend } und { results-zoom } gehen noch, oder nimm /dream und häng es noch einmal an.
results-sound-gone = Den Ton dieses Videos gibt es nicht mehr. { results-deeper }, { results-bend } und { results-zoom } gehen noch, oder nimm /hellscape und häng ihn noch einmal an.
results-dream-gone = Das Bild dieses Traums ist nicht mehr da.
results-undo-gone = Den Traum, aus dem dieser entstand, gibt es nicht mehr, deshalb lässt er sich nicht zurücknehmen. Die anderen Knöpfe gehen noch.
results-undo-not-yours = Zurücknehmen kann diesen Traum nur, wer danach gefragt hat, oder die Moderation. { results-deeper } und die anderen Knöpfe sind für alle da.
results-compare-nothing = Dieser Traum entstand aus Rauschen; es gibt kein Bild zum Vergleichen.
results-cancel-not-yours = Abbrechen kann diesen Traum nur, wer danach gefragt hat, oder die Moderation.
results-delete-not-yours = Löschen kann diesen Traum nur, wer danach gefragt hat, wessen Bild es war, oder die Moderation.

# /history: was jemand geträumt hat, und woraus ein Traum entstand.
results-history-title = Deine Träume hier
results-history-none = Du hast hier noch nichts geträumt. Mit /dream geht es los.
results-history-page = Seite { $page } von { $pages }
results-history-newer = Neuere
results-history-older = Ältere
results-history-choose = Woraus ist einer davon entstanden?
results-history-back = Zurück
results-history-line = Woraus er entstand
results-history-what = { $look }, Stärke { $intensity } von 11
results-history-video = Video, { core-seconds } lang: { $look }
results-history-private = nur für dich
results-history-by = mit { $button }
results-history-upon = aus: { $subject }
results-history-nothing = aus Rauschen
results-history-not-yours = Das ist kein Traum von dir.

# Gefragt unter einem Traum, dessen Bild jemand gelöscht hat.
results-withdrawn = { $count ->
    [one] Das Bild, aus dem dieser Traum entstand, wurde gelöscht. Soll der Traum auch gelöscht werden?
   *[other] Das Bild wurde gelöscht. Sollen die { $count } Träume daraus auch gelöscht werden?
}
results-withdrawn-delete = Löschen
results-withdrawn-keep = Behalten
results-withdrawn-not-yours = Das kann nur entscheiden, wem das Bild gehört, wer nach dem Traum gefragt hat, oder die Moderation.
results-withdrawn-cannot = Ich darf meine Nachrichten hier nicht mehr löschen; die Moderation kann es.
