"""Completing options while they are typed, with (shown, value) pairs as Discord takes them."""

from dreambot.chat.asking.completion.bends import complete_bend
from dreambot.chat.asking.completion.choices import Pairs, choices, translated
from dreambot.chat.asking.completion.classes import complete_class
from dreambot.chat.asking.completion.layers import complete_journey, complete_layer
from dreambot.chat.asking.completion.models import architecture, complete_model

__all__ = [
    "Pairs",
    "architecture",
    "choices",
    "complete_bend",
    "complete_class",
    "complete_journey",
    "complete_layer",
    "complete_model",
    "translated",
]
