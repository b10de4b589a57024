# 夢に見る画像がないとき。
dreaming-no-picture = ここの直近50件のメッセージに画像が見つかりませんでした。`image` オプションで画像を添付するか、画像のあるメッセージを長押しして「アプリ → { menu-dream-this }」を選んでください。
dreaming-no-picture-blind = ここでは他の人のメッセージを読めないため、渡された画像しか見えません。`image` オプションで画像を添付するか、画像のあるメッセージを長押しして「アプリ → { menu-dream-this }」を選んでください。
dreaming-no-picture-here = そのメッセージには画像がありません。画像のあるメッセージを選んでください。
dreaming-no-picture-mention = 画像への返信で、または画像を添えて私にメンションすると、それを夢に見ます。`mixed5 11` のように層と強さを添えることもできます。
dreaming-direct-help = 画像を送ってくれれば夢にします。`mixed4 9` や `dogs` のような言葉で見た目を選べます。詳しくは /help で。
dreaming-direct-no-picture = 直近50件のメッセージに画像がありません。画像を送ってください。言葉も添えられます。
dreaming-untouchable = その人は、自分のアバターを他の人に夢に見られたくないそうです。別の人か、自分のアバターを選んでください。

# 一緒に使えないオプション。
dreaming-two-starts = 夢の始まりは一つだけです。画像か、もう一方の始まりのどちらかを外してください。
dreaming-out-of-nothing = そのレシピは無から画像を作るので、画像は要りません。画像を外してください。
dreaming-recipe-alone = レシピにはすべてが書かれています。`{ $option }` かレシピのどちらかを外してください。
dreaming-guide-again = そのレシピは2枚目の画像を見ますが、私はそれを保存していません。`guide` として添付してください。
dreaming-guide-unused = そのレシピは2枚目の画像を使いません。`guide` を外してください。
dreaming-text-unused = 文字が現れるのは普通の夢だけです。`text` を外すか、`/dream` を使ってください。

# レシピ。
dreaming-recipe = これを `/dream recipe:` の後に貼り付けると、別の画像を同じように夢に見られます。
dreaming-no-recipe-text = それは私のレシピではありません。`/recipe` で貼り付け用のレシピが手に入ります。`layer:mixed5 intensity:11` でも構いません。
dreaming-no-dream-yet = まだ何も夢に見ていません。`/dream` を試してみてください。
dreaming-no-link = それはメッセージへのリンクではありません。メッセージを長押しして「メッセージリンクをコピー」を選び、ここに貼り付けてください。
dreaming-no-result-there = そこには、お伝えできる私の夢が見つかりません。
dreaming-no-recipe-in-file = そのファイルには私のレシピが入っていません。スクリーンショットや編集したものではなく、元のファイルを使ってください。

# 「夢の設定…」のフォーム。
dreaming-settings = 夢の設定
dreaming-layer = 層：何が現れるか
dreaming-layer-usual = いつもどおり犬
dreaming-intensity = 強さ：どこまで深く
dreaming-intensity-usual = 6（真ん中）
dreaming-notch = { $notch ->
    [1] 1 · かすかに
    [6] 6 · 真ん中
    [11] 11 · もう戻れない
   *[other] { $notch }
}
dreaming-preset = プリセット：見た目を丸ごと
dreaming-preset-none = なし
dreaming-bend = ネットワークの回路を曲げる
dreaming-bend-none = 曲げない
dreaming-mild = ランダムに、穏やかに
dreaming-middling = ランダムに
dreaming-wild = ランダムに、激しく
dreaming-seed = シード：夢を再現する数
dreaming-seed-chance = 運に任せる
dreaming-seed-wrong = シードは7のような整数です。「{ $seed }」は使えません。
dreaming-mix = 2枚目の画像と混ぜる
dreaming-mix-picture = 2枚目の画像
dreaming-mix-take = 2枚目の画像から夢が取り入れるもの
dreaming-mix-shapes = 形: そこに写っているもの
dreaming-mix-style = 画風: その筆づかいと色

# 層を見て回る。
dreaming-layers = { $model } が見る夢
dreaming-layers-pick = 一つを見る…
dreaming-layers-dream = 最新の画像をこの層で夢に見る
dreaming-layers-back = 戻る
dreaming-layers-unknown = そのページはもう分かりません。もう一度 `/layers` を使ってください。
