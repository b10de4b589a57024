"""Renders the gallery's pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from dreambot.gallery.assets import load_asset
from dreambot.gallery.dashboard import Dashboard
from dreambot.i18n import FALLBACK, LOCALES, Translator, format_duration, translator_for
from dreambot.jobs.gallery import GalleryFile, GalleryOrder, GalleryStore, SharedDream
from dreambot.jobs.models import JobState
from dreambot.recipe import LAYERS, Recipe
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.recipe.presets import OFFERED_PRESETS
from dreambot.recipe.text import format_recipe

PAGE_SIZE = 24
_MAX_LANGUAGES = 10


@dataclass(frozen=True)
class RecipeTexts:
    """What a recipe is called; the functions of the bot's captions.

    Attributes:
        look: Describes what is seen, in a language.
        command: Returns the command that repeats it.
    """

    look: Callable[[Translator, Recipe], str]
    command: Callable[[Recipe], str]


@dataclass(frozen=True)
class _Card:
    """A dream in a list."""

    address: str
    picture: GalleryFile
    picture_address: str
    look: str
    stars: int
    moves: bool


class GalleryPages:
    """Renders pages. Methods return None for pages that do not exist."""

    def __init__(self, base: str, store: GalleryStore, texts: RecipeTexts) -> None:
        """Loads the templates.

        Args:
            base: The path of the gallery in addresses, without a slash at its end.
            store: The shared dreams.
            texts: What a recipe is called.
        """
        self._base = base.rstrip("/")
        self._store = store
        self._texts = texts
        self._templates = Environment(
            loader=PackageLoader("dreambot.gallery"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"base": self._base, "asset": self._asset}

    @staticmethod
    def preferred_locale(accepted: str) -> str:
        """Returns the first of our languages that a browser asks for.

        Args:
            accepted: The header Accept-Language, in which browsers list the most wanted language first.
        """
        wanted = (one.partition(";")[0].strip()[:2].lower() for one in accepted.split(",")[:_MAX_LANGUAGES])
        return next((code for code in wanted if code in LOCALES), FALLBACK)

    async def dreams(self, locale: str, order: GalleryOrder, page: int) -> str | None:
        """Renders a page of the list of dreams.

        Args:
            locale: The language.
            order: How it is sorted.
            page: From 1.
        """
        pages = max(1, -(-await self._store.count() // PAGE_SIZE))
        if not 1 <= page <= pages:
            return None
        found = await self._store.page(order, first=(page - 1) * PAGE_SIZE, most=PAGE_SIZE)
        cards = [self._card(translator_for(locale), dream) for dream in found]
        place = {"order": order, "page": page, "pages": pages}
        return self._render("dreams.html", locale, order, cards=cards, **place)

    async def dream(self, locale: str, dream_id: str) -> str | None:
        """Renders the page of a dream.

        Args:
            locale: The language.
            dream_id: Its id in the gallery.
        """
        dream = await self._store.get(dream_id)
        if dream is None:
            return None
        translate, recipe = translator_for(locale), dream.recipe
        ancestors, descendants = await self._store.ancestors(dream), await self._store.descendants(dream)
        return self._render(
            "dream.html",
            locale,
            None,
            dream=dream,
            look=self._look(translate, recipe),
            command=_as_command(self._texts.command(recipe)) if recipe else None,
            needs_picture=recipe is not None and recipe.needs_source,
            recipe=format_recipe(recipe) if recipe else None,
            shared=format_date(dream.shared, "long", locale=locale),
            media=lambda file: self._media(dream, file),
            ancestors=[self._card(translate, one) for one in ancestors],
            descendants=[self._card(translate, one) for one in descendants],
        )

    def layers(self, locale: str, model: str | None) -> str | None:
        """Renders the pictures of a network's layers.

        Args:
            locale: The language.
            model: The network; None for the default one.
        """
        drawn = {
            name: [
                layer for layer in layers if layer.offered and load_asset(_layer_picture(name, layer.name))
            ]
            for name, layers in LAYERS.items()
        }
        models = [name for name, layers in drawn.items() if layers]
        model = model or DEFAULT_MODEL
        if model not in models:
            return None
        translate = translator_for(locale)
        shown = [
            {
                "name": layer.name,
                "picture": _layer_picture(model, layer.name),
                "shows": layer.description.text(translate),
                "command": f"/dream layer:{layer.name}"
                + (f" model:{model}" if model != DEFAULT_MODEL else ""),
            }
            for layer in drawn[model]
        ]
        return self._render("layers.html", locale, "layers", shown=shown, models=models, model=model)

    def presets(self, locale: str) -> str:
        """Renders the presets.

        Args:
            locale: The language.
        """
        translate = translator_for(locale)
        shown = [
            {
                "name": name,
                "picture": f"preset-{name}.jpg" if load_asset(f"preset-{name}.jpg") else None,
                "shows": preset.description.text(translate),
                "command": f"/dream preset:{name}",
            }
            for name, preset in OFFERED_PRESETS.items()
        ]
        return self._render("presets.html", locale, "presets", shown=shown)

    def error(self, locale: str, status: int) -> str:
        """Renders the page of an error.

        Args:
            locale: The language.
            status: The status of the answer.
        """
        kind = {403: "forbidden", 404: "not-found", 405: "not-found"}.get(status, "broken")
        return self._render("error.html", locale, None, kind=kind)

    def dashboard(self, found: Dashboard) -> str:
        """Renders the operator's dashboard, which is in English.

        Args:
            found: What it shows.
        """
        translate = translator_for(FALLBACK)

        def duration(seconds: float) -> str:
            return format_duration(translate, seconds)

        return self._render("dashboard.html", FALLBACK, None, found=found, states=JobState, duration=duration)

    def _render(self, template: str, locale: str, section: str | None, **values: Any) -> str:
        translate = translator_for(locale)
        return self._templates.get_template(template).render(
            t=translate, lang=translate.locale, section=section, **values
        )

    def _asset(self, name: str) -> str:
        found = load_asset(name)
        if found is None:
            raise LookupError(f"there is no file {name}")
        return f"{self._base}/static/{found.tag}/{name}"

    def _card(self, translate: Translator, dream: SharedDream) -> _Card:
        return _Card(
            f"{self._base}/dream/{dream.id}",
            dream.thumbnail,
            self._media(dream, dream.thumbnail),
            self._look(translate, dream.recipe),
            dream.stars,
            any(file.kind != "image" for file in dream.results),
        )

    def _media(self, dream: SharedDream, file: GalleryFile) -> str:
        return f"{self._base}/media/{dream.id}/{file.name}"

    def _look(self, translate: Translator, recipe: Recipe | None) -> str:
        text = self._texts.look(translate, recipe) if recipe else translate("core-something-else")
        return text[:1].upper() + text[1:]


def _as_command(text: str) -> str:
    return text if text.startswith("/") else f"/dream {text}"


def _layer_picture(model: str, layer: str) -> str:
    return f"layer-{model}-{layer}.jpg"
