"""Buttons. They keep no state: their ids say what they are about, so they outlive restarts."""

from dreambot.chat.buttons.cancel import CancelButton
from dreambot.chat.buttons.compare import CompareButton, ShowButton
from dreambot.chat.buttons.delete import DeleteButton, DeleteComparisonButton, SureButton
from dreambot.chat.buttons.going_on import GoOnButton
from dreambot.chat.buttons.layer import LayerButton, LayerSelect
from dreambot.chat.buttons.rows import UndoButton, cancel_view, result_view
from dreambot.chat.buttons.withdrawn import WithdrawnButton

__all__ = ["BUTTONS", "cancel_view", "result_view"]

BUTTONS = (
    CancelButton,
    DeleteButton,
    DeleteComparisonButton,
    SureButton,
    GoOnButton,
    LayerButton,
    LayerSelect,
    CompareButton,
    ShowButton,
    UndoButton,
    WithdrawnButton,
)
"""All that somebody can press or choose under a message of ours."""
