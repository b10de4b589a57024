"""What `/layers` shows: a network's layers, a few at a time, and one of them by itself."""

from dataclasses import dataclass
from typing import Any, Protocol, cast

import discord
from discord.ui import ActionRow, Item, MediaGallery, Section, Separator, TextDisplay, Thumbnail

from dreambot.chat.asking.completion import complete_model
from dreambot.chat.asking.picture import newest_picture
from dreambot.chat.pages.atlas.pictures import picture
from dreambot.chat.pages.control import REST, Control, chosen, framed
from dreambot.chat.words import Told, Words, words_in
from dreambot.chat.words.english import from_english
from dreambot.jobs.runner import Find
from dreambot.recipe import LAYERS, DreamRequest, Layer, find_layer
from dreambot.recipe.trained import DEFAULT_MODEL
from dreambot.zoo import known

ON_A_PAGE = 5


@dataclass(frozen=True)
class Page:
    """A page, and the pictures on it."""

    view: discord.ui.LayoutView
    files: list[discord.File]


class _Dreamer(Protocol):
    async def for_interaction(self, interaction: discord.Interaction[Any], read: Any, find: Find) -> None:
        """See `Dreamer`."""


class _Client(Protocol):
    dreamer: _Dreamer


class LayersControl(Control, template="layers" + REST):
    """Turns the pages, and dreams the newest picture with the layer that one stays at. `about` is a model,
    and a page or a layer."""

    page = "layers"

    async def used(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press or a choice."""
        say = words_in(interaction)
        model, _, rest = (self.about or next(iter(chosen(interaction)), "")).rpartition("-")
        match self.action:
            case "turn" | "model" if rest.isdecimal():
                page = layers_page(model, int(rest), say)
            case "pick":
                page = layer_page(model, rest, say)
            case "dream":
                await _dream(interaction, model, rest)
                return
            case _:
                raise Told("dreaming-layers-unknown")
        await interaction.response.defer()
        await interaction.edit_original_response(view=page.view, attachments=page.files)


def layers_page(model: str, number: int, say: Words) -> Page:
    """The page of that number, counted from 0, of a model's layers. Raises UserError where there is no such
    model."""
    offered = _offered(model)
    last = (len(offered) - 1) // ON_A_PAGE
    number = min(number, last)
    shown = offered[number * ON_A_PAGE :][:ON_A_PAGE]
    files: list[discord.File] = []
    items: list[Item[Any]] = [TextDisplay(f"## {say('dreaming-layers', model=model)}")]
    for layer in shown:
        drawn = picture(layer.model, layer.name)
        text = TextDisplay[Any](f"### {layer.name}\n{_shows(layer, say)}")
        if drawn:
            files.append(drawn)
            items.append(Section(text, accessory=Thumbnail(drawn, description=_shows(layer, say))))
        else:
            items.append(text)
    items.append(Separator())
    looks = [(f"{model}-{layer.name}", f"{layer.name} · {_shows(layer, say)}") for layer in offered]
    items.append(LayersControl.select("pick", looks, placeholder=say("dreaming-layers-pick")))
    models = [(f"{name}-0", shown) for shown, name in complete_model("")]
    items.append(LayersControl.select("model", models, f"{model}-0"))
    turns = [("◀", number - 1)] * (number > 0) + [("▶", number + 1)] * (number < last)
    if turns:
        items.append(
            ActionRow(*(LayersControl.button(label, "turn", f"{model}-{to}") for label, to in turns))
        )
    return Page(framed(*items), files)


def layer_page(model: str, name: str, say: Words) -> Page:
    """One layer, to be dreamed with. Raises UserError where there is no such model or layer."""
    layer = find_layer(name, known.trained(model).architecture)
    place = next((at for at, one in enumerate(_offered(model)) if one.name == layer.name), 0)
    drawn = picture(layer.model, layer.name)
    items: list[Item[Any]] = [
        TextDisplay(f"## {layer.name}\n{_shows(layer, say)}\n-# {model} · `layer:{layer.name}`")
    ]
    if drawn:
        gallery = MediaGallery[Any]()
        gallery.add_item(media=drawn, description=_shows(layer, say))
        items.append(gallery)
    items.append(
        ActionRow(
            LayersControl.button(
                say("dreaming-layers-dream"),
                "dream",
                f"{model}-{layer.name}",
                style=discord.ButtonStyle.primary,
            ),
            LayersControl.button(say("dreaming-layers-back"), "turn", f"{model}-{place // ON_A_PAGE}"),
        )
    )
    return Page(framed(*items), [drawn] if drawn else [])


async def _dream(interaction: discord.Interaction[Any], model: str, layer: str) -> None:
    def read() -> DreamRequest:
        return DreamRequest.of(layer=layer, model=model if model != DEFAULT_MODEL else None)

    await cast(_Client, interaction.client).dreamer.for_interaction(
        interaction, read, lambda: newest_picture(interaction)
    )


def _offered(model: str) -> list[Layer]:
    return [layer for layer in LAYERS[known.trained(model).architecture] if layer.offered]


def _shows(layer: Layer, say: Words) -> str:
    return from_english(say, layer.shows)
