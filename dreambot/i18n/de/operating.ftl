# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **Was ich über dich aufhebe**
operating-privacy-source = 🖼️ Dein Bild: solange sein Traum entsteht, höchstens { $hours ->
    [one] eine Stunde
   *[other] { $hours } Stunden
}.
operating-privacy-result = 📦 Einen Traum, den ich nicht zustellen konnte: höchstens { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}. Alle anderen Träume liegen nur bei Discord.
operating-privacy-job = 🧾 Von jedem Traum: wer gefragt hat, wo und wann, woher das Bild kam und wie es hieß, das Rezept, und welche Vergleiche damit wer allen gezeigt hat, damit die Knöpfe weiter funktionieren. Bis du es löschst.
operating-privacy-settings = ⚙️ Was du mit den Knöpfen hier unten einstellst, die Looks, die du gespeichert hast, und deinen Standard-Look.
operating-privacy-hall = ⭐ Welche deiner Träume in eine Ruhmeshalle weitergeleitet wurden. Die Weiterleitung wird mit dem Traum gelöscht.
operating-privacy-never = -# Namen von Leuten und Nachrichten hebe ich nicht auf, und dein Bild verlässt nie seinen Kanal; das kann nur ein Traum, in die Ruhmeshalle seines Servers.
operating-privacy-untouchable = { $on ->
    [yes] ✅ Andere dürfen meine Bilder nicht träumen
   *[no] Andere sollen meine Bilder nicht träumen
}
operating-privacy-previews = { $on ->
    [yes] ✅ Vorschau zeigen, während ich warte
   *[no] Daten sparen: keine Vorschau (tippen zum Zeigen)
}
operating-privacy-ping = { $on ->
    [yes] ✅ Nach langem Warten anpingen
   *[no] Nach langem Warten anpingen
}
operating-privacy-export = Meine Daten speichern
operating-privacy-delete = Meine Daten löschen …
operating-privacy-keep = Alles behalten
operating-privacy-erase = Meine Daten löschen
operating-privacy-erase-posted = { $count ->
    [one] Meine Daten löschen und meinen Traum im Kanal
   *[other] Meine Daten löschen und meine { $count } Träume in Kanälen
}
operating-privacy-sure = **Alles löschen, was ich über dich aufhebe?** Deine laufenden Träume enden, dein Verlauf und deine Einstellungen werden gelöscht, die Knöpfe unter deinen Träumen funktionieren nicht mehr, und Vergleiche, die deine Bilder oder Träume zeigen oder die du allen gezeigt hast, werden gelöscht. Nur Rezepte bleiben, ohne Verbindung zu dir. Das lässt sich nicht rückgängig machen.
operating-privacy-erasing = Ich lösche … das kann ein paar Minuten dauern.
operating-privacy-erased = { $count ->
    [0] Erledigt. Es gab keinen Traum von dir, und deine Einstellungen sind gelöscht.
    [one] Erledigt. Ich habe einen Traum von dir und deine Einstellungen gelöscht.
   *[other] Erledigt. Ich habe { $count } Träume von dir und deine Einstellungen gelöscht.
}
operating-privacy-deleted = { $count ->
    [one] Ein Traum wurde aus seinem Kanal gelöscht.
   *[other] { $count } Träume wurden aus ihren Kanälen gelöscht.
}
operating-privacy-left = { $count ->
    [one] Ein Traum liegt dort, wo ich ihn nicht löschen kann; die Moderation des Kanals kann es.
   *[other] { $count } Träume liegen dort, wo ich sie nicht löschen kann; die Moderation der Kanäle kann es.
}
operating-privacy-exported = { $count ->
    [one] Alles, was ich über dich aufhebe: ein Traum und deine Einstellungen.
   *[other] Alles, was ich über dich aufhebe: { $count } Träume und deine Einstellungen.
}

# /help. $command: a command that can be tapped.
operating-help-title = **Mach aus einem Bild einen Traum**
operating-help-post = 1️⃣ Such dir ein Bild im Chat, oder poste eines.
operating-help-menu = 2️⃣ Drück lange auf die Nachricht → **Apps** → **{ menu-dream-this }**. (Mit der Maus: Rechtsklick.)
operating-help-buttons = 3️⃣ Drück die Knöpfe unter dem Traum: tiefer, lauter, zurück …
operating-help-dream = { $command } wähle den Look und wie stark er ist
operating-help-hellscape = { $command } ein Video, das in den Traum hineinfällt
operating-help-bend = { $command } mach das Netz auf schöne Weise kaputt
operating-help-summon = { $command } ruf etwas aus dem Nichts herbei
operating-help-layers = { $command } sieh, wovon jede Schicht träumt
operating-help-privacy = { $command } was ich aufhebe, und wie man es löscht
operating-help-picture-first = Eine Katze, und dieselbe Katze geträumt: Grüne Augen, Schuppen und kleine Tiere wachsen aus ihrem Fell.
operating-help-picture-looks = Neun Vorlagen auf einer Tasse Kaffee: eyes, oracle, fur, storm, tartan, totem, lotus, agate und wool.
operating-help-picture-more = Ein Bild aus einer Höllenlandschaft voller Augen, eine verbogene Tasse in wilden Farben und ein herbeigerufener Leuchtturm.

