# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **あなたについて保存しているもの**
operating-privacy-source = 🖼️ あなたの画像: 夢ができるまでの間、最長{ $hours }時間。
operating-privacy-result = 📦 届けられなかった夢: 最長{ $days }日。ほかの夢はDiscordにしかありません。
operating-privacy-job = 🧾 夢ごとに: 頼んだ人、場所と日時、画像の出どころと名前、レシピ、そして誰がどの比較をみんなに見せたか。ボタンがずっと使えるようにするためで、あなたが消すまで残ります。
operating-privacy-settings = ⚙️ 下のボタンで決めたこと、保存した見た目、既定の見た目。
operating-privacy-hall = ⭐ あなたの夢のうち殿堂に転送されたもの。夢を削除すると転送も削除されます。
operating-privacy-never = -# 人の名前やメッセージは保存しません。画像が元のチャンネルの外に出ることもありません。出られるのは夢だけで、そのサーバーの殿堂に限ります。
operating-privacy-untouchable = { $on ->
    [yes] ✅ ほかの人は私の画像を夢にできない
   *[no] ほかの人が私の画像を夢にできないようにする
}
operating-privacy-previews = { $on ->
    [yes] ✅ 待っている間にプレビューを見る
   *[no] データ節約中: プレビューなし（押すと表示）
}
operating-privacy-ping = { $on ->
    [yes] ✅ 長く待ったら通知する
   *[no] 長く待ったら通知する
}
operating-privacy-export = データを保存
operating-privacy-delete = データを削除…
operating-privacy-keep = すべて残す
operating-privacy-erase = データを削除
operating-privacy-erase-posted = データと、チャンネルにある夢{ $count }件を削除
operating-privacy-sure = **あなたについて保存しているものをすべて削除しますか？** いま見ている夢は終わり、履歴と設定は消え、夢の下のボタンは使えなくなります。あなたの画像や夢が写っている比較と、あなたがみんなに見せた比較は削除されます。残るのはレシピだけで、あなたのものだったとは誰にもわかりません。元には戻せません。
operating-privacy-erasing = 削除しています…数分かかることがあります。
operating-privacy-erased = { $count ->
    [0] 完了しました。あなたの夢はありませんでした。設定は消えました。
   *[other] 完了しました。あなたの夢{ $count }件と設定を忘れました。
}
operating-privacy-deleted = 夢{ $count }件をチャンネルから削除しました。
operating-privacy-left = 夢{ $count }件は、私には削除できない場所にあります。チャンネルのモデレーターなら削除できます。
operating-privacy-exported = あなたについて保存しているもののすべてです。夢{ $count }件と設定。

# /help. $command: a command that can be tapped.
operating-help-title = **画像を夢に変えよう**
operating-help-post = 1️⃣ チャットで画像を見つけるか、投稿します。
operating-help-menu = 2️⃣ そのメッセージを長押し → **アプリ** → **{ menu-dream-this }**。（マウスなら右クリック）
operating-help-buttons = 3️⃣ 夢の下のボタンを押します。もっと深く、もっと強く、元に戻す…
operating-help-dream = { $command } 見た目と強さを選ぶ
operating-help-hellscape = { $command } 夢の中へ落ちていく動画
operating-help-bend = { $command } ネットワークを美しく壊す
operating-help-summon = { $command } 何もないところから呼び出す
operating-help-layers = { $command } それぞれの層が見る夢を見る
operating-help-privacy = { $command } 保存しているものと、その消し方
operating-help-picture-first = 猫と、夢になった同じ猫。毛並みから緑の目やうろこや小さな動物が生えています。
operating-help-picture-looks = 一杯のコーヒーに9つのプリセット: eyes、oracle、fur、storm、tartan、totem、lotus、agate、wool。
operating-help-picture-more = 目だらけの地獄絵図の一コマ、激しい色にゆがんだカップ、呼び出された灯台。

# /about
operating-about = 投稿された画像の夢を見るボットです。ニューラルネットワークが画像の中に見るものを探し、それをもっと描き込みます（DeepDream）。MITライセンスの自由なソフトウェアです。使っているネットワーク:
operating-about-model = { $title }
    作者: { $authors }
    ライセンス: { $licence }
operating-about-own-model = このボットの運営者が用意したネットワークです。
operating-about-thanks = PyTorch、discord.py、Pillowなど多くのものでできています。すべてはTHIRD_PARTY.mdにあります。
operating-about-invite = サーバーに追加
operating-about-source = ソースコード

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] ここではまだ夢が見られていません。
   *[other] ここでは**{ $count }**件の夢が見られました。
}
operating-stats-layers = **人気の層**
operating-stats-presets = **人気のプリセット**
operating-stats-summoned = **よく呼び出されたもの**
operating-stats-yours-here = { $count ->
    [0] あなたの夢はまだありません。やり方は /help へ。
   *[other] そのうち**{ $count }**件があなたの夢です。
}
operating-stats-yours = { $count ->
    [0] まだ夢を見ていません。やり方は /help へ。
   *[other] あなたは**{ $count }**回夢を見ました。
}

# The states of a job.
operating-state-received = 受付
operating-state-queued = 待機中
operating-state-running = 夢の途中
operating-state-delivering = 配達中
operating-state-done = 完成
operating-state-failed = 失敗
operating-state-cancelled = キャンセル

# /admin, which owners see.
operating-admin-owners-only = /admin を使えるのは、このボットの所有者だけです。
operating-admin-synced = コマンドを{ $count }件公開しました。Discordに表示されるまで1分ほどかかることがあります。
operating-admin-draining = { $count ->
    [0] 新しい夢は受け付けません。進行中のものはありません。
   *[other] 新しい夢は受け付けません。{ $count }件が進行中です…
}
operating-admin-drained = ここで進行中のものはもうありません。続けるには再起動してください。残ったものはそのとき続きます。
operating-admin-no-devices = いま使える装置がありません。
operating-admin-device-jobs = { $count ->
    [0] 空き
   *[other] { $count }件を処理中
}
operating-admin-device-busy = 稼働は合計{ $duration }
operating-admin-device-restarts = 再起動{ $count }回
operating-admin-device-check = 自己診断に不合格（{ $problem }）のため低速で動作中。対処法はログにあります。
operating-admin-model-here = あり
operating-admin-model-missing = なし。{ $command } で取得できます
operating-admin-stats-servers = サーバー{ $count }件、Discordまで{ $latency }ミリ秒。
operating-admin-stats-waiting = { $count ->
    [0] 待っている人はいません。
   *[other] { $count }件が待機中、先頭は{ $duration }待っています。
}
operating-admin-stats-unfinished = いま:
operating-admin-stats-day = この24時間:
operating-admin-stats-week = この7日間:
operating-admin-stats-state = { $state }{ $count }
operating-admin-server-blocked = これから { $server } の頼みはすべて断ります。
operating-admin-server-unblocked = また { $server } の頼みを受け付けます。
operating-admin-person-blocked = これからどこでも { $person } の頼みはすべて断ります。
operating-admin-person-unblocked = また { $person } の頼みを受け付けます。サーバーのモデレーターが別に決めている場合は除きます。
operating-admin-not-blocked = { $server } はブロックされていませんでした。
operating-admin-no-server = サーバーのIDではありません。一覧から選ぶか、IDをコピーしてください。19桁ほどの数字です。
