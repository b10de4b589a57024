"""Sentences that have not found their way into the catalogue yet, and keys of some that have."""

ALREADY_OVER = "That dream is already over."
NOT_YOURS = "Only the one who asked for this dream, or a moderator, can cancel it."
CANCELLED_OTHERS = "Cancelled; I told the one who asked for it."
NOT_YOURS_TO_DELETE = "Only the one who asked for this dream, or a moderator, can delete it."
CANCELLED = "core-cancelled"
CANCELLED_BY_MODERATOR = "core-cancelled-by-moderator"
WITHDRAWN = "core-withdrawn"

NO_PICTURE = (
    "I found no picture in the last 50 messages here. Attach one with the `image` option, "
    "or right-click a picture's message and choose Apps → Dream this."
)
NO_PICTURE_BLIND = (
    "I may not read other people's messages here, so I can only see pictures that you hand me. Attach one "
    "with the `image` option, or right-click a picture's message and choose Apps → Dream this."
)
NO_PICTURE_HERE = "There is no picture in that message. Choose one that has a picture in it."
NO_PICTURE_MENTION = (
    "Mention me in a reply to a picture, or with a picture attached, and I will dream it. "
    "You may add a layer and an intensity, such as `mixed5 11`."
)
BLIND = "The bot may not read messages (the message content intent is off in the developer portal)"

AUTODREAM_ON = "I now dream the pictures posted here, {chance} of them."
AUTODREAM_OFF = "I no longer dream the pictures posted here."
AUTODREAM_STATE_ON = "Auto-dream is on here: {chance} of the pictures, at most {hourly} an hour."
AUTODREAM_STATE_OFF = "Auto-dream is off here. `/autodream on` switches it on."
AUTODREAM_BLIND = (
    "I cannot see the pictures people post: " + BLIND + ", and only the bot's owner can change that."
)
