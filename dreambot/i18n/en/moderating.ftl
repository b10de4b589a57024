# What moderators settle, and what people are told where something is not allowed.

moderating-blocked-here = You may not dream in this server: its moderators have blocked you. They can undo it with /unblock.
moderating-blocked-everywhere = The operator of this bot has blocked you, so I cannot dream for you.
moderating-blocked-server = The operator of this bot has blocked this server, so I dream nothing here.
moderating-not-here = I may not dream in this channel. Ask me in { $channels }
moderating-no-pictures = Your roles do not allow dreams in this server. A moderator can change that with /settings.
moderating-day-full = { $count ->
    [one] You have used your dream of the day here. You get another one { $when }.
   *[other] You have used your { $count } dreams of the day here. You get another one { $when }.
}
moderating-queue-full = { $count ->
    [one] You have a dream in the queue here, and only one at a time is allowed. Ask again when it is done.
   *[other] You have { $count } dreams in the queue here, which is the limit. Ask again when one of them is done.
}
moderating-too-intense = In this server the intensity goes from 1 to { $most }. Choose one of these.
moderating-no-films = Your roles do not allow videos in this server; pictures are allowed.
moderating-too-long = { $most ->
    [one] A video may last 1 second here. Ask for a shorter one.
   *[other] A video may last { $most } seconds here. Ask for a shorter one.
}

# The settings page. Buttons hold 80 characters, menus 100.
moderating-page-title = What I may do here
moderating-page-channels = **Where I may dream**
moderating-page-everywhere = Everywhere
moderating-page-autodream = **Auto-dream in this channel**
    { $state }
moderating-page-change = Change…
moderating-page-limits = **What people may have**
moderating-page-everyone = Everyone…
moderating-page-role = Limits of a role…
moderating-page-remove = Remove limits: { $role }
moderating-page-remove-which = Remove a role's limits…
moderating-page-intensity = Intensity: up to { $most }
moderating-page-language = Language: { $language }
moderating-page-language-asked = Language: that of the member
moderating-page-delete-asker = Delete dreams: asker, moderators
moderating-page-delete-everyone = Delete dreams: everyone
moderating-page-captions = { $state ->
    [on] Corrupted captions: on
   *[off] Corrupted captions: off
}
moderating-page-previews = { $state ->
    [on] Previews: on
   *[off] Previews: off
}
moderating-page-hall = **Hall of fame**: dreams with enough ⭐ are forwarded to a channel
moderating-page-hall-none = Off; choose a channel
moderating-page-stars = { $count ->
    [one] Hall of fame: from one ⭐
   *[other] Hall of fame: from { $count } ⭐
}
moderating-page-gallery-how = **Gallery on the web**: members may share their dreams from here. “Not allowed” also removes those they have shared.
moderating-page-gallery = { $state ->
    [on] Sharing: allowed
   *[off] Sharing: not allowed
}
moderating-page-log = **Where I log what moderators do**
moderating-page-log-none = Nowhere
moderating-page-lacking = Missing in { $channel }: { $permissions }
moderating-back = Back
moderating-not-yours = Only this server's moderators can do that.
moderating-stale = That page is out of date. Open a new one with /settings.
moderating-too-many-roles = { $most } roles already have limits. Remove those of another role first.

# Limits, in a few words.
moderating-limit-pictures = { $count ->
    [0] no dreams
    [one] { $count } dream a day
   *[other] { $count } dreams a day
}
moderating-limit-seconds = { $count ->
    [0] no videos
   *[other] videos up to { $count } s
}
moderating-limit-side = up to { $count }×{ $count } pixels
moderating-limit-queue = { $count } waiting at a time
moderating-limit-none = no limits

# The form of a role's limits: 45 characters, and 100 for each explanation.
moderating-form-title = Limits: { $role }
moderating-form-none = empty: no limit
moderating-form-pictures = Dreams a day
moderating-form-pictures-how = 0 to 10000; at 0 they may not dream at all
moderating-form-pictures-wrong = Dreams a day are a whole number from 0 to 10000, or nothing for no limit.
moderating-form-seconds = Longest video, in seconds
moderating-form-seconds-how = 0 to 60; 0 allows no videos
moderating-form-seconds-wrong = The longest video is 0 to 60 seconds, or nothing for no limit.
moderating-form-side = Largest picture, in pixels
moderating-form-side-how = 256 to 4096: the side of a square of that size
moderating-form-side-wrong = The largest picture is a whole number of pixels from 256 to 4096, or nothing for no limit.
moderating-form-queue = Dreams waiting at a time
moderating-form-queue-how = 1 to 100
moderating-form-queue-wrong = Dreams waiting at a time are a whole number from 1 to 100, or nothing for no limit.

