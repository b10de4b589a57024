# Was geträumt wurde, wie es in der Beschreibung eines Traums steht.
source-label-picture = das Bild { $name }
source-label-film = das Video { $name }
source-label-sound = der Ton { $name }
source-label-link = ein verlinktes Bild
source-label-sticker = der Sticker { $name }
source-label-emoji = das Emoji { $name }
source-label-avatar = ein Profilbild
source-label-dream = ein Traum von mir

# Ein Bild, das in Ruhe gelassen werden soll.
source-untouchable = Wer dieses Bild gepostet hat, möchte nicht, dass andere seine Bilder träumen. Nimm ein anderes oder ein eigenes.

# Ein Link aus einem Kanal mit Altersbeschränkung.
source-restricted = Dieses Bild ist aus einem Kanal mit Altersbeschränkung und darf nur in solchen Kanälen verwendet werden. Nimm ein anderes.

# Ein Link zu einer Nachricht statt eines Bildes.
source-message-elsewhere = Dieser Link führt zu einer Nachricht in einem anderen Kanal, und Bilder anderer Kanäle verwende ich nicht. Nimm eines aus diesem Kanal, oder lade es hoch.
source-message-unseen = Ich sehe die Nachricht nicht, zu der der Link führt. Lade stattdessen ihr Bild hoch.
source-message-bare = In der Nachricht, zu der der Link führt, ist kein Bild. Nimm eine andere.
