# What the presets show; the English is in recipe/data/presets.toml.
preset-whisper = apenas visible
preset-emboss = cuero repujado
preset-eyes = el filtro de ojos de más
preset-oracle = un gran ojo humano
preset-dogs = cachorritos inconfundibles
preset-giger = carne tallada, ojos saltones
preset-porcelain = criaturas jabonosas y esmaltadas
preset-fur = bolas de pelo
preset-temple = pagodas
preset-storm = relámpagos
preset-glass = vidrieras
preset-totem = máscaras apiladas
preset-lotus = vainas de loto; no apto para todos
preset-agate = piedra veteada
preset-plumage = plumas
preset-menagerie = todos los animales a la vez
preset-classic = como en 2015