# /about
operating-about = Ich bin ein Bot, der gepostete Bilder träumt: Ich suche, was ein neuronales Netz in ihnen sieht, und male mehr davon (DeepDream). Ich bin freie Software unter der MIT-Lizenz. Das sind die Netze:
operating-about-model = { $title }
    Von { $authors }
    Lizenz: { $licence }
operating-about-own-model = Ein Netz, das der Betreiber dieses Bots hinzugefügt hat.
operating-about-thanks = Gemacht mit PyTorch, discord.py, Pillow und vielem mehr; THIRD_PARTY.md nennt alles.
operating-about-invite = Auf einen Server holen
operating-about-source = Quellcode

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] Hier wurde noch nichts geträumt.
    [one] Hier wurde **ein** Traum geträumt.
   *[other] Hier wurden **{ $count }** Träume geträumt.
}
operating-stats-layers = **Beliebteste Schichten**
operating-stats-presets = **Beliebteste Vorlagen**
operating-stats-summoned = **Am häufigsten beschworen**
operating-stats-yours-here = { $count ->
    [0] Keiner davon ist von dir. /help zeigt, wie es geht.
    [one] **Einer** davon ist von dir.
   *[other] **{ $count }** davon sind von dir.
}
operating-stats-yours = { $count ->
    [0] Du hast noch nicht geträumt. /help zeigt, wie es geht.
    [one] Du hast **einmal** geträumt.
   *[other] Du hast **{ $count }**-mal geträumt.
}

# The states of a job.
operating-state-received = angenommen
operating-state-queued = wartend
operating-state-running = träumend
operating-state-delivering = unterwegs
operating-state-done = fertig
operating-state-failed = gescheitert
operating-state-cancelled = abgebrochen

# /admin, which owners see.
operating-admin-owners-only = Nur die Eigentümer dieses Bots können /admin benutzen.
operating-admin-synced = { $count ->
    [one] Ein Befehl veröffentlicht. Bis Discord ihn zeigt, kann es eine Minute dauern.
   *[other] { $count } Befehle veröffentlicht. Bis Discord sie zeigt, kann es eine Minute dauern.
}
operating-admin-draining = { $count ->
    [0] Ich nehme keine neuen Träume an. Es läuft keiner.
    [one] Ich nehme keine neuen Träume an. Ein Traum läuft …
   *[other] Ich nehme keine neuen Träume an. { $count } Träume laufen …
}
operating-admin-drained = Leergelaufen: Hier läuft nichts mehr. Starte mich neu, um weiterzumachen; unfertige Träume gehen dann weiter.
operating-admin-no-devices = Im Moment gibt es kein Gerät.
operating-admin-device-jobs = { $count ->
    [0] frei
    [one] ein Traum läuft
   *[other] { $count } Träume laufen
}
operating-admin-device-busy = insgesamt { $duration } beschäftigt
operating-admin-device-restarts = { $count ->
    [one] einmal neu gestartet
   *[other] { $count }-mal neu gestartet
}
operating-admin-device-check = Selbsttest nicht bestanden ({ $problem }), daher langsamer. Was zu tun ist, steht im Log.
operating-admin-model-here = installiert
operating-admin-model-missing = nicht installiert; { $command } installiert es
operating-admin-stats-servers = { $count ->
    [one] Auf einem Server, { $latency } ms von Discord.
   *[other] Auf { $count } Servern, { $latency } ms von Discord.
}
operating-admin-stats-waiting = { $count ->
    [0] Die Warteschlange ist leer.
    [one] Ein Traum wartet, seit { $duration }.
   *[other] { $count } Träume warten, der erste seit { $duration }.
}
operating-admin-stats-unfinished = Jetzt:
operating-admin-stats-day = Letzte 24 Stunden:
operating-admin-stats-week = Letzte 7 Tage:
operating-admin-stats-state = { $count } { $state }
operating-admin-server-blocked = Ich lehne jetzt jeden Wunsch von { $server } ab.
operating-admin-server-unblocked = Ich nehme wieder Wünsche von { $server } an.
operating-admin-person-blocked = Ich lehne jetzt überall jeden Wunsch von { $person } ab.
operating-admin-person-unblocked = Ich nehme wieder Wünsche von { $person } an, soweit die Moderation eines Servers nichts anderes sagt.
operating-admin-not-blocked = { $server } war nicht gesperrt.
operating-admin-no-server = Das ist keine Server-ID. Wähl eine aus der Liste, oder kopier eine ID: eine Zahl mit etwa 19 Ziffern.
