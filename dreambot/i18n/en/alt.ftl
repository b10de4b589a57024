# What a look shows, as the alt text says it in “its shapes turn into …”.
alt-whisper = the first hints of eyes and fur
alt-emboss = tooled leather
alt-eyes = eyes wherever there is room for one
alt-oracle = one great human eye
alt-dogs = puppies
alt-giger = skin in ink and bone, full of eyes and noses
alt-porcelain = soapy, glazed creatures
alt-fur = balls of fur
alt-temple = pagodas
alt-storm = lightning
alt-tartan = leopard and tartan
alt-totem = stacked masks
alt-lotus = lotus pods full of holes
alt-agate = banded stone
alt-wool = balls of knotted wool
alt-menagerie = every animal at once
alt-classic = eyes, faces and fur, in the look of 2015
alt-guided = the shapes of a second picture
alt-style = the style of a second picture
alt-caricature = an exaggeration of what it already was
alt-mosaic = shards
alt-watercolour = washed-out patches of colour
# $layer: such as mixed4
alt-channels = patterns of single channels of { $layer }