# Auto-dream.
moderating-auto-title = Auto-dream in { $channel }: { $state }
moderating-auto-now = Auto-dream is now { $state }.
moderating-auto-off = off
moderating-auto-post = on, { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } of the pictures
moderating-auto-reaction = on, for a 👁️ on a picture
moderating-auto-blind = I cannot see the pictures people post, because the message content intent is off in the developer portal. Only the bot's owner can change that.
moderating-auto-elsewhere = I may not dream in this channel: it is not among those chosen in /settings.
moderating-chance-off = Off
moderating-chance = On: { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } of the pictures
moderating-trigger-post = When: a picture is posted
moderating-trigger-reaction = When: someone puts a 👁️ on a picture
moderating-look-surprise = Look: a surprise each time
moderating-look-roulette = Look: one of the presets each time
moderating-cooldown-none = Cool-down: none
moderating-cooldown-seconds = Cool-down: { $count } s
moderating-cooldown-minutes = Cool-down: { $count } min
moderating-cooldown-hours = Cool-down: { $count } h
moderating-hourly = At most { $count } an hour
moderating-hourly-most = At most { $count } an hour, my limit

# Blocking and forgetting.
moderating-block-whom = You cannot block bots or yourself. Name someone else.
moderating-block-done = { $person } may not use me in this server any more. /unblock undoes it.
moderating-unblock-done = { $person } may use me again.
moderating-unblock-not = { $person } was not blocked here.
moderating-blocked-list = Blocked here: { $people }
moderating-blocked-nobody = No one is blocked here.
moderating-forget-what = Give me a link to a dream's message (long-press → Copy Message Link), or a person.
moderating-not-a-dream = That message has no dream of this server, or it was removed already.
moderating-forget-none = There is no dream of { $person } here.
moderating-forget-sure = { $count ->
    [one] There is { $count } dream of { $person } here, with the dreams made from it. This cannot be undone.
   *[other] There are { $count } dreams of { $person } here, with the dreams made from them. This cannot be undone.
}
moderating-forget-button = { $count ->
    [one] Remove { $count } dream
   *[other] Remove { $count } dreams
}
moderating-forget-done = { $count ->
    [0] Nothing was removed.
    [one] { $count } dream is gone, and so are its files.
   *[other] { $count } dreams are gone, and so are their files.
}
moderating-forget-left = { $count ->
    [one] { $count } message could not be removed: I cannot see its channel, or you do not moderate it.
   *[other] { $count } messages could not be removed: I cannot see their channels, or you do not moderate them.
}
moderating-forget-more = There may be more. Use the command again.

# The queue.
moderating-queue = { $count ->
    [0] The queue is empty.
    [one] { $count } dream in the queue
   *[other] { $count } dreams in the queue
}
moderating-queue-more = … and { $count } more
moderating-queue-somebody = someone
moderating-queue-refresh = Refresh
moderating-queue-pick = Cancel one of them…
moderating-queue-cancel = Cancel { $dream }
moderating-queue-over = That dream is already over.
moderating-queue-place = { core-place }
moderating-queue-place-until = { core-place }, done in about { $duration }
moderating-queue-percent = { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
moderating-queue-left = { moderating-queue-percent }, { $duration } left
moderating-state-received = loading the picture
moderating-state-queued = waiting
moderating-state-running = being dreamed
moderating-state-delivering = being sent
moderating-kind-dream = dream
moderating-kind-hellscape = hellscape
moderating-kind-summon = summoning
moderating-kind-repeat = recipe
moderating-kind-autodream = auto-dream

# What moderators are told in their channel.
moderating-log-settings = { $who } changed my settings.
moderating-log-look-saved = { $who } saved the look “{ $name }” for this server.
moderating-log-look-deleted = { $who } deleted this server's look “{ $name }”.
moderating-log-auto-on = { $who } switched auto-dream on in { $channel }.
moderating-log-auto-off = { $who } switched auto-dream off in { $channel }.
moderating-log-block = { $who } blocked { $person }.
moderating-log-unblock = { $who } unblocked { $person }.
moderating-log-cancelled = { $who } cancelled a dream of { $person }.
moderating-log-forgot = { $count ->
    [one] { $who } removed { $count } dream.
   *[other] { $who } removed { $count } dreams.
}
moderating-log-forgot-of = { $count ->
    [one] { $who } removed { $count } dream of { $person }.
   *[other] { $who } removed { $count } dreams of { $person }.
}
