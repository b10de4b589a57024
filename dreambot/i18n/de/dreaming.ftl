# Wo es kein Bild zum Träumen gibt.
dreaming-no-picture = In den letzten 50 Nachrichten hier habe ich kein Bild gefunden. Häng eines mit der Option `image` an, oder drück lange auf eine Nachricht mit Bild und wähle Apps → { menu-dream-this }.
dreaming-no-picture-blind = Ich darf hier keine Nachrichten anderer lesen und sehe nur Bilder, die du mir gibst. Häng eines mit der Option `image` an, oder drück lange auf eine Nachricht mit Bild und wähle Apps → { menu-dream-this }.
dreaming-no-picture-here = In dieser Nachricht ist kein Bild. Wähle eine, in der eines ist.
dreaming-no-picture-mention = Erwähne mich in der Antwort auf ein Bild oder mit einem angehängten Bild, dann träume ich es. Eine Schicht und eine Stärke darfst du dazuschreiben, etwa `mixed5 11`.
dreaming-direct-help = Schick mir ein Bild, und ich träume es; Wörter wie `mixed4 9` oder `dogs` sagen, wie, und /help zeigt mehr.
dreaming-direct-no-picture = In unseren letzten 50 Nachrichten sehe ich kein Bild. Schick mir eins, gern mit diesen Wörtern.
dreaming-untouchable = Diese Person möchte nicht, dass andere ihr Profilbild träumen. Nimm ein anderes oder dein eigenes.

# Optionen, die nicht zusammenpassen.
dreaming-two-starts = Ein Traum kann nur mit einem von beidem beginnen: Lass das Bild weg oder den anderen Anfang.
dreaming-out-of-nothing = Dieses Rezept beginnt mit Rauschen und braucht kein Bild. Lass das Bild weg.
dreaming-recipe-alone = Ein Rezept enthält schon alles. Lass `{ $option }` weg oder das Rezept.
dreaming-guide-again = Dieses Rezept braucht ein zweites Bild, das ich nicht aufhebe. Häng es als `guide` an.
dreaming-guide-unused = Dieses Rezept braucht kein zweites Bild. Lass `guide` weg.
dreaming-text-unused = Wörter erscheinen nur in einem einfachen Traum. Lass `text` weg oder nimm `/dream`.

# Rezepte.
dreaming-recipe = Füg das hinter `/dream recipe:` ein, um ein anderes Bild genauso zu träumen.
dreaming-no-recipe-text = Das ist kein Rezept von mir. `/recipe` gibt dir eines zum Einfügen; `layer:mixed5 intensity:11` geht auch.
dreaming-no-dream-yet = Du hast noch nichts geträumt. Versuch es mit `/dream`.
dreaming-no-link = Das ist kein Link zu einer Nachricht. Drück lange auf die Nachricht, wähle Nachrichtenlink kopieren und füg ihn hier ein.
dreaming-no-result-there = In dieser Nachricht ist kein Traum von mir.
dreaming-no-recipe-in-file = Diese Datei enthält kein Rezept von mir. Nimm die Originaldatei, kein Bildschirmfoto und keine bearbeitete Kopie.

# Das Formular hinter „Traumeinstellungen …“.
dreaming-settings = Traumeinstellungen
dreaming-layer = Schicht: was erscheint
dreaming-layer-usual = Hunde, wie üblich
dreaming-intensity = Stärke: wie tief
dreaming-intensity-usual = 6, in der Mitte
dreaming-notch = { $notch ->
    [1] 1 · kaum zu sehen
    [6] 6 · in der Mitte
    [11] 11 · kein Weg zurück
   *[other] { $notch }
}
dreaming-preset = Vorlage: alles auf einmal
dreaming-preset-none = keine
dreaming-bend = Schaltkreise des Netzes verbiegen
dreaming-bend-none = gar nicht
dreaming-mild = zufällig, mild
dreaming-middling = zufällig
dreaming-wild = zufällig, wild
dreaming-seed = Startzahl: wiederholt einen Traum
dreaming-seed-chance = zufällig
dreaming-seed-wrong = Eine Startzahl ist eine ganze Zahl wie 7, nicht „{ $seed }“.
dreaming-mix = Mit einem zweiten Bild mischen
dreaming-mix-picture = Das zweite Bild
dreaming-mix-take = Was der Traum vom zweiten Bild übernimmt
dreaming-mix-shapes = Formen: was darauf zu sehen ist
dreaming-mix-style = Stil: seine Striche und Farben

# Die Schichten durchblättern.
dreaming-layers = Was { $model } träumt
dreaming-layers-pick = Eine genauer ansehen …
dreaming-layers-dream = Das neueste Bild damit träumen
dreaming-layers-back = Zurück
dreaming-layers-unknown = Diese Seite gibt es nicht mehr. Ruf noch einmal `/layers` auf.
