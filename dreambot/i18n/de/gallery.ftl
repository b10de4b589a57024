# Der Knopf unter einem Traum, und die Antwort darauf.
gallery-share = In der Galerie zeigen
gallery-withdraw = Aus der Galerie nehmen
gallery-without-picture = Mein Bild ausblenden
gallery-shared = Gezeigt. Alle können diesen Traum und sein Rezept jetzt in der Galerie im Web sehen, ohne deinen Namen. „{ gallery-withdraw }“ entfernt ihn wieder, und wenn der Traum gelöscht wird, verschwindet er auch dort.
gallery-shared-with-picture = Das Bild, das du hochgeladen hast, steht daneben. „{ gallery-without-picture }“ entfernt nur dieses Bild.
gallery-picture-hidden = Die Galerie zeigt jetzt nur noch den Traum.
gallery-withdrawn = Herausgenommen. Die Galerie zeigt diesen Traum nicht mehr.
gallery-not-there = Dieser Traum war nicht mehr in der Galerie: Er wurde entfernt, weil er selbst, sein Bild oder seine Daten gelöscht wurden, oder weil er nicht mehr gezeigt werden darf.
gallery-off = Ich habe keine Galerie.
gallery-not-yours = In die Galerie bringen oder herausnehmen kann diesen Traum nur, wer danach gefragt hat.
gallery-not-here = Hier würde ich nicht merken, wenn dieser Traum gelöscht wird, deshalb kann er nicht gezeigt werden. Träume ihn auf einem Server, auf dem ich Mitglied bin.
gallery-age-restricted = Träume aus Kanälen mit Altersbeschränkung erscheinen nie in der Galerie.
gallery-spoiler = Träume, die hinter einem Spoiler stehen, erscheinen nie in der Galerie.
gallery-explicit = Discord hat dieses Bild als anstößig markiert, und solche Bilder erscheinen nie in der Galerie.
gallery-begins-with-picture = Dies beginnt mit dem Bild selbst, das du nicht hier hochgeladen hast, deshalb kann er nicht gezeigt werden. Ein stehender Traum davon schon.
gallery-sound-of-others = Hier ist ein Ton zu hören, den du nicht hier hochgeladen hast, deshalb kann es nicht gezeigt werden.
gallery-picture-gone = Das Bild oder der Ton, woraus dies gemacht ist, wurde gelöscht, deshalb kann es nicht gezeigt werden.
gallery-server-off = Die Moderation dieses Servers möchte seine Träume nicht in der Galerie haben.
gallery-full = Die Galerie ist gerade voll. Wer mich betreibt, kann Platz schaffen.
gallery-too-many = Du hast { $most } Träume in der Galerie, und mehr gehen nicht. Nimm zuerst einen heraus.
gallery-dashboard-link = Die Übersicht, { $hours } Stunden lang: { $link }
    Gib den Link nicht weiter: Wer ihn hat, kann sie sehen.

# Auf der Seite von /privacy, wenn es eine Galerie gibt.
gallery-privacy = 🌐 Die Träume, die du in der Galerie im Web zeigst: eine Kopie von jedem, und von deinem Bild, wenn es daneben steht. Bis du sie herausnimmst oder löschst.
gallery-privacy-never = -# Namen von Leuten und Nachrichten hebe ich nicht auf. Dein Bild verlässt seinen Kanal nur, wenn du selbst einen Traum davon in der Galerie zeigst; ein Traum kann auch in die Ruhmeshalle seines Servers.

# Die Seiten der Galerie.
gallery-title = Traumgalerie
gallery-skip = Zum Inhalt springen
gallery-nav = Bereiche
gallery-newest = Neueste
gallery-starred = Die meisten Sterne
gallery-layers = Schichten
gallery-presets = Presets
gallery-about = Diese Träume haben Leute selbst geteilt, in Discord. Die Seiten setzen keine Cookies, verfolgen niemanden und laden nichts von anderswo.
gallery-none = Noch niemand hat einen Traum geteilt. Drück in Discord unter einem deiner Träume „{ results-more }“, dann „{ gallery-share }“.
gallery-pages = Seiten
gallery-page = Seite { $page } von { $pages }
gallery-previous = Zurück
gallery-next = Weiter
gallery-moves = ▶ bewegt sich
gallery-stars = { $count ->
    [one] 1 Stern
   *[other] { $count } Sterne
}
gallery-before = Vorher
gallery-before-alt = Das Bild, aus dem der Traum entstand
gallery-after = Der Traum
gallery-dream-alt = Traum: { $look }
gallery-slider = Vorher und nachher: zum Vergleichen verschieben
gallery-shared-on = Geteilt am { $date }
gallery-recipe = Träum das auf deinem Server
gallery-recipe-how = Kopiere den Befehl in einen Kanal, in dem es dreambot gibt.
gallery-recipe-picture = Häng ein Bild an.
gallery-command = Befehl
gallery-recipe-full = Das vollständige Rezept
gallery-recipe-text = Für /recipe, und die Option recipe von /dream
gallery-copy = Kopieren
gallery-copied = Kopiert
gallery-ancestors = Entstanden aus
gallery-descendants = Aus diesem Traum entstanden
gallery-layers-of = Was die Schichten von { $model } träumen
gallery-layers-text = Jedes Bild ist dasselbe Foto einer Katze, geträumt mit einer Schicht. Tiefere Schichten kommen später.
gallery-networks = Netze
gallery-presets-text = Jedes Bild ist dasselbe Foto einer Katze, geträumt mit einem Preset.
gallery-error-not-found = Hier ist nichts
gallery-error-not-found-text = Der Traum wurde herausgenommen oder gelöscht, oder die Adresse stimmt nicht.
gallery-error-forbidden = Dieser Link geht nicht
gallery-error-forbidden-text = Er ist abgelaufen oder unvollständig. Die Besitzer des Bots bekommen mit /admin dashboard einen neuen.
gallery-error-broken = Etwas ist schiefgegangen
gallery-error-broken-text = Diese Seite lässt sich gerade nicht zeigen. Versuch es in einer Minute noch einmal.
gallery-error-link = Zu den neuesten Träumen
