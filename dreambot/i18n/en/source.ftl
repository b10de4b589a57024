# What was dreamed upon, as it is said in the description of a dream.
source-label-picture = the picture { $name }
source-label-film = the video { $name }
source-label-sound = the sound { $name }
source-label-link = a linked picture
source-label-sticker = the sticker { $name }
source-label-emoji = the emoji { $name }
source-label-avatar = someone's avatar
source-label-dream = a dream of mine

# A picture that is to be left alone.
source-untouchable = The person who posted that picture does not want others to dream their pictures. Choose another one, or one of your own.

# A link out of an age-restricted channel.
source-restricted = That picture is from an age-restricted channel and stays in such channels. Choose another one.

# A link to a message, in place of a picture.
source-message-elsewhere = That link leads to a message in another channel, and pictures stay in theirs. Choose one from this channel, or upload it.
source-message-unseen = I cannot see the message that the link leads to. Upload its picture instead.
source-message-bare = There is no picture in the message that the link leads to. Choose another one.
