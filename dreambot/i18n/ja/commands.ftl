command-dream = ニューラルネットワークに画像の夢を見せます
option-dream-image = 画像。なければ、ここにあるあなたの最新の画像を使います
option-dream-layer = ネットワークのどこか。mixed4は目、mixed5は犬。+で混ぜられます
option-dream-intensity = どれくらい深く、1から11まで
option-dream-preset = まとまった見た目をひとつ選びます
option-dream-four = 4つの違う見た目を小さく並べて、その中から選びます
option-dream-palette = 加わる部分の色
choice-natural-the-colours-of-nature = natural：自然の色
choice-source-the-picture-s-own-colours = source：画像自身の色
choice-acid-neon-as-the-network-wants-it = acid：ネットワークのままのネオン色
option-dream-source = 何から始めるか。ノイズを選ばなければ画像から
choice-noise-no-picture-pure-imagination = noise：画像なし、想像だけ
option-dream-text = 夢に現れる文字。画像がなければ闇の中から
option-dream-guide = 2枚目の画像。その形か画風を夢が取り入れます
option-dream-guide-as = 2枚目の画像から夢が取り入れるもの
option-dream-where = 画像のどこを夢にするか：顔だけ、顔以外、または全体
option-dream-bend = 回路を曲げます。random、またはswap@mixed1=0.3のように
option-dream-format = 仕上がりの形式。gifとmp4では、静止画が夢に変わる様子を見せます
choice-gif-moves-by-itself-in-a-loop = gif：自動で動き、繰り返します
choice-mp4-a-video-smaller-and-sharper = mp4：動画。より小さく鮮明
choice-png-a-still-picture-even-of-a-video = png：静止画。動画からも
option-dream-url = 画像へのリンク
option-dream-model = 別のネットワーク
option-dream-recipe = 使うレシピ。ここに貼り付けてください
option-dream-seed = 同じ夢をそのまま繰り返すための数字
option-dream-private = 夢はあなただけに見えます
option-dream-spoiler = 夢をクリックするまで隠します

command-hellscape = ネットワークの悪夢に落ちていく動画を作ります
option-hellscape-start = 始まり方。画像を添付しなければ霧から始まります
choice-fog-out-of-nothing = 霧: 何もないところから
choice-static-out-of-a-dead-channel = 砂嵐: 映らないチャンネルから
choice-picture-the-one-you-attach-or-the-newest-here = 画像: 添付したもの、またはここの最新のもの
choice-shapes-what-is-seen-in-it = 形: そこに写っているもの
choice-style-its-strokes-and-colours = 画風: その筆づかいと色
choice-faces-only-the-faces = 顔：顔だけ
choice-background-all-but-the-faces = 背景：顔以外のすべて
choice-everywhere-the-whole-picture = 全体：画像全体
option-hellscape-image = 始まりの画像
option-hellscape-sound = 動画を動かし、その中で流れる音。音声ファイルか動画
option-hellscape-preset = まとまった道のりをひとつ選びます
option-hellscape-layer = 層をめぐる旅。例: mixed3 > mixed5
option-hellscape-seconds = 動画の長さ
option-hellscape-intensity = { option-dream-intensity }
option-hellscape-zoom = 落ちる速さ。ふつうは1.03、1より小さいと遠ざかります
option-hellscape-loop = 終わりが始まりにつながるかどうか
option-hellscape-bend = { option-dream-bend }
option-hellscape-format = ファイルの形式
option-hellscape-url = 始まりの画像へのリンク
option-hellscape-model = { option-dream-model }
option-hellscape-seed = 同じ動画をそのまま繰り返すための数字
option-hellscape-private = 動画はあなただけに見えます

command-bend = ネットワークのつまみをでたらめに回して夢を見ます
option-bend-image = { option-dream-image }
option-bend-chaos = つまみをどれだけ回すか、1から11まで
option-bend-intensity = { option-dream-intensity }
option-bend-url = { option-dream-url }
option-bend-model = { option-dream-model }
option-bend-seed = 同じ曲げ方をもう一度出すための数字
option-bend-private = { option-dream-private }

