# モデレーターが決めることと、許可されていないときの言葉。

moderating-blocked-here = このサーバーでは夢を見られません。モデレーターにブロックされています。/unblock で解除できます。
moderating-blocked-everywhere = 運営者にブロックされているため、あなたのために夢を見ることはできません。
moderating-blocked-server = 運営者がこのサーバーをブロックしているため、ここでは夢を見ません。
moderating-not-here = このチャンネルでは夢を見られません。こちらで頼んでください: { $channels }
moderating-no-pictures = あなたのロールでは、このサーバーで夢を見られません。モデレーターが /settings で変更できます。
moderating-day-full = ここでの1日分の夢（{ $count }回）は使い切りました。次は{ $when }です。
moderating-queue-full = ここで順番を待っている夢がすでに{ $count }件あり、これが上限です。1件終わったら、また頼んでください。
moderating-too-intense = このサーバーでは強さは1から{ $most }までです。その中から選んでください。
moderating-no-films = あなたのロールでは、このサーバーで動画を作れません。画像なら大丈夫です。
moderating-too-long = ここでは動画は{ $most }秒までです。もっと短いものを頼んでください。

moderating-page-title = ここでできること
moderating-page-channels = **夢を見てよい場所**
moderating-page-everywhere = どこでも
moderating-page-autodream = **このチャンネルの自動の夢**
    { $state }
moderating-page-change = 変更…
moderating-page-limits = **みんなの上限**
moderating-page-everyone = 全員…
moderating-page-role = ロールの上限…
moderating-page-remove = 独自の上限なし: { $role }
moderating-page-remove-which = ロールの上限をなくす…
moderating-page-intensity = 強さ: { $most }まで
moderating-page-language = 言語: { $language }
moderating-page-language-asked = 言語: 頼んだ人の言語
moderating-page-delete-asker = 削除: 頼んだ人とモデレーター
moderating-page-delete-everyone = 削除: 全員
moderating-page-captions = { $state ->
    [on] 崩れた見出し: オン
   *[off] 崩れた見出し: オフ
}
moderating-page-previews = { $state ->
    [on] プレビュー: オン
   *[off] プレビュー: オフ
}
moderating-page-hall = **殿堂**: ⭐ が十分に集まった夢をチャンネルに転送します
moderating-page-hall-none = オフ。チャンネルを選んでください
moderating-page-stars = 殿堂: ⭐ { $count } 個から
moderating-page-gallery-how = **ウェブのギャラリー**: メンバーがここの夢を載せてよいか。「不可」にすると、すでに載っている夢も外れます。
moderating-page-gallery = { $state ->
    [on] 掲載: 可
   *[off] 掲載: 不可
}
moderating-page-log = **何をしたかをモデレーターに知らせる場所**
moderating-page-log-none = なし
moderating-page-lacking = { $channel }では権限が足りません: { $permissions }
moderating-back = 戻る
moderating-not-yours = それはこのサーバーのモデレーターの役目です。
moderating-stale = このページは古くなっています。/settings で新しく開いてください。
moderating-too-many-roles = すでに{ $most }個のロールに上限があります。先に別のロールの上限をなくしてください。

moderating-limit-pictures = { $count ->
    [0] 夢なし
   *[other] 1日{ $count }回
}
moderating-limit-seconds = { $count ->
    [0] 動画なし
   *[other] 動画は{ $count }秒まで
}
moderating-limit-side = { $count }×{ $count }ピクセルまで
moderating-limit-queue = 同時に{ $count }件まで待機
moderating-limit-none = 上限なし

moderating-form-title = 上限: { $role }
moderating-form-none = 空欄: 上限なし
moderating-form-pictures = 1日の夢の数
moderating-form-pictures-how = 0から10000。0にすると夢を見られません
moderating-form-pictures-wrong = 1日の夢の数は0から10000までの整数です。空欄なら上限なしです。
moderating-form-seconds = 動画の最長（秒）
moderating-form-seconds-how = 0から60。0にすると動画を作れません
moderating-form-seconds-wrong = 動画の最長は0から60秒です。空欄なら上限なしです。
moderating-form-side = 画像の最大（ピクセル）
moderating-form-side-how = 256から4096。同じ大きさの正方形の一辺です
moderating-form-side-wrong = 画像の最大は256から4096ピクセルまでの整数です。空欄なら上限なしです。
moderating-form-queue = 同時に待てる夢の数
moderating-form-queue-how = 1から100
moderating-form-queue-wrong = 同時に待てる夢の数は1から100までの整数です。空欄なら上限なしです。

