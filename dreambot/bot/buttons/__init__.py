"""Buttons under progress messages and results.

They are stateless: the custom id holds the job's id, so they work after restarts.
"""

from dreambot.bot.buttons.compare import CompareButton, ShareComparisonButton
from dreambot.bot.buttons.delete import (
    ConfirmDeleteButton,
    DeleteButton,
    DeleteComparisonButton,
    SourceDeletedButton,
)
from dreambot.bot.buttons.variations import LayerButton, LayerSelect, PickButton, VariationButton
from dreambot.bot.buttons.views import (
    CancelButton,
    GalleryButton,
    MoreButton,
    UndoButton,
    cancel_view,
    result_view,
)

__all__ = ["BUTTONS", "cancel_view", "result_view"]

BUTTONS = (
    CancelButton,
    DeleteButton,
    DeleteComparisonButton,
    ConfirmDeleteButton,
    VariationButton,
    LayerButton,
    LayerSelect,
    PickButton,
    CompareButton,
    ShareComparisonButton,
    UndoButton,
    MoreButton,
    GalleryButton,
    SourceDeletedButton,
)
"""All buttons and menus under the bot's messages."""
