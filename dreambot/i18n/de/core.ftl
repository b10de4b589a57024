# Ein Traum unterwegs.
core-received = Ich sehe mir das Bild an …
core-received-nothing = Ich greife ins Dunkle …
core-no-dream = -# Diesmal kein Traum.
core-waiting = In der Warteschlange: { core-place }
core-waiting-until = In der Warteschlange: { core-place }, fertig in etwa { $duration }
core-place = Platz { $place }
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · Oktave { $octave } von { $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · Bild { $picture } von { $pictures }
# $progress: where the album stands, such as core-waiting
core-album = { $count } Bilder · { $progress }
core-left = { $progress } · noch { $duration }
core-video = Video, { core-seconds } lang · { $progress }
core-parked = Ich muss neu starten. Dein Traum behält seinen Platz und geht danach weiter.
core-late = Dein Traum hat etwas gedauert; hier ist er.
core-ping = Dein Traum ist fertig.
core-missing-part = Die Datei ist abgeschnitten oder beschädigt: Etwa { $percent } % des Bildes fehlen. Den Rest habe ich geträumt.
core-sound-cut = Der Ton ist länger. Ich habe die ersten { $seconds } s genommen.

core-seconds = { $number } s
core-minutes = { $number } min
core-hours = { $number } h
core-days = { $number ->
    [one] { $number } Tag
   *[other] { $number } Tage
}

core-cancelled = Abgebrochen; es wurde nichts geträumt.
core-cancelled-by-moderator = Jemand von der Moderation hat deinen Traum abgebrochen.
core-withdrawn = Das Bild, das ich träumen sollte, wurde gelöscht, deshalb habe ich aufgehört.
core-shutting-down = Ich starte gleich neu und nehme keine neuen Träume an. Versuch es bitte in einer Minute noch einmal.
core-gone-wrong = Bei mir ist etwas schiefgegangen und dein Traum ist verloren; versuch es bitte noch einmal.
core-out-of-time = Dein Traum hat länger gedauert als die 15 Minuten, in denen ich hier antworten kann, deshalb habe ich ihn abgebrochen. Versuch es später noch einmal, oder mit etwas Kleinerem.
core-would-be-late = Die Warteschlange ist so lang, dass dein Traum etwa { $duration } bräuchte, und ich kann hier nur 15 Minuten lang antworten. Versuch es bitte später noch einmal.
core-no-way-in = Ich darf dort, wo du nach diesem Traum gefragt hast, nichts mehr schreiben.
core-too-large = Discord nimmt hier kein Bild an, auch kein kleines.
core-blocked = Der AutoMod dieses Servers hat meine Antwort nicht durchgelassen. Die Moderation kann für mich eine Ausnahme machen, oder frag mit anderen Worten.
core-archived = Dieser Thread ist archiviert oder gesperrt, deshalb kann ich darin nichts schreiben. Schreib eine Nachricht, damit er wieder aufgeht, oder frag im Kanal.
core-refused = Discord hat nicht angenommen, was ich geschickt habe (Fehler { $code }). Versuch es bitte noch einmal; der Betreiber findet den Fehler in meinem Log.
core-missing = { $count ->
    [one] Mir fehlt hier die Berechtigung { $permissions }.
   *[other] Mir fehlen hier die Berechtigungen { $permissions }.
} Die Moderation kann das in den Kanaleinstellungen ändern.

core-permission-view-channel = Kanal anzeigen
core-permission-send-messages = Nachrichten senden
core-permission-send-messages-in-threads = Nachrichten in Threads senden
core-permission-attach-files = Dateien anhängen
core-permission-read-message-history = Nachrichtenverlauf anzeigen

core-alt-dream = { $subject }, vom neuronalen Netz { $model } weitergeträumt: Die Formen verwandeln sich in { $looks }. { core-alt-recipe }
core-alt-sheet = Vier kleine Bilder in zwei Reihen: { $subject }, vom neuronalen Netz { $model } auf vier Arten weitergeträumt. Die Formen verwandeln sich in { $looks }. { core-alt-recipe }
core-alt-bend = { $subject }, gesehen durch das neuronale Netz { $model } mit verbogenen Schaltkreisen: Die Formen zerfallen in { $looks }. { core-alt-recipe }
core-alt-moving = Ein Video: { $subject }, vom neuronalen Netz { $model } Bild für Bild weitergeträumt. Die Formen verwandeln sich in { $looks }. { core-alt-recipe }
core-alt-clip = Ein Clip in Endlosschleife: Ein Bild wird zum Traum und wieder zurück. Der Traum: { $dream }
core-alt-hellscape = Ein Video von { core-seconds }: Am Anfang steht { $subject }; das neuronale Netz { $model } träumt, geht näher heran und träumt seinen eigenen Traum weiter, und alles verwandelt sich in { $looks }. { core-alt-recipe }
core-alt-summon = Was sich das neuronale Netz { $model } vorstellt: { $looks }, aus Rauschen beschworen. { core-alt-recipe }
core-alt-summon-into = { $subject }, und darin, was das neuronale Netz { $model } beschworen hat: { $looks }. { core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] , Stärke { $intensity } von 11
}. ({ $recipe })
core-nothing = reines Rauschen
core-words = die Wörter „{ $text }“
core-words-on = { $subject } mit den Wörtern „{ $text }“
core-something-else = etwas anderes
