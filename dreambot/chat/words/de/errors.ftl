errors-person-full = Du hast { $count ->
    [one] einen Traum
   *[other] { $count } Träume
} in der Warteschlange, und mehr bewahre ich für eine Person nicht auf; warte, bis einer fertig ist, oder brich einen ab, und frag dann noch einmal.
errors-server-full = Dieser Server hat { $count ->
    [one] einen Traum
   *[other] { $count } Träume
} in der Warteschlange, und mehr bewahre ich für einen Server nicht auf; sobald einige fertig sind, ist wieder Platz.
errors-all-full = Bei mir warten schon { $count ->
    [one] { $count } Traum
   *[other] { $count } Träume
}, mehr kann ich mir nicht merken; frag bitte in ein, zwei Minuten noch einmal.
errors-cannot-dream = Ich kann gerade nicht träumen: Der Teil von mir, der das tut, kommt nicht hoch. Versuch es bitte später noch einmal.
errors-too-slow = Dieser Traum hat mehr als { $seconds } Sekunden gebraucht, also habe ich ihn angehalten; ein kleineres Bild oder weniger Stärke geht schneller.
errors-broke-down = Der Traum ist zweimal abgestürzt, also habe ich ihn aufgegeben; mit einem anderen Bild oder einer anderen Schicht klappt es vielleicht.
errors-out-of-memory = Dieses Bild braucht mehr Speicher, als ich habe; ein kleineres geht.
errors-restarted = Ich wurde neu gestartet, bevor ich dein Bild gesehen hatte; frag bitte noch einmal.
errors-gave-up = Dieser Traum wurde zehnmal begonnen und nie fertig, also habe ich ihn aufgegeben.
errors-broken = Bei mir ist etwas schiefgegangen, und wer mich betreibt, kann im Protokoll lesen, was; versuch es bitte noch einmal.
errors-no-promise = Ich kann mir gerade nichts aufschreiben, also verspreche ich lieber nichts; versuch es bitte in einer Minute noch einmal.
errors-no-layer = Es gibt keine Schicht namens „{ $name }“; meintest du { $names }?
errors-no-preset = Es gibt keine Vorlage namens „{ $name }“; meintest du { $names }?
errors-no-preset-at-all = Es gibt keine Vorlage namens „{ $name }“; es gibt { $names }.
errors-no-model = Es gibt kein Modell „{ $name }“; es gibt { $names }.
errors-no-class = Unter den tausend Klassen von ImageNet ist keine namens „{ $name }“; { $hint }
errors-many-kinds = Von „{ $name }“ gibt es hier viele Arten; welche soll es sein? { $names }.
errors-nothing-to-summon = Sag, was ich beschwören soll: eine Klasse wie golden retriever, goldfish oder castle.
errors-intensity = Die Stärke geht von 1 bis 11.
errors-chaos = Das Chaos geht von 1 bis 11.
errors-seed = Eine Startzahl ist eine ganze Zahl von 0 bis { $most }.
errors-chaos-or-bends = Chaos lost die Verbiegungen selbst aus; nenn Verbiegungen oder Chaos, nicht beides.
errors-needs-picture = Ein Traum braucht ein Bild, das er weiterträumt.
errors-hellscape-needs-picture = Eine Höllenlandschaft, die mit einem Bild beginnt, braucht eins; gib mir auch ein Bild.
errors-recipe-needs-picture = Dieses Rezept braucht ein Bild; gib mir auch eins.
errors-recipe-mask = Dieses Rezept wurde mit einer Maske gemacht, die ich nicht habe; es lässt sich nicht wiederholen.
errors-recipe-guide = Diesen Traum hat ein zweites Bild geleitet, das nicht hier ist; gib mir auch das noch einmal.
errors-recipe-damaged = Das Rezept in diesem Bild ist beschädigt. Nimm die Originaldatei, keine bearbeitete Kopie.
errors-too-thin = Dieses Bild hat { $size } Pixel und ist zu schmal zum Träumen; höchstens { $most } zu 1 geht.
errors-too-big = Dieses Bild ist zu groß ({ $size }). Schick eins mit höchstens { $most } Megapixeln und { $side } Pixeln je Seite.
errors-file-too-large = Diese Datei ist größer als { $most } MiB. Versuch es mit einer kleineren Kopie.
errors-link-too-large = Diese Datei ist größer als { $most } MiB. Versuch es mit einer kleineren Kopie davon.
errors-empty-file = Diese Datei ist leer. Lade sie noch einmal hoch.
errors-no-picture-file = Diese Datei ist kein Bild, das ich lesen kann. Lesen kann ich { $formats }.
errors-no-picture-format = { $format }-Dateien kann ich nicht lesen. Lesen kann ich { $formats }.
errors-no-picture-audio = Das ist eine Tondatei ({ $format }), ich träume aber Bilder. Lesen kann ich { $formats }.
errors-no-picture-raw = Das ist eine Rohdatei einer Kamera ({ $format }), die ich nicht lesen kann; exportiere sie als JPEG. Lesen kann ich { $formats }.
errors-no-picture-text = Diese Datei ist Text, kein Bild. Lesen kann ich { $formats }.
errors-no-picture-page = Diese Datei ist eine Webseite, kein Bild. Lesen kann ich { $formats }.
errors-cut-off = Von diesem Bild fehlt zu viel: Die Datei ist abgeschnitten oder beschädigt. Schick die ganze Datei.
errors-invisible = Dieses Bild ist ganz durchsichtig, da gibt es nichts zu träumen. Schick ein anderes.
errors-picture-damaged = Dieses Bild ist beschädigt: Ein Teil fehlt oder ergibt keinen Sinn. Speichere es noch einmal.
errors-link-page = Dieser Link führt zu einer Webseite, die nicht sagt, welches Bild sie zeigt. Öffne das Bild für sich und kopiere seine Adresse, oder lade es hoch.
errors-link-answered = { $host } hat mit { $status } statt mit einem Bild geantwortet. Prüf den Link, oder lade das Bild selbst hoch.
errors-link-expired = Discord hat dieses Bild nicht mehr, oder der Link ist abgelaufen. Lade das Bild noch einmal hoch.
errors-link-slow = Dieser Link hat zu lange für eine Antwort gebraucht. Versuch es noch einmal, oder lade das Bild selbst hoch.
errors-link-failed = Dieser Link ließ sich nicht abrufen. Prüf ihn, oder lade das Bild selbst hoch.
errors-link-odd = Das ist kein Link, den ich verstehe. Er sollte mit https:// beginnen.
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
errors-film-too-long = Dieser Film hätte { $frames } Bilder; höchstens { $most } werden geträumt.
errors-seconds = Die Sekunden sind eine Zahl über 0, etwa 8.
errors-zoom = Der Zoom geht von 0.8, nach außen, bis 1.25, nach innen; 1.03 ist üblich.
errors-too-much = { $what ->
    [film] Dieser Film
   *[other] Dieses Bild
} war zu viel für mich. Versuch es mit einer kleineren Kopie.
errors-took-too-long = { $what ->
    [film] Dieser Film
   *[other] Dieses Bild
} hat zu lange gebraucht. Versuch es mit einer kleineren oder einfacheren Kopie.
