# A dream on its way.
core-received = Looking at the picture…
core-received-nothing = Reaching into the dark…
core-no-dream = -# No dream this time.
core-waiting = In the queue: { core-place }
core-waiting-until = In the queue: { core-place }, done in about { $duration }
core-place = { ORDINAL($place) ->
    [one] { $place }st
    [two] { $place }nd
    [few] { $place }rd
   *[other] { $place }th
}
core-dreaming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · octave { $octave } of { $octaves }
core-filming = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) }
core-dreaming-album = { $bar } { NUMBER($fraction, style: "percent", maximumFractionDigits: 0) } · picture { $picture } of { $pictures }
# $progress: where the album stands, such as core-waiting
core-album = { $count } pictures · { $progress }
core-left = { $progress } · { $duration } left
# $progress: where the video stands, such as core-dreaming
core-video = Video of { core-seconds } · { $progress }
core-parked = I have to restart. Your dream keeps its place and goes on afterwards.
core-late = Your dream took a while; here it is.
core-ping = Your dream is done.
core-missing-part = The file is cut off or damaged: about { $percent } % of the picture is missing. I dreamed the rest.
core-sound-cut = The sound is longer. I used its first { $seconds } s.

# How long. $number: a whole number.
core-seconds = { $number } s
core-minutes = { $number } min
core-hours = { $number } h
core-days = { $number ->
    [one] { $number } day
   *[other] { $number } days
}

# A dream that came to nothing.
core-cancelled = Cancelled; nothing was dreamed.
core-cancelled-by-moderator = A moderator cancelled your dream.
core-withdrawn = The picture you wanted dreamed was deleted, so I stopped.
core-shutting-down = I am about to restart and take no new dreams. Please try again in a minute.
core-gone-wrong = Something went wrong on my side and your dream was lost. Please try again.
core-out-of-time = Your dream took longer than the 15 minutes in which I can answer here, so I stopped it. Please try again later, or ask for something smaller.
core-would-be-late = The queue is so long that your dream would take about { $duration }, and I can only answer here for 15 minutes. Please try again later.
core-no-way-in = I may no longer post where you asked for this dream.
core-too-large = Discord accepts no picture here, not even a small one.
core-blocked = This server's AutoMod did not let my answer through. A moderator can make an exception for me, or you can ask in other words.
core-archived = This thread is archived or locked, so I cannot post in it. Post a message to open it again, or ask in the channel.
core-refused = Discord did not accept what I sent (error { $code }). Please try again; the operator can find it in my log.
core-missing = { $count ->
    [one] I lack the permission { $permissions } here.
   *[other] I lack the permissions { $permissions } here.
} A moderator can grant it in the channel's settings.

# Discord's own names of permissions.
core-permission-view-channel = View Channel
core-permission-send-messages = Send Messages
core-permission-send-messages-in-threads = Send Messages in Threads
core-permission-attach-files = Attach Files
core-permission-read-message-history = Read Message History

# What a picture shows, for those who do not see it. $subject: what was dreamed upon, such as "the picture
# cat.png". $looks: what the layers show, such as "eyes and dogs". $recipe: "layer:mixed5 intensity:11".
core-alt-dream = { $subject }, dreamed by the neural network { $model }: its shapes turn into { $looks }. { core-alt-recipe }
core-alt-sheet = Four small pictures in two rows: { $subject }, dreamed in four ways by the neural network { $model }. Its shapes turn into { $looks }. { core-alt-recipe }
core-alt-bend = { $subject }, seen through the neural network { $model } with its circuits bent: its shapes break up into { $looks }. { core-alt-recipe }
core-alt-moving = A video: { $subject }, dreamed frame by frame by the neural network { $model }. Its shapes turn into { $looks }. { core-alt-recipe }
core-alt-clip = A looping clip of a picture turning into a dream, and back. The dream: { $dream }
core-alt-hellscape = A video of { core-seconds }: beginning with { $subject }, the neural network { $model } dreams, moves closer and dreams its own dream again, and it all turns into { $looks }. { core-alt-recipe }
core-alt-summon = What the neural network { $model } imagines: { $looks }, summoned from noise. { core-alt-recipe }
core-alt-summon-into = { $subject }, into which the neural network { $model } summoned { $looks }. { core-alt-recipe }
core-alt-recipe = { $layer }{ $intensity ->
    [0] {""}
   *[other] , intensity { $intensity } of 11
}. ({ $recipe })
core-nothing = pure noise
core-words = the words “{ $text }”
core-words-on = { $subject } with the words “{ $text }”
core-something-else = something else
