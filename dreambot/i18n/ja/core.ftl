# 夢ができるまで。
core-received = 画像を見ています…
core-received-nothing = 暗闇に手を伸ばしています…
core-no-dream = -# 今回は夢になりませんでした。
core-waiting = 順番待ち: { core-place }
core-waiting-until = 順番待ち: { core-place }、あと約{ $duration }で完成
core-place = { $place }番目
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · オクターブ { $octave }/{ $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · { $pictures }枚中{ $picture }枚目
# $progress: where the album stands, such as core-waiting
core-album = 画像{ $count }枚 · { $progress }
core-left = { $progress } · あと{ $duration }
core-video = { core-seconds }の動画 · { $progress }
core-parked = 再起動します。夢の順番はそのままで、再起動のあとに続けます。
core-late = お待たせしました。夢ができました。
core-ping = 夢ができました。
core-missing-part = ファイルが途中で切れているか、壊れているため、画像の約{ $percent }%が欠けています。残りを夢にしました。
core-sound-cut = 音はもっと長いので、最初の{ $seconds }秒を使いました。

core-seconds = { $number }秒
core-minutes = { $number }分
core-hours = { $number }時間
core-days = { $number }日

core-cancelled = キャンセルしました。夢は見ていません。
core-cancelled-by-moderator = モデレーターがあなたの夢をキャンセルしました。
core-withdrawn = 夢にする画像がなくなったので、中止しました。
core-shutting-down = まもなく再起動するので、新しい夢は受け付けていません。1分ほどしてからもう一度お願いします。
core-gone-wrong = こちらで問題が起きて、夢が失われました。もう一度試してください。
core-out-of-time = ここで返事ができる15分を過ぎてしまったので、夢をあきらめました。すいているときにもう一度試すか、もっと小さい夢にしてください。
core-would-be-late = 混み合っていて、夢ができるまで約{ $duration }かかりそうです。ここでは15分しか返事ができないので、あとでもう一度試してください。
core-no-way-in = この夢が頼まれた場所に、もう投稿できません。
core-too-large = どんなに小さくしても、Discordがここで画像を受け付けてくれません。
core-blocked = このサーバーのAutoModが私の返信をブロックしました。モデレーターに例外を設定してもらうか、別の言葉で頼んでみてください。
core-archived = このスレッドはアーカイブまたはロックされているため、投稿できません。メッセージを送って開き直すか、チャンネルで頼んでください。
core-refused = Discordが私の送信を受け付けませんでした（エラー{ $code }）。もう一度試してください。詳細は運営者が私のログで確認できます。
core-missing = ここでは権限が足りません: { $permissions }。モデレーターがチャンネル設定で許可できます。

core-permission-view-channel = チャンネルを見る
core-permission-send-messages = メッセージを送信
core-permission-send-messages-in-threads = スレッドでメッセージを送信
core-permission-attach-files = ファイルを添付
core-permission-read-message-history = メッセージ履歴を読む

core-alt-dream = ニューラルネットワーク { $model } が見た夢。もとは{ $subject }で、その形が「{ $looks }」に変わっています。{ core-alt-recipe }
core-alt-sheet = 2列に並んだ4枚の小さな画像。ニューラルネットワーク { $model } が4通りに見た{ $subject }の夢で、その形が「{ $looks }」に変わっています。{ core-alt-recipe }
core-alt-bend = 回路を曲げたニューラルネットワーク { $model } を通した{ $subject }。その形が「{ $looks }」に崩れています。{ core-alt-recipe }
core-alt-moving = 動画。ニューラルネットワーク { $model } が{ $subject }を1コマずつ夢に見て、その形が「{ $looks }」に変わっています。{ core-alt-recipe }
core-alt-clip = 画像が夢に変わり、また元に戻る、繰り返しの短い動画。夢の内容：{ $dream }
core-alt-hellscape = { core-seconds }の動画。{ $subject }から始まり、ニューラルネットワーク { $model } が夢を見ては近づき、自分の夢をまた夢に見て、すべてが「{ $looks }」に変わっていきます。{ core-alt-recipe }
core-alt-summon = ニューラルネットワーク { $model } が思い描いたもの。何もないところから呼び出された「{ $looks }」です。{ core-alt-recipe }
core-alt-summon-into = { $subject }に、ニューラルネットワーク { $model } が「{ $looks }」を呼び出しました。{ core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] 、強さ { $intensity }/11
}。({ $recipe })
core-nothing = ただのノイズ
core-words = 「{ $text }」という文字
core-words-on = 「{ $text }」という文字が入った{ $subject }
core-something-else = 何か別のもの
