# What the presets show; the English is in recipe/data/presets.toml.
preset-whisper = ほんのわずか
preset-emboss = 型押しの革
preset-eyes = 目が増えるフィルター
preset-oracle = 大きな人間の目ひとつ
preset-dogs = まぎれもない子犬
preset-giger = 彫られた肉、飛び出した目
preset-porcelain = つやつやした陶器の生き物
preset-fur = 毛玉
preset-temple = 仏塔
preset-storm = 稲妻
preset-glass = ステンドグラス
preset-totem = 積み重なった仮面
preset-lotus = 蓮の実。苦手な人は注意
preset-agate = 縞模様の石
preset-plumage = 羽
preset-menagerie = あらゆる動物を一度に
preset-classic = 2015年のまま
