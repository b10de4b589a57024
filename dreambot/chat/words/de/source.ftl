# Was geträumt wurde, wie es in der Beschreibung eines Traums steht.
source-label-picture = das Bild { $name }
source-label-film = der Film { $name }
source-label-link = ein verlinktes Bild
source-label-sticker = der Sticker { $name }
source-label-emoji = das Emoji { $name }

# Ein Bild, das in Ruhe gelassen werden soll.
source-untouchable = Wer dieses Bild gepostet hat, möchte nicht, dass andere seine Bilder träumen. Nimm ein anderes oder ein eigenes.

# Was Webseiten zeigen.
source-page-silent = Dieser Link führt auf eine Webseite, die nicht sagt, welches Bild sie zeigt. Öffne das Bild einzeln und kopiere seine Adresse, oder lade es hoch.
source-page-of-a-page = Dieser Link führt auf eine Seite, und was sie zeigt, ist nur wieder eine Seite. Öffne das Bild einzeln und kopiere seine Adresse, oder lade es hoch.
