# What the presets show; the English is in recipe/data/presets.toml.
preset-whisper = kaum zu sehen
preset-emboss = geprägtes Leder
preset-eyes = der Mehr-Augen-Filter
preset-oracle = ein großes Menschenauge
preset-dogs = unverkennbare Welpen
preset-giger = geschnitztes Fleisch, Glubschaugen
preset-porcelain = seifige, glasierte Wesen
preset-fur = Fellknäuel
preset-temple = Pagoden
preset-storm = Blitze
preset-glass = Buntglas
preset-totem = gestapelte Masken
preset-lotus = Lotuskapseln; nichts für alle
preset-agate = gebänderter Stein
preset-plumage = Federn
preset-menagerie = alle Tiere auf einmal
preset-classic = wie 2015
