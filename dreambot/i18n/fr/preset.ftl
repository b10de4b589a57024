# What the presets show; the English is in recipe/data/presets.toml.
preset-whisper = à peine là
preset-emboss = du cuir repoussé
preset-eyes = le filtre à yeux en plus
preset-oracle = un grand œil humain
preset-dogs = des chiots, sans aucun doute
preset-giger = de la chair sculptée, des yeux globuleux
preset-porcelain = des créatures savonneuses et vernissées
preset-fur = des boules de poils
preset-temple = des pagodes
preset-storm = des éclairs
preset-glass = du vitrail
preset-totem = des masques empilés
preset-lotus = des cosses de lotus ; pas pour tout le monde
preset-agate = de la pierre rubanée
preset-plumage = des plumes
preset-menagerie = tous les animaux à la fois
preset-classic = comme en 2015
