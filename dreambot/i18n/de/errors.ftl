errors-person-full = { $count ->
    [one] Du hast schon einen Traum in der Warteschlange, und mehr sind für eine Person nicht erlaubt. Warte, bis er fertig ist, oder brich ihn ab, und versuch es dann noch einmal.
   *[other] Du hast schon { $count } Träume in der Warteschlange, und mehr sind für eine Person nicht erlaubt. Warte, bis einer fertig ist, oder brich einen ab, und versuch es dann noch einmal.
}
errors-server-full = { $count ->
    [one] Dieser Server hat schon einen Traum in der Warteschlange, und mehr sind nicht erlaubt. Versuch es noch einmal, wenn er fertig ist.
   *[other] Dieser Server hat schon { $count } Träume in der Warteschlange, und mehr sind nicht erlaubt. Versuch es noch einmal, wenn einige fertig sind.
}
errors-all-full = { $count ->
    [one] In meiner Warteschlange ist schon ein Traum, und für mehr ist kein Platz. Versuch es bitte in ein, zwei Minuten noch einmal.
   *[other] In meiner Warteschlange sind schon { $count } Träume, und für mehr ist kein Platz. Versuch es bitte in ein, zwei Minuten noch einmal.
}
errors-cannot-dream = Ich kann gerade nicht träumen, weil mein Rechenprozess nicht startet. Versuch es bitte später noch einmal.
errors-too-slow = Dieser Traum hat mehr als { $seconds } Sekunden gebraucht, deshalb habe ich ihn abgebrochen. Mit einem kleineren Bild oder weniger Stärke geht es schneller.
errors-broke-down = Der Traum ist zweimal abgestürzt, deshalb habe ich ihn aufgegeben. Mit einem anderen Bild oder einer anderen Schicht klappt es vielleicht.
errors-out-of-memory = Dieses Bild braucht mehr Speicher, als ich habe. Versuch es mit einem kleineren.
errors-restarted = Ich wurde neu gestartet, bevor ich dein Bild geladen hatte. Versuch es bitte noch einmal.
errors-gave-up = Ich habe diesen Traum zehnmal begonnen und nie fertig bekommen, deshalb habe ich ihn aufgegeben.
errors-broken = Bei mir ist etwas schiefgegangen; die Einzelheiten stehen in meinem Log. Versuch es bitte noch einmal.
errors-no-promise = Ich kann gerade nichts speichern, deshalb habe ich deinen Traum nicht begonnen. Versuch es bitte in einer Minute noch einmal.
# $number: of a picture in an album; $name: its file's name; $note: a sentence about it.
errors-album-picture = Bild { $number } ({ $name }): { $note }
errors-album-gone = Es wurde gelöscht.
errors-album-limit = { $count ->
    [one] Du darfst hier im Moment noch ein Bild träumen lassen, deshalb fehlt dieses.
   *[other] Du darfst hier im Moment noch { $count } Bilder träumen lassen, deshalb fehlt dieses.
}
errors-no-layer = Es gibt keine Schicht namens „{ $name }“; meintest du { $names }?
errors-no-preset = Es gibt keine Vorlage namens „{ $name }“; meintest du { $names }?
errors-no-preset-at-all = Es gibt keine Vorlage namens „{ $name }“; es gibt { $names }.
errors-look-guide = Dieser Traum hat seine Formen aus einem zweiten Bild, und das kann ein Look nicht behalten.
errors-look-sheet = Wähle zuerst eins der vier: Nur ein einzelner Traum hat einen Look.
errors-look-summon = Das wurde aus dem Nichts beschworen; ein Look braucht den Traum eines Bildes.
errors-no-model = Es gibt kein Netz namens „{ $name }“; es gibt { $names }.
errors-no-class = Unter den tausend Klassen von ImageNet ist keine namens „{ $name }“; versuch es mit golden retriever, jellyfish oder castle.
errors-many-kinds = Von „{ $name }“ gibt es mehrere Arten. Welche meinst du: { $names }?
errors-nothing-to-summon = Sag, was ich beschwören soll: eine Klasse wie golden retriever, goldfish oder castle.
errors-intensity = Die Stärke geht von 1 bis 11.
errors-chaos = Das Chaos geht von 1 bis 11.
errors-palette = Diese Palette gibt es nicht; wähle { $names }.
errors-source = Ein Traum beginnt mit { $names }.
errors-format = Dieses Format gibt es nicht; wähle { $names }.
errors-words-long = Ein Text hat höchstens { $most } Zeichen, dieser hat { $count }. Kürze ihn.
errors-words-mention = Erwähnungen, eigene Emojis und Uhrzeiten kann ich nicht schreiben. Schreib den Namen in einfachen Buchstaben.
errors-words-empty = Dieser Text hat keine sichtbaren Zeichen. Schreib ein paar Wörter.
errors-words-characters = Das kann ich nicht schreiben: { $characters }. Buchstaben, Ziffern und Satzzeichen gehen, Emojis nicht.
errors-seed = Eine Startzahl ist eine ganze Zahl von 0 bis { $most }.
errors-chaos-or-bends = Chaos wählt die Verbiegungen zufällig. Gib Verbiegungen oder Chaos an, nicht beides.
errors-needs-picture = Ein Traum braucht ein Bild.
errors-hellscape-needs-picture = Eine Höllenlandschaft, die mit einem Bild beginnt, braucht eins. Gib ein Bild an.
errors-recipe-needs-picture = Dieses Rezept braucht ein Bild; gib mir auch eins.
errors-recipe-mask = Dieses Rezept wurde mit einer Maske gemacht, die ich nicht habe; es lässt sich nicht wiederholen.
errors-recipe-guide = Dieser Traum hatte ein zweites Bild als Vorlage, das fehlt. Gib es noch einmal an.
errors-guide-as = Ein zweites Bild gibt { $names }.
errors-guide-as-alone = `guide_as` sagt, was der Traum von einem zweiten Bild übernimmt, aber es gibt keines. Häng es als `guide` an.
errors-style-preset = Ein Traum im Stil eines zweiten Bildes hat sein Aussehen von dort. Lass `preset` weg, oder nimm die Formen des Bildes.
errors-where = Geträumt wird von einem Bild { $names }.
errors-no-face = In diesem Bild habe ich kein Gesicht gefunden. Lass `where` weg, oder nimm ein Bild, auf dem ein Gesicht größer ist.
errors-recipe-damaged = Das Rezept in diesem Bild ist beschädigt. Nimm die Originaldatei, keine bearbeitete Kopie.
errors-too-thin = Dieses Bild hat { $size } Pixel und ist zu schmal zum Träumen; höchstens { $most } zu 1 geht.
errors-too-big = Dieses Bild ist zu groß ({ $size }). Schick eins mit höchstens { $most } Megapixeln und { $side } Pixeln je Seite.
errors-file-too-large = Diese Datei ist größer als { $most } MiB. Versuch es mit einer kleineren Kopie.
errors-link-too-large = Diese Datei ist größer als { $most } MiB. Versuch es mit einer kleineren Kopie davon.
errors-empty-file = Diese Datei ist leer. Lade sie noch einmal hoch.
errors-no-picture-file = Diese Datei ist kein Bild, das ich lesen kann. Lesen kann ich { $formats }.
errors-no-picture-format = { $format }-Dateien kann ich nicht lesen. Lesen kann ich { $formats }.
errors-no-picture-audio = Das ist eine Tondatei ({ $format }), ich träume aber Bilder. Lesen kann ich { $formats }. Zu einem Ton macht /hellscape ein Video.
errors-no-picture-raw = Das ist eine Rohdatei einer Kamera ({ $format }), die ich nicht lesen kann; exportiere sie als JPEG. Lesen kann ich { $formats }.
errors-no-picture-text = Diese Datei ist Text, kein Bild. Lesen kann ich { $formats }.
errors-no-picture-page = Diese Datei ist eine Webseite, kein Bild. Lesen kann ich { $formats }.
errors-cut-off = Von diesem Bild fehlt zu viel: Die Datei ist abgeschnitten oder beschädigt. Schick die ganze Datei.
errors-invisible = Dieses Bild ist ganz durchsichtig, also gibt es nichts zu träumen. Schick ein anderes.
errors-picture-damaged = Dieses Bild ist beschädigt: Ein Teil fehlt oder ergibt keinen Sinn. Speichere es noch einmal.
errors-link-page = Dieser Link führt zu einer Webseite, die nicht sagt, welches Bild sie zeigt. Öffne das Bild für sich und kopiere seine Adresse, oder lade es hoch.
errors-link-answered = { $host } hat mit { $status } statt mit einem Bild geantwortet. Prüf den Link, oder lade das Bild selbst hoch.
errors-link-expired = Discord hat dieses Bild nicht mehr, oder der Link ist abgelaufen. Lade das Bild noch einmal hoch.
errors-link-slow = Dieser Link hat zu lange für eine Antwort gebraucht. Versuch es noch einmal, oder lade das Bild selbst hoch.
errors-link-failed = Dieser Link ließ sich nicht abrufen. Prüf ihn, oder lade das Bild selbst hoch.
errors-link-odd = Diesen Link verstehe ich nicht. Er sollte mit https:// beginnen.
errors-link-scheme = Ich kann nur Links abrufen, die mit http:// oder https:// beginnen.
errors-link-private = Dieser Link führt zu keiner öffentlichen Webadresse. Lade das Bild stattdessen hoch.
errors-recipe-work = Dieses Rezept braucht { $work } Milliarden Rechenschritte; für einen Traum dieser Größe und Länge sind es höchstens { $most }. Verringere seine Schritte (steps) oder Oktaven (octaves).
errors-recipe-steps = Dieses Rezept braucht insgesamt { $steps } Schritte; für einen Traum dieser Länge sind es höchstens { $most }. Verringere seine Schritte (steps) oder Oktaven (octaves).
errors-recipe-loop = Die Schleife dieses Rezepts braucht { $frames } Bilder zurück zum ersten; höchstens { $most } sind erlaubt.
errors-two-values = Du hast für { $key } zwei Werte genannt: „{ $first }“ und „{ $second }“.
errors-unknown-word = Ich kenne „{ $word }“ nicht; meintest du { $names }? Versuch es mit `layer:mixed5 intensity:11`.
errors-whole-number = { $key } ist eine ganze Zahl, nicht „{ $word }“.
errors-layer-expected = Hier sollte der Name einer Schicht stehen, etwa mixed5:
errors-end-expected = Hier sollte + und noch eine Schicht kommen, oder Schluss sein:
errors-journey-end-expected = Hier sollte + und noch eine Schicht kommen, > und die nächste Station, oder Schluss sein:
errors-no-journey-here = Eine Reise mit > ist für /hellscape; ein Bild nimmt nur eine Summe von Schichten:
errors-weight-expected = Hier sollte ein Gewicht von { $least } bis 10 stehen, etwa 0.5:
errors-too-many-layers = Höchstens { $most } Schichten lassen sich mischen:
errors-no-recipe = Das ist kein Rezept; eins sieht so aus: { $example }.
errors-recipe-json = Dieses Rezept ist kein lesbares JSON.
errors-recipe-long = Dieses Rezept ist länger als { $most } kB.
errors-recipe-pixels = Dieses Rezept wird mit bis zu { $size } Megapixeln geträumt; hier sind höchstens { $most } möglich. Verringere seine Größe oder die zusätzlichen Oktaven (above).
errors-film-too-long = Dieses Video hätte { $frames } Bilder; höchstens { $most } werden geträumt.
errors-seconds = Die Sekunden sind eine Zahl über 0, etwa 8.
errors-zoom = Der Zoom geht von 0.8, nach außen, bis 1.25, nach innen; 1.03 ist üblich.
errors-too-much = { $what ->
    [video] Dieses Video
    [sound] Diesen Ton
   *[other] Dieses Bild
} konnte ich nicht verarbeiten. Versuch es mit einer kleineren Kopie.
errors-took-too-long = { $what ->
    [video] Das Verarbeiten dieses Videos
    [sound] Das Verarbeiten dieses Tons
   *[other] Das Verarbeiten dieses Bildes
} hat zu lange gedauert. Versuch es mit einer kleineren oder einfacheren Kopie.
errors-not-installed = Das Netz { $name } ist hier nicht installiert; nimm ein anderes.
errors-no-layer-here = In { $model } gibt es keine Schicht namens „{ $name }“, aber { $homes }. Meintest du diese oder { $names }?
errors-no-class-near = Unter den tausend Klassen von ImageNet ist keine namens „{ $name }“; meintest du { $names }?
errors-class-could-be = „{ $name }“ könnte { $names } sein. Nenn es genauer.
errors-too-many-classes = Höchstens { $most } Klassen können zusammen beschworen werden.
errors-only-suppressed = Nenne außer den unterdrückten mindestens eine Klasse, die beschworen werden soll.
errors-class-weight = Das Gewicht von { $name } ist eine Zahl von { $least } bis { $most }, wie in golden retriever*2.
errors-size-of-nothing = Eine Größe gilt nur für Bilder aus Rauschen; ein vorhandenes Bild behält seine eigene.
errors-layers-into-picture = In ein Bild können nur Klassen beschworen werden. Um eine Schicht hineinzuträumen, nimm dream.
errors-summon-long = Was beschworen werden soll, darf höchstens { $most } Zeichen haben.
errors-summon-size = Ein beschworenes Bild ist { $least } bis { $most } Pixel breit und hoch.
errors-too-long = Das sind { $count } Zeichen; erlaubt sind höchstens { $most }.
errors-no-value = { $key } hat keinen Wert. Versuch es mit `layer:mixed5 intensity:11`.
errors-bend-nowhere = Nach { $name } kommt keine Schicht mehr, deshalb ändert eine Verbiegung dort nichts. Verbieg eine frühere Schicht.
errors-bend-nowhere-here = Nach { $name } kommt keine Schicht mehr, deshalb ändert eine Verbiegung dort nichts. Verbieg eine frühere Schicht:
errors-bend-later = Eine Verbiegung bei { $name } ändert nichts an einem Traum von { $other }, das davor kommt. Verbieg eine frühere Schicht, oder träum eine tiefere.
errors-bend-at-expected = Hier sollte @ und die Schicht kommen, die verbogen wird, etwa { $example }:
errors-bend-expected = Hier sollte eine Verbiegung stehen, etwa { $example }:
errors-no-bend = Es gibt keine Verbiegung namens „{ $name }“; meintest du { $names }?
errors-no-bend-at-all = Es gibt keine Verbiegung namens „{ $name }“; es gibt { $names }.
errors-layer-expected-such-as = Hier sollte der Name einer Schicht stehen, etwa { $example }:
errors-amount-expected = Hier sollte eine Menge stehen, etwa { $example }:
errors-bend-whole-amount = { $name } nimmt eine ganze Zahl, { $least } bis { $most } ({ $unit }); { $mild } ist mild, { $wild } ist wild:
errors-bend-amount = { $name } nimmt { $least } bis { $most } ({ $unit }); { $mild } ist mild, { $wild } ist wild:
errors-bend-end-expected = Hier sollte + und noch eine Verbiegung kommen, oder Schluss sein:
errors-too-many-bends = Höchstens { $most } Verbiegungen können gemischt werden:
errors-strongest = Du kannst die 1 bis { $most } stärksten Kanäle wählen:
errors-bracket-expected = Hier sollte ] stehen:
errors-comma-expected = Hier sollte , oder ] stehen:
errors-too-many-stations = Eine Reise hat höchstens { $most } Stationen:
errors-channel-expected = Hier sollte die Nummer eines Kanals stehen:
errors-channel-range = Die Kanäle dieser Schicht sind von 0 bis { $most } nummeriert:
errors-too-many-channels = Höchstens { $most } Kanäle können genannt werden:
errors-size-odd = Eine Größe ist eine Zahl von Pixeln wie 512, oder zwei wie 640x360.
errors-hellscape-size = Eine Hellscape ist { $least } bis { $most } Pixel breit und hoch.
errors-frames-or-seconds = Gib die Länge des Videos in Bildern oder in Sekunden an, nicht beides.
errors-hellscape-frames = Eine Hellscape hat 1 bis { $most } Bilder.
errors-fps = Ein Video zeigt 1 bis { $most } Bilder in der Sekunde.
errors-rotation = Die Drehung geht von -45 bis 45 Grad je Bild; üblich ist 0.6.
errors-drift = Die Drift geht von -0.1 bis 0.1 des Bildes je Bild.
errors-start = Eine Hellscape beginnt mit fog, static oder picture.
errors-layer-long = Ein Schichtausdruck hat höchstens { $most } Zeichen.
errors-bend-long = Ein Ausdruck für Verbiegungen hat höchstens { $most } Zeichen.
errors-journey-long = Eine Reise hat höchstens { $most } Zeichen.
errors-preset-long = Der Name einer Vorlage hat höchstens 24 Buchstaben.
errors-model-long = Der Name eines Netzes hat höchstens 64 Buchstaben.
errors-closeness = Die Nähe geht von 0, frei, bis 1, wo sich nichts ändern darf.
errors-octaves-above = Höchstens { $most } Oktaven über der Größe des Bildes können geträumt werden.
errors-tile = Kacheln sind 128 bis 4096 Pixel breit.
errors-cannot-use = Dieser Wert von { $name } ist nicht möglich.
errors-recipe-object = Dieses Rezept ist kein JSON-Objekt.
errors-recipe-version = Dieses Rezept hat die Version { $version }; dieser dreambot liest { $known }.
errors-recipe-version-line = Dieses Rezept hat die Version { $version }; dieser dreambot liest bis { $known }.
errors-recipe-not-followed = Diesem Rezept kann ich nicht folgen: { $problem }.
errors-recipe-word = Ein Rezept hat kein Feld namens „{ $name }“.
errors-recipe-film-word = Das Rezept eines Videos hat kein Feld namens „{ $name }“.
errors-recipe-pair = { $name } sind in einem Rezept zwei Zahlen mit einem x dazwischen, nicht „{ $word }“.
errors-recipe-twice = Dieses Rezept sagt „{ $name }“ zweimal.
errors-recipe-journey = Eine Reise mit > ist für eine Hellscape; dieses Rezept ist keine.
errors-recipe-in-picture-long = Das Rezept in diesem Bild ist größer als 16 kB, also ist es keins von mir.
errors-no-frames = Dieses Video hat keine Bilder.
errors-film-came-to-nothing = Das Video ließ sich nicht erstellen: Es hat keine Bilder.
errors-film-file-small = Dieses Video hat zu viele Bilder für eine so kleine Datei. Nimm weniger Bilder.
errors-picture-says = Dieses Bild gibt { $size } Pixel an, also ist es beschädigt. Speichere es neu.
errors-picture-thin = Dieses Bild ist zu schmal ({ $size }). Die lange Seite darf { $most }-mal so lang sein wie die kurze.
errors-picture-unpack = Dieses Bild ist zu groß zum Auspacken. Versuch es mit einer kleineren Kopie.
errors-animation-long = Diese Animation hat mehr als { $most } Bilder. Schick eine kürzere.
errors-video-damaged = Dieses Video ist beschädigt: ein Teil fehlt oder ergibt keinen Sinn. Speichere es neu.
errors-video-not-here = Das ist ein Video, und PyAV, das Videos liest, ist hier nicht installiert. Schick ein Bild oder ein GIF.
errors-video-sound = Dieses Video hat kein Bild, nur Ton. Schick eins, auf dem etwas zu sehen ist.
errors-no-sound = In dieser Datei habe ich keinen Ton gefunden, den ich abspielen kann. Versuch es mit MP3, OGG, WAV, M4A oder MP4.
errors-sound-not-here = Ton liest PyAV, das hier nicht installiert ist. Lass den Ton weg.
errors-sound-loop = Eine Höllenlandschaft zu einem Ton kann keine Schleife sein. Lass eins von beidem weg.
errors-video-kind = Diese Art Video kann ich nicht lesen. H.264, VP9 und AV1 gehen.
errors-mp4-not-here = Ich kann hier kein MP4 schreiben, weil PyAV nicht installiert ist. Nimm webp oder gif.
errors-link-round = Dieser Link führt von einer Seite zur nächsten und nie zu einem Bild. Lade es lieber hoch.
errors-link-packed = Der Server hinter diesem Link komprimiert seine Dateien so, dass ich sie nicht lesen kann. Lade das Bild lieber hoch.
errors-link-stopped = Der Server hinter diesem Link hat die Übertragung mitten im Bild abgebrochen. Versuch es noch einmal.
errors-link-long = Dieser Link ist länger als { $most } Zeichen. Lade das Bild lieber hoch.
errors-link-password = Links mit einem Namen oder Passwort darin benutze ich nicht. Lade das Bild lieber hoch.
errors-link-port = Ich hole nur von den üblichen Web-Ports, 80 und 443. Lade das Bild lieber hoch.
errors-link-not-discord = Auf { $host } bewahrt Discord keine Anhänge auf. Lade das Bild noch einmal hoch.
errors-no-file = Es gibt keine Datei namens „{ $name }“. Prüf den Namen und versuch es noch einmal.
errors-file-gone = Dein Traum war fertig, aber ich konnte ihn so lange nicht zustellen, dass ich ihn gelöscht habe. Versuch es bitte noch einmal.
errors-disk-full = Meine Festplatte ist gerade voll; versuch es bitte etwas später noch einmal.
errors-cannot-store = Ich kann gerade keine Bilder speichern; versuch es bitte etwas später noch einmal.
errors-shutting-down = Ich fahre gerade herunter; frag bitte in einer Minute noch einmal.
errors-no-classes = Diese Gewichte von { $name } haben keine Klassen; träum eine andere Schicht.
errors-class-range = Diese Gewichte von { $name } haben { $count } Klassen, nummeriert von 0 bis { $most }.
errors-mask-again = Dieser Traum hatte eine Maske, die fehlt. Gib sie noch einmal an.
errors-mask-black = Diese Maske ist ganz schwarz, so würde nichts geträumt. Male die Stelle weiß, die geträumt werden soll.
errors-something-too-much = { $what ->
    [video] Dieses Video
    [sound] Diesen Ton
   *[other] Dieses Bild
} konnte ich nicht verarbeiten. Versuch es mit einer anderen Kopie.
errors-problem-model = es gibt hier kein Netz namens „{ $name }“; vielleicht braucht es einen neueren dreambot
errors-problem-bands = alle Bänder des Gradienten sind ausgeschaltet
errors-problem-journey-layers = eine Reise nennt höchstens { $most } Schichten
errors-problem-journey-channels = eine Reise nennt höchstens { $most } Kanäle
errors-problem-octave = mindestens eine Oktave muss die Größe des Traums selbst haben
errors-problem-both-films = ein Rezept ist für eine Hellscape oder für ein vorhandenes Video, nicht für beides
errors-sheet-format = Vier Looks sind ein einziges Standbild: Lass „format“ weg.
errors-problem-sheet = die vier Rezepte eines Bogens haben dasselbe { $name }
errors-problem-tiles = feedback und delay brauchen das ganze Bild, deshalb gehen sie nicht mit Kacheln
errors-problem-layer = das Netz { $model } hat keine Schicht „{ $name }“
errors-problem-bend-layer = das Netz { $model } hat keine Schicht „{ $name }“ zum Verbiegen
errors-problem-channels = { $name } hat nur { $count } Kanäle
errors-problem-strongest = { $name } nimmt die stärksten Kanäle oder benannte, nicht beides
errors-problem-guide = ein Führungsbild wird Stelle für Stelle verglichen, und Klassen haben keine Stellen
errors-problem-where = nur bei einem stehenden Bild lassen sich die Gesichter oder alles um sie herum träumen
errors-problem-spectrum-film = ein Traum aus einem Spektrum ist ein Bild, kein Video
errors-problem-nothing = ein Traum aus Rauschen hat kein Ausgangsbild für Maske, Nähe, Farben oder Licht
errors-problem-tone = nur Träume von Bildern und Videos haben einen Farbton
errors-problem-text = nur Träume von Bildern und Videos oder aus Rauschen haben einen Text
errors-problem-statistics = statistics geht nur mit Klassen von mobilenet_v2 aus Rauschen
errors-problem-loop = eine Schleife kann nicht länger sein als das Video
errors-problem-loudness = die Lautstärkekurve braucht ein Zeichen für jedes geträumte Bild, und keine Schleife
errors-problem-legs = gib eine Zahl für alle Etappen der Reise an, oder eine für jede
errors-problem-other-weights = other_weights muss jedes weitere Netz der Schichten nennen, in alphabetischer Reihenfolge
errors-problem-weight = ein Gewicht ist mindestens { $least }
errors-problem-channel-twice = ein Kanal ist zweimal genannt
errors-problem-named-or-strongest = Kanäle werden benannt oder nach Stärke gewählt, nicht beides
errors-problem-at-most = { $field } ist höchstens { $most }
errors-problem-at-least = { $field } ist mindestens { $least }
errors-problem-below = { $field } ist kleiner als { $most }
errors-problem-above = { $field } ist größer als { $least }
errors-problem-missing = { $field } fehlt
errors-problem-unknown = ein Feld { $field } gibt es nicht
errors-problem-one-of = { $field } ist eines von { $values }
errors-problem-value = { $field } hat einen Wert, der nicht möglich ist
errors-problem-bend-whole-amount = { $name } nimmt eine ganze Zahl, { $least } bis { $most } ({ $unit }); { $mild } ist mild, { $wild } ist wild
errors-problem-bend-amount = { $name } nimmt { $least } bis { $most } ({ $unit }); { $mild } ist mild, { $wild } ist wild
# A sentence that an earlier version stored.
errors-verbatim = { $text }
errors-names-of = { $names } … ({ $count } insgesamt)
errors-some-class = einer Klasse
errors-database-unreachable = Ich erreiche meine Datenbank gerade nicht; bitte versuch es in einer Minute noch einmal.
