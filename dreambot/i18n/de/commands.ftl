command-dream = Lass ein neuronales Netz ein Bild weiterträumen
option-dream-image = Das Bild; ohne eins nehme ich dein neuestes hier
option-dream-layer = Wo im Netz: mixed4 sind Augen, mixed5 Hunde; mische mit +
option-dream-intensity = Wie tief, von 1 bis 11
option-dream-preset = Ein ganzer Look auf einmal
option-dream-four = Vier verschiedene Looks auf einmal, klein, zum Aussuchen
option-dream-palette = Die Farben dessen, was dazukommt
choice-natural-the-colours-of-nature = natural: Farben der Natur
choice-source-the-picture-s-own-colours = source: die Farben des Bildes
choice-acid-neon-as-the-network-wants-it = acid: Neon, wie das Netz es will
option-dream-source = Womit der Traum beginnt; mit dem Bild, wenn du nicht Rauschen wählst
choice-noise-no-picture-pure-imagination = noise: kein Bild, reine Einbildung
option-dream-text = Wörter, die im Traum erscheinen; ohne Bild aus dem Dunkeln
option-dream-guide = Ein zweites Bild, dessen Formen oder Stil der Traum übernimmt
option-dream-guide-as = Was der Traum vom zweiten Bild übernimmt
option-dream-where = Was vom Bild geträumt wird: Gesichter, alles außer Gesichtern, oder alles
option-dream-bend = Verbieg die Schaltkreise des Netzes: random, oder etwa swap@mixed1=0.3
option-dream-format = Was herauskommt; gif und mp4 zeigen, wie ein Standbild zum Traum wird
choice-gif-moves-by-itself-in-a-loop = gif: bewegt sich von selbst, in einer Schleife
choice-mp4-a-video-smaller-and-sharper = mp4: ein Video, kleiner und schärfer
choice-png-a-still-picture-even-of-a-video = png: ein Standbild, auch von einem Video
option-dream-url = Ein Link zu einem Bild
option-dream-model = Ein anderes Netz
option-dream-recipe = Ein Rezept, dem ich folge: füg es hier ein
option-dream-seed = Eine Zahl, die einen Traum genau wiederholt
option-dream-private = Nur du siehst den Traum
option-dream-spoiler = Versteck den Traum hinter einem Klick

command-hellscape = Ein Video, das in die Albträume des Netzes fällt
option-hellscape-start = Womit es beginnt; mit Nebel, wenn du kein Bild anhängst
choice-fog-out-of-nothing = Nebel: aus dem Nichts
choice-static-out-of-a-dead-channel = Rauschen: aus einem toten Kanal
choice-picture-the-one-you-attach-or-the-newest-here = Bild: das angehängte, oder das neueste hier
choice-shapes-what-is-seen-in-it = Formen: was darauf zu sehen ist
choice-style-its-strokes-and-colours = Stil: seine Striche und Farben
choice-faces-only-the-faces = Gesichter: nur die Gesichter
choice-background-all-but-the-faces = Hintergrund: alles außer den Gesichtern
choice-everywhere-the-whole-picture = überall: das ganze Bild
option-hellscape-image = Ein Bild, mit dem es beginnt
option-hellscape-sound = Eine Tondatei oder ein Video, dessen Ton es antreibt und darin zu hören ist
option-hellscape-preset = Ein ganzer Weg auf einmal
option-hellscape-layer = Eine Reise durch Schichten, etwa mixed3 > mixed5
option-hellscape-seconds = Wie lang das Video ist
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = Wie schnell es fällt: 1.03 ist üblich, unter 1 weicht es zurück
option-hellscape-loop = Ob sein Ende zum Anfang zurückführt
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = Welche Art von Datei es ist
option-hellscape-url = Ein Link zu einem Bild, mit dem es beginnt
option-hellscape-model = { option-dream-model }
option-hellscape-seed = Eine Zahl, die ein Video genau wiederholt
option-hellscape-private = Nur du siehst das Video

command-bend = Dreh blind an den Knöpfen des Netzes und träum hindurch
option-bend-image = { option-dream-image }
option-bend-chaos = Wie weit die Knöpfe gedreht werden, von 1 bis 11
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = Eine Zahl, die die Verbiegungen genau wiederholt
option-bend-private = { option-dream-private }

