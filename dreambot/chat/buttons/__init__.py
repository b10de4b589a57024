"""Buttons. They keep no state: their ids say what they are about, so they outlive restarts."""

from dreambot.chat.buttons.cancel import CancelButton
from dreambot.chat.buttons.delete import DeleteButton
from dreambot.chat.buttons.rows import cancel_view, result_view

__all__ = ["BUTTONS", "cancel_view", "result_view"]

BUTTONS = (CancelButton, DeleteButton)
"""All that somebody can press under a message of ours."""
