"""What can be typed after a mention."""

import pytest

from dreambot.bot.requests.free_text import RequestSyntaxError, parse_request, split_text
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
        ("<@1> glass, 4!", DreamRequest(preset="glass", intensity=4)),
        ("<@1> mixed5 palette:acid", DreamRequest(layer="mixed5", palette="acid")),
        ("<@1> palette = Source", DreamRequest(palette="source")),
        ("<@1> bend:random chaos:9 model:vgg16", DreamRequest(bend="random", chaos=9, model="vgg16")),
    ],
)
def test_understood(typed: str, meant: DreamRequest) -> None:
    assert parse_request(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<@1> intensty:3", "did you mean intensity"),
        (
            "<@1> what:3",
            "layer, intensity, preset, bend, .*, source, where, four or format",
        ),
        ("<@1> intensity:lots", "whole number, not “lots”"),
        ("<@1> mixed5 mixed4", "two values for layer"),
        ("<@1> hello there", "do not know “hello”"),
        ("<@1> mixd5 3", "do not know “mixd5”; did you mean mixed5"),
        ("<@1> intensty 3", "do not know “intensty”; did you mean intensity"),
        ("<@1> layer", "layer has no value"),
        ("<@1> mixed4 9.5", "whole number, not “9.5”"),
        ("<@1> 9 and 7", "two values for intensity"),
        ("<@1> " + "x" * 4000, "at most 4,000 are allowed"),
    ],
)
def test_not_understood(typed: str, said: str) -> None:
    with pytest.raises(RequestSyntaxError, match=said):
        parse_request(typed)


def test_out_of_range() -> None:
    with pytest.raises(RecipeError, match="from 1 to 11"):
        parse_request("<@1> 12")


@pytest.mark.parametrize(
    "typed",
    [
        "<@1>, mixed4 9",
        "<@1> `mixed4 9`",
        "<@1> ``mixed4`` 9",
        "<@1> **mixed4** 9",
        "<@1> *mixed4* 9",
        "<@1> _mixed4_ __9__",
        "<@1> ~~mixed4~~ ||9||",
        "<@1>\n```\nmixed4 9\n```",
        "<@1> ```json\nmixed4 9```",
        "<@1>\nlayer: mixed4\nintensity: 9",
        "<@1>\n- mixed4\n- 9",
        "<@1>\n> mixed4 9",
        "<@1>\n# mixed4\n-# 9",
        "<@1> layer=mixed4 intensity=9",
        "<@1> layer = mixed4, intensity = 9.",
        "<@1> layer : mixed4; intensity : 9",
        "<@1> layer mixed4 intensity 9",
        "<@1> layer mixed4 at 9",
        "<@1> intensity: 9, layer: mixed4",
        "<@1> intensity 9 mixed4",
        "<@1> 9 intensity, mixed4 layer",
        "<@1> set layer to mixed4 and intensity to 9",
        "<@1> strength 9 layers mixed4",
        "<@1> layer:“mixed4” intensity:'9'",
        '<@1> "mixed4" 9',
        "<@1> (mixed4, 9)",
        '<@1> {"layer": "mixed4", "intensity": 9}',
        "<@1> mixed4, 9!",
        "<@1> mixed4... 9?!",
        "<@1> mixed4: 9",
        "<@1> mixed4/9",
        "<@1> mixed4 9/11",
        "<@1> mixed4 @ 9",
        "<@1> mixed 4 9",
        "<@1> mixed4 intensity9",
        "<@1> --layer mixed4 --intensity 9",
        "<@1> ｍｉｘｅｄ４　９",
        "<@1> layer：mixed4、intensity：９",
        "<@1> mixed4で9お願いします",
        "<@1> mixed4 ٩",
        "<@1> mixed4 9️⃣ 🔥🐕‍🦺",
        "<@1> mixed4\u200b \u202e9",
        "<@1> please dream this with mixed4 at 9, thanks!",
        "<@1> mixed4 9 bitte",
        "<@1> mixed4\t\t 9\r\n",
        "<@1> mixed4 9 9",
    ],
)
def test_spellings_of_options(typed: str) -> None:
    assert parse_request(typed) == DreamRequest(layer="mixed4", intensity=9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("please dream this", DreamRequest()),
        ("dogs 11!", DreamRequest(preset="dogs", intensity=11)),
        ("9.", DreamRequest(intensity=9)),
        ("dogs - 9", DreamRequest(preset="dogs", intensity=9)),
        ("MIXED4 Seed 7", DreamRequest(layer="MIXED4", seed=7)),
        ("vgg16 9", DreamRequest(model="vgg16", intensity=9)),
        ("random, chaos 9", DreamRequest(bend="random", chaos=9)),
        ("mixed3 + mixed5 * 0.5", DreamRequest(layer="mixed3+mixed5*0.5")),
        ("mixed3 + mixed5*0,5", DreamRequest(layer="mixed3+mixed5*0.5")),
        ("mixed3 × 0.5", DreamRequest(layer="mixed3*0.5")),
        ("mixed3 and mixed4 & mixed5, 9", DreamRequest(layer="mixed3+mixed4+mixed5", intensity=9)),
        ("mixed4 - mixed0*0.5", DreamRequest(layer="mixed4-mixed0*0.5")),
        ("mixed4 −mixed0", DreamRequest(layer="mixed4-mixed0")),
        ("-mixed2", DreamRequest(layer="-mixed2")),
        ("mixed4 [68, 47], 9", DreamRequest(layer="mixed4[68,47]", intensity=9)),
        ("mixed5[top4]", DreamRequest(layer="mixed5[top4]")),
        ("conv1/7x7_s2 3", DreamRequest(layer="conv1/7x7_s2", intensity=3)),
        ("swap@mixed1=0.3, 9", DreamRequest(bend="swap@mixed1=0.3", intensity=9)),
        ("bend = swap @ mixed1 = 0.3 + cut@mixed2", DreamRequest(bend="swap@mixed1=0.3+cut@mixed2")),
        ("**bend:** swap@mixed1", DreamRequest(bend="swap@mixed1")),
    ],
)
def test_spellings_of_expressions_and_presets(typed: str, meant: DreamRequest) -> None:
    assert parse_request(f"<@1> {typed}") == meant


@pytest.mark.parametrize(
    ("typed", "words", "rest"),
    [
        ("mixed5 11", None, "mixed5 11"),
        ('text:"HE COMES" preset:giger', "HE COMES", "preset:giger"),
        ("9 Text = “HE, COMES!” dogs", "HE, COMES!", "9 dogs"),
        ("text: „er kommt“", "er kommt", ""),
        ("text:«il vient» 3", "il vient", "3"),
        ("text:「夢を見る」", "夢を見る", ""),
        ("text:he comes preset:giger", "he comes", "preset:giger"),
        ("text: he comes\nmixed4", "he comes", "mixed4"),
        ('text:"no end', '"no end', ""),
        ('text:""', "", ""),
        ("text:", "", ""),
        ("mixed4 context:3", None, "mixed4 context:3"),
        ('text:"layer:mixed5 seed:3" 4', "layer:mixed5 seed:3", "4"),
    ],
)
def test_the_words_of_a_text_are_taken_out(typed: str, words: str | None, rest: str) -> None:
    found, left = split_text(typed)
    assert (found, left.split()) == (words, rest.split())


def test_words_are_part_of_the_request() -> None:
    assert parse_request("noise 4", "HE COMES") == DreamRequest(source="noise", text="HE COMES", intensity=4)
    with pytest.raises(RecipeError, match="no visible characters"):
        parse_request("mixed4", "")
