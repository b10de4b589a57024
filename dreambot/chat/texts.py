"""What the bot says, in one place."""

from dreambot.chat.captions import caption, zalgo
from dreambot.recipe import Recipe, find_layer
from dreambot.recipe.resolve import DEFAULT_INTENSITY

RECEIVED = "Looking at the picture…"
NO_DREAM = "-# No dream this time."
CANCELLED = "Cancelled; nothing was dreamed."
CANCELLED_BY_MODERATOR = "A moderator cancelled your dream."
ALREADY_OVER = "That dream is already over."
NOT_YOURS = "Only the one who asked for this dream, or a moderator, can cancel it."
CANCELLED_OTHERS = "Cancelled; I told the one who asked for it."
SHUTTING_DOWN = "I am about to restart and take nothing new; please ask again in a minute."
PARKED = "I have to restart. Your dream keeps its place and goes on afterwards."
NOT_YOURS_TO_DELETE = "Only the one who asked for this dream, or a moderator, can delete it."
WITHDRAWN = "The picture you wanted dreamed is gone, so I stopped."
GONE_WRONG = "Something went wrong on my side and your dream was lost; please try again."
LATE = "Your dream took a while; here it is."

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

_BAR = 12


def bar(fraction: float) -> str:
    """A bar of twelve cells for a fraction from 0 to 1."""
    filled = round(_BAR * min(1.0, max(0.0, fraction)))
    return "▰" * filled + "▱" * (_BAR - filled)


def duration(seconds: float) -> str:
    """`8 s`, `2 min`: no more exact than anybody wants."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def waiting(place: int, eta: float | None) -> str:
    """The place in the queue, 1 for the next, and when it should be done."""
    when = f", done in about {duration(eta)}" if eta is not None else ""
    return f"In the queue: {ordinal(max(1, place))}{when}"


def dreaming(fraction: float, octave: int, octaves: int, eta: float | None) -> str:
    """How far a dream is. `octave` counts from 1."""
    when = f" · {duration(eta)} left" if eta is not None else ""
    return f"{bar(fraction)} {fraction:.0%} · octave {octave} of {octaves}{when}"


def result(recipe: Recipe) -> str:
    """What stands above a dreamed picture: the caption, then the recipe in plain words."""
    plain = caption(recipe)
    corrupted = zalgo(plain, recipe.intensity or DEFAULT_INTENSITY, recipe.seed)
    beneath = f"`{recipe.in_words()}`"
    return f"{corrupted}\n-# {beneath}" if corrupted == plain else f"{corrupted}\n-# {plain} · {beneath}"


def alt_text(recipe: Recipe, source: str | None) -> str:
    """The picture described for those who do not see it: at most 1024 characters. source: what was dreamed
    upon, None for nothing."""
    shows = " and ".join(
        dict.fromkeys(find_layer(term.layer, recipe.model).shows for term in recipe.layers if term.weight > 0)
    )
    subject = f"{source[:1].upper()}{source[1:]}" if source else "Out of nothing"
    text = (
        f"{subject}, dreamed upon by the neural network {recipe.model} "
        f"({recipe.in_words()}): its shapes turn into {shows or 'something else'}."
    )
    return text if len(text) <= 1024 else text[:1023] + "…"
