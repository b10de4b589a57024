"""What `/settings` shows: pages of components, drawn anew from what is stored after each change."""

from dreambot.chat.pages.settings.autodream import autodream_page
from dreambot.chat.pages.settings.changes import autodream_changed, changed, with_limits
from dreambot.chat.pages.settings.limits import LimitsForm
from dreambot.chat.pages.settings.main import autodream_in_words, main_page

__all__ = [
    "LimitsForm",
    "autodream_changed",
    "autodream_in_words",
    "autodream_page",
    "changed",
    "main_page",
    "with_limits",
]
