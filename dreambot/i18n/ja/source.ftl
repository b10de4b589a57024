# 夢のもとになったもの（夢の説明文の中で使う）。
source-label-picture = 画像「{ $name }」
source-label-film = 動画「{ $name }」
source-label-sound = 音声「{ $name }」
source-label-link = リンク先の画像
source-label-sticker = スタンプ「{ $name }」
source-label-emoji = 絵文字「{ $name }」
source-label-avatar = 誰かのアバター
source-label-dream = 私の夢

# そっとしておくべき画像。
source-untouchable = この画像を投稿した人は、自分の画像をほかの人に夢見られたくないそうです。別の画像か、自分の画像を選んでください。

# 年齢制限付きチャンネルからのリンク。
source-restricted = その画像は年齢制限付きチャンネルのものなので、そのようなチャンネルの外では使えません。別の画像を選んでください。

# 画像の代わりに貼られたメッセージへのリンク。
source-message-elsewhere = そのリンクの先は別のチャンネルのメッセージで、画像は元のチャンネルの外では使えません。このチャンネルの画像を選ぶか、アップロードしてください。
source-message-unseen = リンク先のメッセージが見えません。代わりに画像をアップロードしてください。
source-message-bare = リンク先のメッセージには画像がありません。別のメッセージを選んでください。
