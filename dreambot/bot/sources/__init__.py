"""Finds the source image of a request: an attachment, a link, a message, or the newest image in a channel.

The sound of a hellscape is an attachment, too.
"""

from dreambot.bot.sources.find import (
    MAX_ID,
    chosen_images,
    chosen_sound,
    fetch_replied_message,
    newest_images,
    parse_message_link,
    source_from_text,
    source_in_message,
)
from dreambot.bot.sources.images import (
    from_attachment,
    from_emoji,
    from_sticker,
    from_typed_text,
    is_hidden,
    is_image,
    is_video,
)
from dreambot.bot.sources.messages import (
    CandidateKind,
    ImagesOptedOut,
    attachment_id_in_url,
    check_message_age_restriction,
    find_candidates,
    image_in,
    image_owner_of,
    images_or_file_in,
    is_age_restricted,
    may_use_images_of,
    sound_in,
)

__all__ = [
    "MAX_ID",
    "CandidateKind",
    "ImagesOptedOut",
    "attachment_id_in_url",
    "check_message_age_restriction",
    "chosen_images",
    "chosen_sound",
    "fetch_replied_message",
    "find_candidates",
    "from_attachment",
    "from_emoji",
    "from_sticker",
    "from_typed_text",
    "image_in",
    "image_owner_of",
    "images_or_file_in",
    "is_age_restricted",
    "is_hidden",
    "is_image",
    "is_video",
    "may_use_images_of",
    "newest_images",
    "parse_message_link",
    "sound_in",
    "source_from_text",
    "source_in_message",
]
