# What the presets show; the English is in recipe/data/presets.toml.
preset-whisper = quase imperceptível
preset-emboss = couro lavrado
preset-eyes = o filtro de olhos a mais
preset-oracle = um grande olho humano
preset-dogs = filhotes inconfundíveis
preset-giger = carne entalhada, olhos esbugalhados
preset-porcelain = criaturas ensaboadas e esmaltadas
preset-fur = bolas de pelo
preset-temple = pagodes
preset-storm = relâmpagos
preset-glass = vitrais
preset-totem = máscaras empilhadas
preset-lotus = cápsulas de lótus; não é para todos
preset-agate = pedra em faixas
preset-plumage = penas
preset-menagerie = todos os bichos de uma vez
preset-classic = como em 2015
