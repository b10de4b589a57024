# 夢のもとになったもの（夢の説明文の中で使う）。
source-label-picture = 画像「{ $name }」
source-label-film = 動画「{ $name }」
source-label-link = リンク先の画像
source-label-sticker = スタンプ「{ $name }」
source-label-emoji = 絵文字「{ $name }」

# そっとしておくべき画像。
source-untouchable = この画像を投稿した人は、自分の画像をほかの人に夢見られたくないそうです。別の画像か、自分の画像を選んでください。

# ウェブページが見せるもの。
source-page-silent = そのリンクの先は、どの画像を見せているのかわからないウェブページでした。画像だけを開いてアドレスをコピーするか、画像をアップロードしてください。
source-page-of-a-page = そのリンクの先のページは、また別のページを見せているだけでした。画像だけを開いてアドレスをコピーするか、画像をアップロードしてください。
