# ボタン。スマホで横に並ぶので、短く。
results-cancel = キャンセル
results-deeper = もっと深く
results-louder = 強く
results-quieter = 弱く
results-layer = 層…
results-pick = 4つのうちの1つ
results-again = もう一度
results-watch = 変化を見る
results-bend = 曲げる
results-zoom = ズーム動画
results-compare = 比べる
results-undo = 元に戻す
results-more = その他…
results-less = 閉じる

results-layer-choose = 同じ画像を、別の層で見ます：
results-look-placeholder = 層を選んでください
results-preset-placeholder = プリセットを選んでください
results-saved-placeholder = 保存したスタイルを選んでください
results-compared = 前と後。
results-compared-alt = { $subject }。隣は、それをもとに見た夢。
results-compared-both = ひとつ前の夢と今の夢。その次は、最初の画像と今の夢。
results-compared-before-alt = ひとつ前の夢。隣は、それをもとに見た夢。
results-show = みんなに見せる
results-delete-sure = この夢を削除しますか？元には戻せません。
results-deleted = 削除しました。
results-cancelled-others = キャンセルしました。頼んだ人には伝えてあります。

results-unknown = この夢のことはもうわかりません。画像がまだあれば、そのメッセージを長押しして「アプリ → { menu-dream-this }」を選んでください。
results-not-now = 今は調べられません。1分ほどしてから、もう一度お試しください。
results-over = その夢はもう終わっています。
results-louder-no-more = 最大は11で、これが11です。「{ results-deeper }」ならその先へ行けます。
results-quieter-no-more = これ以上は弱くできません。
results-source-gone = 元の画像がもう見られません。「{ results-deeper }」「{ results-bend }」「{ results-zoom }」は、夢そのものから続くのでまだ使えます。
results-guide-gone = この夢が手本にした2枚目の画像がもう見られません。「{ results-deeper }」「{ results-bend }」「{ results-zoom }」はまだ使えます。/dream でもう一度添付することもできます。
results-sound-gone = この動画の音がもう見つかりません。「{ results-deeper }」「{ results-bend }」「{ results-zoom }」はまだ使えます。/hellscape でもう一度添付することもできます。
results-dream-gone = その夢の画像はもうありません。
results-undo-gone = この夢の元になった夢がもうないので、戻れません。ほかのボタンはまだ使えます。
results-undo-not-yours = 元に戻せるのは、この夢を頼んだ人とモデレーターだけです。「{ results-deeper }」などは誰でも使えます。
results-compare-nothing = これは何もないところから生まれたので、並べるものがありません。
results-cancel-not-yours = キャンセルできるのは、この夢を頼んだ人とモデレーターだけです。
results-delete-not-yours = 削除できるのは、この夢を頼んだ人、元の画像の持ち主、モデレーターだけです。

# /history：見た夢と、それがどこから来たか。
results-history-title = ここで見た夢
results-history-none = ここではまだ夢を見ていません。/dream で始められます。
results-history-page = { $page } / { $pages } ページ
results-history-newer = 新しい夢
results-history-older = 古い夢
results-history-choose = どれがどこから来たかを見る
results-history-back = 戻る
results-history-line = どこから来たか
results-history-what = { $look }、強さ { $intensity } / 11
results-history-video = { core-seconds }の動画：{ $look }
results-history-private = 非公開
results-history-by = { $button }
results-history-upon = 元：{ $subject }
results-history-nothing = 何もないところから
results-history-not-yours = それはあなたの夢ではありません。

# 元の画像が削除された夢の下で尋ねる。
results-withdrawn = 元の画像が削除されました。そこから生まれた夢（{ $count }件）も削除しますか？
results-withdrawn-delete = 削除する
results-withdrawn-keep = 残す
results-withdrawn-not-yours = 決められるのは、元の画像の持ち主、夢を頼んだ人、モデレーターだけです。
results-withdrawn-cannot = ここではもう自分のメッセージを削除できません。モデレーターなら削除できます。
