# /look: looks that people and servers save. $name: such as “blue hell”. $command: such as “/dream preset:blue hell”.
looks-of-person = your look
looks-of-server = a look of this server
looks-title = Saved looks
looks-none = There are none yet. Dream something, then use `/look save`.
looks-list-person = Yours
looks-list-server = This server's
looks-saved = Saved: **{ $name }**. Use it on any picture with { $command }; its size and seed are not part of it.
looks-deleted = **{ $name }** is deleted. Dreams that were made with it stay.
looks-default-person = Your dreams look like **{ $name }** when you name no look.
looks-default-channel = Dreams in this channel look like **{ $name }** when no look is named; a person's own default comes first.
looks-no-default-person = You have no default look any more.
looks-no-default-channel = This channel has no default look any more.

# Below a dream.
looks-by-default-person = { $person }'s default look
looks-by-default-channel = this channel's default look

# What stands in the way.
looks-name-length = The name of a look has 1 to { $most } characters.
looks-name-letters = The name of a look needs a letter or an emoji, and may contain digits, spaces and - _ ' . ! ? &, but nothing else.
looks-name-taken = “{ $name }” already means something: a preset, a layer or an option. Choose another name.
looks-exists = There is already a look called “{ $name }”. Delete it first, or choose another name.
looks-full = There are { $count } looks already, and that is the limit. Delete one first.
looks-unknown = There is no saved look called “{ $name }”; did you mean { $names }?
looks-unreadable = The look “{ $name }” was made by a newer version of me. Save it again from a dream.
looks-hellscape = “{ $name }” is the look of a video. Use it with `/hellscape`.
looks-alone = A saved look has its own `{ $option }`. Leave out `{ $option }`, or the look.
looks-none-to-delete-person = You have no saved looks.
looks-none-to-delete-server = This server has no saved looks.
looks-no-dream-here = You have no dream in this channel yet. Dream something first, or give me the link to a message with a dream.
looks-not-in-server = That works only in a server that I am a member of.
