# What Discord shows of commands. English stands in the code, too, and a test holds the two together.
command-dream = Let a neural network dream a picture
option-dream-image = The picture; without one, your newest picture here is taken
option-dream-layer = Where in the network: mixed4 is eyes, mixed5 dogs; mix them with +
option-dream-intensity = How deep, from 1 to 11
option-dream-preset = A whole look at once
option-dream-four = Four different looks at once, small, to choose from
option-dream-palette = The colours of what is added
choice-natural-the-colours-of-nature = natural: the colours of nature
choice-source-the-picture-s-own-colours = source: the picture's own colours
choice-acid-neon-as-the-network-wants-it = acid: neon, as the network wants it
option-dream-source = What it starts from; the picture, unless you choose noise
choice-noise-no-picture-pure-imagination = noise: no picture, pure imagination
option-dream-text = Words that appear in the dream; without a picture, out of the dark
option-dream-guide = A second picture, whose shapes or style the dream takes
option-dream-guide-as = What the dream takes of the second picture
option-dream-where = What is dreamed of the picture: faces, all but the faces, or everything
option-dream-bend = Bend the network's circuits: random, or such as swap@mixed1=0.3
option-dream-format = What comes out; gif and mp4 show a still picture turning into the dream
choice-gif-moves-by-itself-in-a-loop = gif: moves by itself, in a loop
choice-mp4-a-video-smaller-and-sharper = mp4: a video, smaller and sharper
choice-png-a-still-picture-even-of-a-video = png: a still picture, even of a video
option-dream-url = A link to a picture
option-dream-model = Another network
option-dream-recipe = A recipe to follow: paste it here
option-dream-seed = A number that repeats a dream exactly
option-dream-private = Only you see the dream
option-dream-spoiler = Hide the dream behind a click

command-hellscape = A video that falls into the network's nightmares
option-hellscape-start = What it begins with; fog, if you attach no picture
choice-fog-out-of-nothing = fog: out of nothing
choice-static-out-of-a-dead-channel = static: out of a dead channel
choice-picture-the-one-you-attach-or-the-newest-here = picture: the one you attach, or the newest here
choice-shapes-what-is-seen-in-it = shapes: what is seen in it
choice-style-its-strokes-and-colours = style: its strokes and colours
choice-faces-only-the-faces = faces: only the faces
choice-background-all-but-the-faces = background: all but the faces
choice-everywhere-the-whole-picture = everywhere: the whole picture
option-hellscape-image = A picture to begin with
option-hellscape-sound = An audio file or a video whose sound drives it and is heard in it
option-hellscape-preset = A whole journey at once
option-hellscape-layer = A journey through layers, such as mixed3 > mixed5
option-hellscape-seconds = How long the video is
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = How fast it falls: 1.03 is usual, below 1 it backs away
option-hellscape-loop = Whether its end leads back to its beginning
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = What kind of file it is
option-hellscape-url = A link to a picture to begin with
option-hellscape-model = { option-dream-model }
option-hellscape-seed = A number that repeats a video exactly
option-hellscape-private = Only you see the video

command-bend = Spin the network's knobs at random and dream through it
option-bend-image = { option-dream-image }
option-bend-chaos = How far the knobs are spun, from 1 to 11
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = A number that repeats the bends exactly
option-bend-private = { option-dream-private }

command-summon = Call a thing out of the network, or into a picture
option-summon-what = What to summon, such as jellyfish; several are joined by +
option-summon-image = A picture to summon it into; without one, it comes out of nothing
option-summon-intensity = How insistently, from 1 to 11
option-summon-format = What comes out; gif and mp4 show how it emerges
option-summon-url = A link to a picture to summon it into
option-summon-seed = A number that repeats a summoning exactly
option-summon-private = Only you see the result

command-again = Your last dream again, on another picture
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = The second picture, if your last dream had one
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = The recipe of a dream, ready to paste
option-recipe-link = A link to a message with a dream of mine; without one, your own last dream
option-recipe-file = A picture or video of mine

command-look = Looks with a name of your own
command-look-save = Give the look of a dream a name, to use it as a preset
option-look-save-name = Its name, at most 24 characters
option-look-save-link = A link to a message with a dream of mine; without one, your own newest dream here
option-look-save-recipe = A recipe, in place of a dream
option-look-save-server = Save it for everyone in this server, as a moderator
command-look-list = The saved looks that you can use here
command-look-delete = Delete a saved look
option-look-delete-name = Its name
option-look-delete-server = Delete a look of the server, as a moderator
command-look-default = How to dream when no look is named
option-look-default-name = A preset or a saved look; without one, there is no default any more
option-look-default-channel = For everyone in this channel, as a moderator

command-layers = See what each layer dreams, and pick one
option-layers-model = { option-dream-model }

command-autodream = Dream the pictures posted in this channel
command-autodream-on = Dream the pictures that are posted here
option-autodream-on-percent = How many of a hundred pictures; all of them if you leave it out
command-autodream-off = Stop dreaming the pictures that are posted here
command-autodream-settings = When, how often and into what the pictures turn

command-settings = What I may do in this server, and where

command-block = Block someone from using me in this server
option-block-person = Who

command-unblock = Let someone use me again, or see who is blocked
option-unblock-person = Who; leave it out to see who is blocked

command-forget = Remove a dream, or all of somebody's, for good
option-forget-dream = A link to the dream's message, or its id
option-forget-person = Whose dreams

command-queue = The queue here, and how long it will take

command-history = What you dreamed here, and what each dream came from

command-help = See what to do, in three pictures

command-about = Version, networks and their authors

command-privacy = See, save or delete what I keep about you

command-stats = How much was dreamed here, and with what

menu-dream-this = Dream this
menu-dream-settings = Dream settings…
menu-hellscape-this = Hellscape this
menu-bend-this = Bend this
menu-mix-with = Mix with…
menu-dream-avatar = Dream avatar

command-admin = Manage the bot
command-admin-sync = Publish the commands now
command-admin-drain = Take no new dreams and finish the running ones
option-admin-drain-seconds = How long running dreams may take; the rest resume after a restart
command-admin-devices = The devices and their state
command-admin-models = The installed networks
command-admin-stats = The queue, and what was done
command-admin-dashboard = A link to a page with the queue, the devices and the failures
command-admin-block-server = Refuse every request from a server
option-admin-block-server-server = The server's id, or its name from the list
command-admin-unblock-server = Accept requests from a server again
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = Refuse every request from a person, everywhere
option-admin-block-person-person = Who; an id will do
command-admin-unblock-person = Accept requests from a person again
option-admin-unblock-person-person = { option-admin-block-person-person }