moderating-auto-title = { $channel }の自動の夢: { $state }
moderating-auto-now = 自動の夢: { $state }
moderating-auto-off = オフ
moderating-auto-post = オン（画像の{ NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }）
moderating-auto-reaction = オン（画像に👁️が付いたとき）
moderating-auto-blind = 投稿された画像が見えません。開発者ポータルで message content intent がオフになっていて、変更できるのはボットの所有者だけです。
moderating-auto-elsewhere = このチャンネルでは夢を見られません。/settings で選ばれていません。
moderating-chance-off = オフ
moderating-chance = オン: 画像の{ NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-trigger-post = いつ: 画像が投稿されたとき
moderating-trigger-reaction = いつ: 誰かが画像に👁️を付けたとき
moderating-look-surprise = 見た目: 毎回おまかせ
moderating-look-roulette = 見た目: 毎回ランダムなプリセット
moderating-cooldown-none = 間隔: なし
moderating-cooldown-seconds = 間隔: { $count }秒
moderating-cooldown-minutes = 間隔: { $count }分
moderating-cooldown-hours = 間隔: { $count }時間
moderating-hourly = 1時間に{ $count }回まで
moderating-hourly-most = 1時間に{ $count }回まで（限度）

moderating-block-whom = ボットや自分自身はブロックできません。ほかの人を指定してください。
moderating-block-done = { $person }はこのサーバーで使えなくなりました。/unblock で解除できます。
moderating-unblock-done = { $person }はまた使えるようになりました。
moderating-unblock-not = { $person }はここではブロックされていません。
moderating-blocked-list = ここでブロック中: { $people }
moderating-blocked-nobody = ここでブロックされている人はいません。
moderating-forget-what = 夢のメッセージのリンク（長押し → メッセージリンクをコピー）か、人を指定してください。
moderating-not-a-dream = それはこのサーバーの夢のメッセージではないか、もう忘れられています。
moderating-forget-none = { $person }の夢はここにはありません。
moderating-forget-sure = { $person }の夢が、そこから生まれたものも含めて{ $count }件あります。元には戻せません。
moderating-forget-button = { $count }件の夢を削除
moderating-forget-done = { $count ->
    [0] 何も削除していません。
   *[other] { $count }件の夢を、ファイルごと削除しました。
}
moderating-forget-left = { $count }件のメッセージは削除できませんでした。チャンネルが見えないか、あなたがそのモデレーターではありません。
moderating-forget-more = まだあるかもしれません。もう一度頼んでください。

moderating-queue = { $count ->
    [0] ここで待っている夢はありません。
   *[other] 進行中の夢: { $count }件
}
moderating-queue-more = …ほか{ $count }件
moderating-queue-somebody = 誰か
moderating-queue-refresh = 更新
moderating-queue-pick = どれかをキャンセル…
moderating-queue-cancel = キャンセル: { $dream }
moderating-queue-over = その夢はもう終わっています。
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }、あと約{ $duration }で完成
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }、あと{ $duration }
moderating-state-received = 画像を確認中
moderating-state-queued = 待機中
moderating-state-running = 夢を見ています
moderating-state-delivering = 送信中
moderating-kind-dream = 夢
moderating-kind-hellscape = 地獄絵
moderating-kind-summon = 召喚
moderating-kind-repeat = レシピ
moderating-kind-autodream = 自動の夢

moderating-log-settings = { $who }が設定を変更しました。
moderating-log-look-saved = { $who }がこのサーバーの見た目「{ $name }」を保存しました。
moderating-log-look-deleted = { $who }がこのサーバーの見た目「{ $name }」を削除しました。
moderating-log-auto-on = { $who }が{ $channel }の自動の夢をオンにしました。
moderating-log-auto-off = { $who }が{ $channel }の自動の夢をオフにしました。
moderating-log-block = { $who }が{ $person }をブロックしました。
moderating-log-unblock = { $who }が{ $person }のブロックを解除しました。
moderating-log-cancelled = { $who }が{ $person }の夢をキャンセルしました。
moderating-log-forgot = { $who }が{ $count }件の夢を忘れさせました。
moderating-log-forgot-of = { $who }が{ $person }の夢を{ $count }件忘れさせました。
