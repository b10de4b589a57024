# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **What I keep about you**
operating-privacy-source = 🖼️ Your picture: while its dream is being made, { $hours ->
    [one] one hour
   *[other] { $hours } hours
} at most.
operating-privacy-result = 📦 A dream that I could not deliver: { $days ->
    [one] one day
   *[other] { $days } days
} at most. All other dreams are in Discord only.
operating-privacy-job = 🧾 Of each dream: who asked, where and when, where the picture came from and what it was called, the recipe, and which comparisons of it were shown to everyone and by whom, so that the buttons go on working. Until you delete it.
operating-privacy-settings = ⚙️ What you set with the buttons below, the looks that you saved, and your default look.
operating-privacy-hall = ⭐ Which of your dreams were forwarded to a hall of fame. The forward is deleted together with the dream.
operating-privacy-never = -# I keep no names of people and no messages, and your picture never leaves its channel; only a dream can, into the hall of fame of its server.
operating-privacy-untouchable = { $on ->
    [yes] ✅ No one else may dream my pictures
   *[no] Let no one else dream my pictures
}
operating-privacy-previews = { $on ->
    [yes] ✅ Show me previews while I wait
   *[no] Save data: no previews (tap to show)
}
operating-privacy-ping = { $on ->
    [yes] ✅ Ping me after a long wait
   *[no] Ping me after a long wait
}
operating-privacy-export = Save my data
operating-privacy-delete = Delete my data…
operating-privacy-keep = Keep everything
operating-privacy-erase = Delete my data
operating-privacy-erase-posted = { $count ->
    [one] Delete my data and my dream in its channel
   *[other] Delete my data and my { $count } dreams in channels
}
operating-privacy-sure = **Delete everything I keep about you?** Your running dreams stop, your history and settings are deleted, the buttons under your dreams stop working, and comparisons that show your pictures or dreams, or that you showed to everyone, are deleted. Only recipes stay, without a link to you. This cannot be undone.
operating-privacy-erasing = Deleting… this may take some minutes.
operating-privacy-erased = { $count ->
    [0] Done. There was no dream of yours, and your settings are deleted.
    [one] Done. I have deleted one dream of yours, and your settings.
   *[other] Done. I have deleted { $count } dreams of yours, and your settings.
}
operating-privacy-deleted = { $count ->
    [one] One dream was deleted from its channel.
   *[other] { $count } dreams were deleted from their channels.
}
operating-privacy-left = { $count ->
    [one] One dream is where I cannot delete it; its channel's moderators can.
   *[other] { $count } dreams are where I cannot delete them; the channels' moderators can.
}
operating-privacy-exported = { $count ->
    [one] All that I keep about you: one dream, and your settings.
   *[other] All that I keep about you: { $count } dreams, and your settings.
}

# /help. $command: a command that can be tapped.
operating-help-title = **Turn a picture into a dream**
operating-help-post = 1️⃣ Find a picture in the chat, or post one.
operating-help-menu = 2️⃣ Hold its message down → **Apps** → **{ menu-dream-this }**. (With a mouse: right-click.)
operating-help-buttons = 3️⃣ Press the buttons under the dream: deeper, louder, undo…
operating-help-dream = { $command } choose the look and how strong it is
operating-help-hellscape = { $command } a video that falls into the dream
operating-help-bend = { $command } break the network beautifully
operating-help-summon = { $command } call a thing out of nothing
operating-help-layers = { $command } see what each layer dreams of
operating-help-privacy = { $command } what I keep, and how to delete it
operating-help-picture-first = A cat, and the same cat dreamed: green eyes, scales and small animals grow out of its fur.
operating-help-picture-looks = Nine presets on one cup of coffee: eyes, oracle, fur, storm, tartan, totem, lotus, agate and wool.
operating-help-picture-more = A frame of a hellscape full of eyes, a bent picture of a cup in wild colours, and a lighthouse that was summoned.

# /about
operating-about = I am a bot that dreams posted pictures: I look for what a neural network sees in them, and paint more of it (DeepDream). I am free software under the MIT licence. These are the networks:
operating-about-model = { $title }
    By { $authors }
    Licence: { $licence }
operating-about-own-model = A network that the operator of this bot added.
operating-about-thanks = Made with PyTorch, discord.py, Pillow and many others; THIRD_PARTY.md lists them all.
operating-about-invite = Add me to a server
operating-about-source = Source code

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] Nothing was dreamed here yet.
    [one] **One** dream was dreamed here.
   *[other] **{ $count }** dreams were dreamed here.
}
operating-stats-layers = **Favourite layers**
operating-stats-presets = **Favourite presets**
operating-stats-summoned = **Summoned most often**
operating-stats-yours-here = { $count ->
    [0] None of them is yours. /help shows how it is done.
    [one] **One** of them is yours.
   *[other] **{ $count }** of them are yours.
}
operating-stats-yours = { $count ->
    [0] You have not dreamed yet. /help shows how it is done.
    [one] You have dreamed **once**.
   *[other] You have dreamed **{ $count }** times.
}

# The states of a job.
operating-state-received = received
operating-state-queued = waiting
operating-state-running = dreaming
operating-state-delivering = on its way
operating-state-done = done
operating-state-failed = failed
operating-state-cancelled = cancelled

# /admin, which owners see.
operating-admin-owners-only = Only the owners of this bot can use /admin.
operating-admin-synced = { $count ->
    [one] Published one command. Discord may take a minute to show it.
   *[other] Published { $count } commands. Discord may take a minute to show them.
}
operating-admin-draining = { $count ->
    [0] I take no new dreams. None is running.
    [one] I take no new dreams. One dream is running…
   *[other] I take no new dreams. { $count } dreams are running…
}
operating-admin-drained = Drained: nothing is running here any more. Restart me to continue; unfinished dreams resume then.
operating-admin-no-devices = There is no device at the moment.
operating-admin-device-jobs = { $count ->
    [0] idle
    [one] one dream running
   *[other] { $count } dreams running
}
operating-admin-device-busy = busy for { $duration } in total
operating-admin-device-restarts = { $count ->
    [one] restarted once
   *[other] restarted { $count } times
}
operating-admin-device-check = the self-check failed ({ $problem }), so it is slower. The log says what to do.
operating-admin-model-here = installed
operating-admin-model-missing = not installed; { $command } installs it
operating-admin-stats-servers = { $count ->
    [one] In one server, { $latency } ms from Discord.
   *[other] In { $count } servers, { $latency } ms from Discord.
}
operating-admin-stats-waiting = { $count ->
    [0] The queue is empty.
    [one] One dream waits, for { $duration }.
   *[other] { $count } dreams wait, the first for { $duration }.
}
operating-admin-stats-unfinished = Now:
operating-admin-stats-day = Last 24 hours:
operating-admin-stats-week = Last 7 days:
operating-admin-stats-state = { $count } { $state }
operating-admin-server-blocked = I now refuse every request from { $server }.
operating-admin-server-unblocked = I accept requests from { $server } again.
operating-admin-person-blocked = I now refuse every request from { $person }, everywhere.
operating-admin-person-unblocked = I accept requests from { $person } again, unless a server's moderators say otherwise.
operating-admin-not-blocked = { $server } was not blocked.
operating-admin-no-server = That is not a server's id. Choose one from the list, or copy an id: a number of about 19 digits.