command-summon = ネットワークの中から何かを呼び出します。画像の中にも呼べます
option-summon-what = 呼び出すもの。例: jellyfish。+でつなげます
option-summon-image = 呼び出す先の画像。なければ、何もないところから現れます
option-summon-intensity = どれくらい強く呼ぶか、1から11まで
option-summon-format = 仕上がりの形式。gifとmp4では、現れる様子を見せます
option-summon-url = 呼び出す先の画像へのリンク
option-summon-seed = 同じ召喚をそのまま繰り返すための数字
option-summon-private = 現れたものはあなただけに見えます

command-again = 前回の夢を別の画像でもう一度
option-again-image = { option-dream-image }
option-again-url = { option-dream-url }
option-again-guide = 前回の夢で使った場合の、2枚目の画像
option-again-private = { option-dream-private }
option-again-spoiler = { option-dream-spoiler }

command-recipe = 夢のレシピを、貼り付けられる形で表示します
option-recipe-link = 私の夢があるメッセージへのリンク。なければ、あなたの最後の夢
option-recipe-file = 私が作った画像か動画

command-look = 自分で名前を付けた見た目
command-look-save = 夢の見た目に名前を付けて、プリセットとして使えるようにします
option-look-save-name = 名前（24 文字まで）
option-look-save-link = 私の夢があるメッセージへのリンク。なければ、ここでのあなたの最新の夢
option-look-save-recipe = 夢の代わりに使うレシピ
option-look-save-server = モデレーターとして、このサーバーの全員のために保存します
command-look-list = ここで使える、保存した見た目
command-look-delete = 保存した見た目を削除します
option-look-delete-name = 名前
option-look-delete-server = モデレーターとして、サーバーの見た目を削除します
command-look-default = 見た目を指定しないときの夢
option-look-default-name = プリセットか保存した見た目。空なら既定をなくします
option-look-default-channel = モデレーターとして、このチャンネルの全員のために

command-layers = それぞれの層が見る夢を眺めて、ひとつ選びます
option-layers-model = { option-dream-model }

command-autodream = このチャンネルに投稿された画像を夢に見ます
command-autodream-on = ここに投稿された画像を夢に見ます
option-autodream-on-percent = 100枚のうち何枚か。省略するとすべて
command-autodream-off = ここに投稿された画像をそっとしておきます
command-autodream-settings = 画像をいつ、どれくらい、何に変えるか

command-settings = このサーバーで私ができることと、その場所

command-block = このサーバーで誰かが私を使えないようにします
option-block-person = 誰を

command-unblock = 誰かがまた私を使えるようにします。使えない人の一覧も見られます
option-unblock-person = 誰を。省略すると、ブロックされている人が表示されます

command-forget = 夢をひとつ、または誰かの夢をすべて、完全に消します
option-forget-dream = 夢のメッセージへのリンク、またはID
option-forget-person = 誰の夢を

command-queue = ここで順番待ちや実行中の夢と、かかる時間を表示します

command-history = ここであなたが見た夢と、そのもとになった夢

command-help = 使い方を3枚の画像で見られます

command-about = バージョン、ネットワークとその作者

command-privacy = あなたについて保存しているものを見る、保存する、消す

command-stats = ここで見られた夢の数と、使われたもの

menu-dream-this = これを夢に見る
menu-dream-settings = 夢の設定…
menu-hellscape-this = これを地獄絵にする
menu-bend-this = これを曲げる
menu-mix-with = 別の画像と混ぜる…
menu-dream-avatar = アバターを夢に見る

command-admin = ボットの世話をします
command-admin-sync = コマンドを今すぐ公開します
command-admin-drain = 新しい夢を受け付けず、始まったものを終わらせます
option-admin-drain-seconds = 始まった夢に与える時間。残りは再起動のあとに続きます
command-admin-devices = ボットが使う装置とその様子
command-admin-models = ここにあるネットワーク
command-admin-stats = これからの仕事と、終わった仕事
command-admin-dashboard = 順番待ち、デバイス、失敗のページへのリンク
command-admin-block-server = あるサーバーからの頼みをすべて断ります
option-admin-block-server-server = サーバーのID、またはリストにある名前
command-admin-unblock-server = あるサーバーからの頼みをまた受け付けます
option-admin-unblock-server-server = { option-admin-block-server-server }
command-admin-block-person = ある人の頼みを、どこでもすべて断ります
option-admin-block-person-person = 誰を。IDでもかまいません
command-admin-unblock-person = ある人の頼みをまた受け付けます
option-admin-unblock-person-person = { option-admin-block-person-person }
