"""Finding the picture that is meant: handed over, linked, in a message, or the newest in a channel."""

from dreambot.chat.source.kinds import is_film, is_picture
from dreambot.chat.source.linked import message_behind, typed
from dreambot.chat.source.messages import Sort, found_in, in_message, pointed_at
from dreambot.chat.source.people import Untouchable, permitted, person_of
from dreambot.chat.source.picking import LOOK_BACK, chosen, look_back, newest, replied_to
from dreambot.chat.source.places import attachment_id_of, is_restricted
from dreambot.chat.source.subjects import (
    of_attachment,
    of_emoji,
    of_sticker,
    of_url,
)

__all__ = [
    "LOOK_BACK",
    "Sort",
    "Untouchable",
    "attachment_id_of",
    "chosen",
    "found_in",
    "in_message",
    "is_film",
    "is_picture",
    "is_restricted",
    "look_back",
    "message_behind",
    "newest",
    "of_attachment",
    "of_emoji",
    "of_sticker",
    "of_url",
    "permitted",
    "person_of",
    "pointed_at",
    "replied_to",
    "typed",
]
