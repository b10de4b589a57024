"""What may be typed after a mention."""

import pytest

from dreambot.chat.asking.typed import AskingError, read_request
from dreambot.recipe import DreamRequest, RecipeError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<@123>", DreamRequest()),
        ("<@!123> mixed5 11", DreamRequest(layer="mixed5", intensity=11)),
        ("11 <@123>", DreamRequest(intensity=11)),
        ("<@1> layer:mixed5 intensity:11", DreamRequest(layer="mixed5", intensity=11)),
        ("<@1> Layer: mixed3 + mixed5*0.5  seed:7", DreamRequest(layer="mixed3+mixed5*0.5", seed=7)),
        ("<@1> preset:classic intensity: 3", DreamRequest(preset="classic", intensity=3)),
        ("<@1> bend:swap@mixed1=0.3 + cut@mixed2", DreamRequest(bend="swap@mixed1=0.3+cut@mixed2")),
        ("<@1> Dogs 9", DreamRequest(preset="Dogs", intensity=9)),
        ("<@1> bend:random chaos:9 model:vgg16", DreamRequest(bend="random", chaos=9, model="vgg16")),
    ],
)
def test_understood(typed: str, meant: DreamRequest) -> None:
    assert read_request(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<@1> intensty:3", "did you mean intensity"),
        ("<@1> what:3", "layer, intensity, preset, bend, chaos, model or seed"),
        ("<@1> intensity:lots", "whole number, not “lots”"),
        ("<@1> mixed5 mixed4", "two values for layer"),
        ("<@1> please dream this", "two values for layer"),
    ],
)
def test_not_understood(typed: str, said: str) -> None:
    with pytest.raises(AskingError, match=said):
        read_request(typed)


def test_out_of_range() -> None:
    with pytest.raises(RecipeError, match="from 1 to 11"):
        read_request("<@1> 12")
