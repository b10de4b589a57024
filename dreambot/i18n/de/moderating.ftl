# Was die Moderation einstellt, und was man liest, wo etwas nicht erlaubt ist.

moderating-blocked-here = Du darfst auf diesem Server nicht träumen: Die Moderation hat dich gesperrt. Mit /unblock kann sie das aufheben.
moderating-blocked-everywhere = Der Betreiber dieses Bots hat dich gesperrt, deshalb kann ich nicht für dich träumen.
moderating-blocked-server = Der Betreiber dieses Bots hat diesen Server gesperrt, deshalb träume ich hier nichts.
moderating-not-here = In diesem Kanal darf ich nicht träumen; frag mich in { $channels }
moderating-no-pictures = Deine Rollen erlauben auf diesem Server keine Träume. Die Moderation kann das mit /settings ändern.
moderating-day-full = { $count ->
    [one] Du hattest hier heute schon deinen Traum. Den nächsten gibt es { $when }.
   *[other] Du hattest hier heute schon deine { $count } Träume. Den nächsten gibt es { $when }.
}
moderating-queue-full = { $count ->
    [one] Du hast hier einen Traum in der Warteschlange, und mehr sind nicht erlaubt. Frag wieder, wenn er fertig ist.
   *[other] Du hast hier { $count } Träume in der Warteschlange, und mehr sind nicht erlaubt. Frag wieder, wenn einer fertig ist.
}
moderating-too-intense = Auf diesem Server geht die Stärke von 1 bis { $most }; nimm etwas davon.
moderating-no-films = Deine Rollen erlauben auf diesem Server keine Videos; Bilder gehen.
moderating-too-long = { $most ->
    [one] Ein Video darf hier 1 Sekunde lang sein; nimm ein kürzeres.
   *[other] Ein Video darf hier { $most } Sekunden lang sein; nimm ein kürzeres.
}

moderating-page-title = Was ich hier darf
moderating-page-channels = **Wo ich träumen darf**
moderating-page-everywhere = Überall
moderating-page-autodream = **Auto-Traum in diesem Kanal**
    { $state }
moderating-page-change = Ändern …
moderating-page-limits = **Was man haben darf**
moderating-page-everyone = Alle …
moderating-page-role = Grenzen einer Rolle …
moderating-page-remove = Grenzen entfernen: { $role }
moderating-page-remove-which = Grenzen einer Rolle entfernen …
moderating-page-intensity = Stärke: bis { $most }
moderating-page-language = Sprache: { $language }
moderating-page-language-asked = Sprache: die des Mitglieds
moderating-page-delete-asker = Löschen: wer fragte, Moderation
moderating-page-delete-everyone = Löschen: alle
moderating-page-captions = { $state ->
    [on] Zerfallende Bildzeilen: an
   *[off] Zerfallende Bildzeilen: aus
}
moderating-page-previews = { $state ->
    [on] Vorschau: an
   *[off] Vorschau: aus
}
moderating-page-hall = **Ruhmeshalle**: Träume mit genug ⭐ werden in einen Kanal weitergeleitet
moderating-page-hall-none = Aus; wähle einen Kanal
moderating-page-stars = { $count ->
    [one] Ruhmeshalle: ab einem ⭐
   *[other] Ruhmeshalle: ab { $count } ⭐
}
moderating-page-gallery-how = **Galerie im Web**: Mitglieder dürfen ihre Träume von hier dort zeigen. „Nicht erlaubt“ entfernt auch, was schon gezeigt wird.
moderating-page-gallery = { $state ->
    [on] Zeigen: erlaubt
   *[off] Zeigen: nicht erlaubt
}
moderating-page-log = **Wo ich protokolliere, was die Moderation tut**
moderating-page-log-none = Nirgends
moderating-page-lacking = In { $channel } fehlt mir { $permissions }
moderating-back = Zurück
moderating-not-yours = Das darf nur die Moderation dieses Servers.
moderating-stale = Diese Seite ist veraltet; öffne mit /settings eine neue.
moderating-too-many-roles = { $most } Rollen haben schon Grenzen. Entferne erst die einer anderen Rolle.

moderating-limit-pictures = { $count ->
    [0] keine Träume
    [one] { $count } Traum am Tag
   *[other] { $count } Träume am Tag
}
moderating-limit-seconds = { $count ->
    [0] keine Videos
   *[other] Videos bis { $count } s
}
moderating-limit-side = bis { $count }×{ $count } Pixel
moderating-limit-queue = { $count ->
    [one] { $count } wartender Traum
   *[other] { $count } wartende Träume
}
moderating-limit-none = keine Grenzen

moderating-form-title = Grenzen: { $role }
moderating-form-none = leer: keine Grenze
moderating-form-pictures = Träume am Tag
moderating-form-pictures-how = 0 bis 10000; bei 0 gibt es gar keine
moderating-form-pictures-wrong = Träume am Tag sind eine ganze Zahl von 0 bis 10000, oder nichts für keine Grenze.
moderating-form-seconds = Längstes Video in Sekunden
moderating-form-seconds-how = 0 bis 60; bei 0 gibt es keine Videos
moderating-form-seconds-wrong = Das längste Video hat 0 bis 60 Sekunden, oder nichts für keine Grenze.
moderating-form-side = Größtes Bild in Pixeln
moderating-form-side-how = 256 bis 4096: die Seite eines so großen Quadrats
moderating-form-side-wrong = Das größte Bild ist eine ganze Zahl von Pixeln von 256 bis 4096, oder nichts für keine Grenze.
moderating-form-queue = Träume, die zugleich warten
moderating-form-queue-how = 1 bis 100
moderating-form-queue-wrong = Wartende Träume sind eine ganze Zahl von 1 bis 100, oder nichts für keine Grenze.