command-summon = Ruf ein Ding aus dem Netz herauf, oder in ein Bild hinein
option-summon-what = Was ich beschwören soll, etwa jellyfish; mehrere mit +
option-summon-image = Ein Bild, in das beschworen wird; ohne eins entsteht eins aus Rauschen
option-summon-intensity = Wie nachdrücklich, von 1 bis 11
option-summon-format = Was herauskommt; gif und mp4 zeigen, wie es entsteht
option-summon-url = Ein Link zu einem Bild, in das beschworen wird
option-summon-seed = Eine Zahl, die eine Beschwörung genau wiederholt
option-summon-private = Nur du siehst das Ergebnis

command-again = Dein letzter Traum nochmal, mit einem anderen Bild
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = Das zweite Bild, falls dein letzter Traum eins hatte
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = Das Rezept eines Traums, fertig zum Einfügen
option-recipe-link = Ein Link zu einer Nachricht mit einem Traum von mir; ohne ihn dein letzter Traum
option-recipe-file = Ein Bild oder Video von mir

command-look = Looks mit eigenem Namen
command-look-save = Gib dem Look eines Traums einen Namen, um ihn als Vorlage zu nutzen
option-look-save-name = Sein Name, höchstens 24 Zeichen
option-look-save-link = Ein Link zu einer Nachricht mit einem Traum von mir; ohne ihn dein neuester Traum hier
option-look-save-recipe = Ein Rezept anstelle eines Traums
option-look-save-server = Für alle auf diesem Server speichern, als Moderation
command-look-list = Die gespeicherten Looks, die du hier nutzen kannst
command-look-delete = Lösche einen gespeicherten Look
option-look-delete-name = Sein Name
option-look-delete-server = Einen Look des Servers löschen, als Moderation
command-look-default = Wie geträumt wird, wenn kein Look genannt ist
option-look-default-name = Eine Vorlage oder ein gespeicherter Look; ohne gibt es keinen Standard mehr
option-look-default-channel = Für alle in diesem Kanal, als Moderation

command-layers = Sieh, was jede Schicht träumt, und such dir eine aus
option-layers-model = { option-dream-model }

command-autodream = Träum die Bilder weiter, die in diesem Kanal gepostet werden
command-autodream-on = Träum die Bilder weiter, die hier gepostet werden
option-autodream-on-percent = Wie viele von hundert Bildern; alle, wenn du es weglässt
command-autodream-off = Träum die Bilder nicht mehr, die hier gepostet werden
command-autodream-settings = Wann, wie oft und worin sich die Bilder verwandeln

command-settings = Was ich auf diesem Server darf, und wo

command-block = Sperr jemanden auf diesem Server für mich
option-block-person = Wen

command-unblock = Entsperr jemanden, oder sieh, wer gesperrt ist
option-unblock-person = Wen; lass es weg, um zu sehen, wer gesperrt ist

command-forget = Entferne einen Traum, oder alle von jemandem, endgültig
option-forget-dream = Ein Link zur Nachricht des Traums, oder ihre ID
option-forget-person = Wessen Träume

command-queue = Die Warteschlange hier, und wie lange es dauert

command-history = Was du hier geträumt hast, und woraus jeder Traum entstand

command-help = Sieh in drei Bildern, was du tun kannst

command-about = Version, Netze und wer sie gemacht hat

command-privacy = Sieh, sichere oder lösche, was ich über dich aufbewahre

command-stats = Wie viel hier geträumt wurde, und womit

menu-dream-this = Das träumen
menu-dream-settings = Traumeinstellungen …
menu-hellscape-this = Zur Höllenlandschaft machen
menu-bend-this = Das verbiegen
menu-mix-with = Mischen mit …
menu-dream-avatar = Avatar träumen

command-admin = Verwalte den Bot
command-admin-sync = Veröffentliche die Befehle jetzt
command-admin-drain = Nimm keine neuen Träume an und bring laufende zu Ende
option-admin-drain-seconds = Wie lange laufende Träume dauern dürfen; der Rest geht nach dem Neustart weiter
command-admin-devices = Die Geräte und ihr Zustand
command-admin-models = Die installierten Netze
command-admin-stats = Die Warteschlange, und was getan wurde
command-admin-dashboard = Ein Link auf eine Seite mit Warteschlange, Geräten und Fehlern
command-admin-block-server = Weise jeden Wunsch eines Servers ab
option-admin-block-server-server = Die ID des Servers, oder sein Name aus der Liste
command-admin-unblock-server = Nimm wieder Wünsche eines Servers an
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = Weise jeden Wunsch einer Person ab, überall
option-admin-block-person-person = Wen; eine ID genügt
command-admin-unblock-person = Nimm wieder Wünsche einer Person an
option-admin-unblock-person-person = { option-admin-block-person-person }