moderating-auto-title = Auto-Traum in { $channel }: { $state }
moderating-auto-now = Auto-Traum ist jetzt { $state }.
moderating-auto-off = aus
moderating-auto-post = an, { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } der Bilder
moderating-auto-reaction = an, für ein 👁️ an einem Bild
moderating-auto-blind = Ich sehe nicht, welche Bilder gepostet werden: Der Message Content Intent ist im Developer Portal aus, und nur wem der Bot gehört, kann das ändern.
moderating-auto-elsewhere = In diesem Kanal darf ich nicht träumen: Er ist in /settings nicht ausgewählt.
moderating-chance-off = Aus
moderating-chance = An: { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } der Bilder
moderating-trigger-post = Wann: ein Bild wird gepostet
moderating-trigger-reaction = Wann: jemand setzt ein 👁️ an ein Bild
moderating-look-surprise = Aussehen: jedes Mal eine Überraschung
moderating-look-roulette = Aussehen: jedes Mal eine andere Vorlage
moderating-cooldown-none = Pause: keine
moderating-cooldown-seconds = Pause: { $count } s
moderating-cooldown-minutes = Pause: { $count } min
moderating-cooldown-hours = Pause: { $count } h
moderating-hourly = Höchstens { $count } in der Stunde
moderating-hourly-most = Höchstens { $count } pro Stunde, mein Limit

moderating-block-whom = Bots und dich selbst kannst du nicht sperren. Nenn jemand anderen.
moderating-block-done = { $person } darf mich auf diesem Server nicht mehr benutzen. /unblock hebt das auf.
moderating-unblock-done = { $person } darf mich wieder benutzen.
moderating-unblock-not = { $person } war hier nicht gesperrt.
moderating-blocked-list = Hier gesperrt: { $people }
moderating-blocked-nobody = Hier ist niemand gesperrt.
moderating-forget-what = Gib mir den Link zur Nachricht eines Traums (lange drücken → Nachrichtenlink kopieren), oder eine Person.
moderating-not-a-dream = Diese Nachricht enthält keinen Traum dieses Servers, oder er wurde schon entfernt.
moderating-forget-none = Von { $person } gibt es hier keinen Traum.
moderating-forget-sure = { $count ->
    [one] Von { $person } gibt es hier { $count } Traum, mit den Träumen daraus. Das lässt sich nicht rückgängig machen.
   *[other] Von { $person } gibt es hier { $count } Träume, mit den Träumen daraus. Das lässt sich nicht rückgängig machen.
}
moderating-forget-button = { $count ->
    [one] { $count } Traum entfernen
   *[other] { $count } Träume entfernen
}
moderating-forget-done = { $count ->
    [0] Es wurde nichts entfernt.
    [one] { $count } Traum ist weg, seine Dateien auch.
   *[other] { $count } Träume sind weg, ihre Dateien auch.
}
moderating-forget-left = { $count ->
    [one] { $count } Nachricht konnte ich nicht entfernen: Ich sehe ihren Kanal nicht, oder du moderierst ihn nicht.
   *[other] { $count } Nachrichten konnte ich nicht entfernen: Ich sehe ihre Kanäle nicht, oder du moderierst sie nicht.
}
moderating-forget-more = Vielleicht gibt es noch mehr. Nimm den Befehl noch einmal.

moderating-queue = { $count ->
    [0] Die Warteschlange ist leer.
    [one] { $count } Traum in der Warteschlange
   *[other] { $count } Träume in der Warteschlange
}
moderating-queue-more = … und noch { $count }
moderating-queue-somebody = jemand
moderating-queue-refresh = Neu laden
moderating-queue-pick = Einen davon abbrechen …
moderating-queue-cancel = Abbrechen: { $dream }
moderating-queue-over = Dieser Traum ist schon vorbei.
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }, fertig in etwa { $duration }
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }, noch { $duration }
moderating-state-received = lädt das Bild
moderating-state-queued = wartet
moderating-state-running = wird geträumt
moderating-state-delivering = wird geschickt
moderating-kind-dream = Traum
moderating-kind-hellscape = Höllenlandschaft
moderating-kind-summon = Beschwörung
moderating-kind-repeat = Rezept
moderating-kind-autodream = Auto-Traum

moderating-log-settings = { $who } hat meine Einstellungen geändert.
moderating-log-look-saved = { $who } hat den Look „{ $name }“ für diesen Server gespeichert.
moderating-log-look-deleted = { $who } hat den Look „{ $name }“ dieses Servers gelöscht.
moderating-log-auto-on = { $who } hat Auto-Traum in { $channel } eingeschaltet.
moderating-log-auto-off = { $who } hat Auto-Traum in { $channel } ausgeschaltet.
moderating-log-block = { $who } hat { $person } gesperrt.
moderating-log-unblock = { $who } hat { $person } entsperrt.
moderating-log-cancelled = { $who } hat einen Traum von { $person } abgebrochen.
moderating-log-forgot = { $count ->
    [one] { $who } hat { $count } Traum entfernt.
   *[other] { $who } hat { $count } Träume entfernt.
}
moderating-log-forgot-of = { $count ->
    [one] { $who } hat { $count } Traum von { $person } entfernt.
   *[other] { $who } hat { $count } Träume von { $person } entfernt.
}
