"""Message components: rows of buttons and selects, and with the flag for it, Components V2."""

from typing import Any

from dreambot.sandbox.check.controls import BUTTON, SELECTS, check_button, check_select
from dreambot.sandbox.check.form import Form, Path
from dreambot.sandbox.model import Json

ROW, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 9, 10, 11, 12, 13, 14, 17
_TOP_V2 = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
TOTAL_V2, TEXT_V2 = 40, 4000


class ComponentCheck:
    """One pass over a message's components. `filenames` are the attachments they may show."""

    def __init__(self, form: Form, filenames: set[str], *, v2: bool) -> None:
        self.form = form
        self.filenames = filenames
        self.v2 = v2
        self.count = 0
        self.text = 0
        self.custom_ids: set[str] = set()
        self.ids: set[int] = set()

    def message(self, body: Json, at: Path = ()) -> list[Json]:
        """The components of a message form, with ids and defaults filled in."""
        found = self.form.listing(body, "components", at, at_most=TOTAL_V2 if self.v2 else 5)
        allowed = _TOP_V2 if self.v2 else (ROW,)
        kept = [self.one(one, allowed, (*at, "components", index)) for index, one in enumerate(found)]
        if self.v2 and self.count > TOTAL_V2:
            words = f"Must be {TOTAL_V2} or fewer in length."
            self.form.wrong((*at, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
        if self.text > TEXT_V2:
            words = f"The text of all components together is over {TEXT_V2} characters."
            self.form.wrong((*at, "components"), "COMPONENT_MAX_TOTAL_TEXT_EXCEEDED", words)
        number(kept, self.ids)
        return kept

    def one(self, component: Any, allowed: tuple[int, ...], at: Path) -> Json:
        """A component where `allowed` types may stand."""
        if not isinstance(component, dict):
            self.form.wrong(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return {}
        kind = component.get("type")
        if not self.form.choice(kind, allowed, (*at, "type")) or kind is None:
            return {}
        self.count += 1
        kept = {key: value for key, value in component.items() if value is not None}
        self._own_id(component, at)
        if kind == ROW:
            kept["components"] = self._row(component, at)
        elif kind == BUTTON:
            check_button(self.form, component, at, self.custom_ids)
        elif kind in SELECTS:
            kept |= check_select(self.form, component, at, self.custom_ids)
        else:
            kept |= self._v2(kind, component, at)
        return kept

    def _row(self, row: Json, at: Path) -> list[Json]:
        inside = self.form.listing(row, "components", at, at_most=5)
        if not inside:
            words = "Must be between 1 and 5 in length."
            self.form.wrong((*at, "components"), "BASE_TYPE_BAD_LENGTH", words)
        if len(inside) > 1 and any(one.get("type") in SELECTS for one in inside):
            words = "The specified component exceeds the maximum width"
            self.form.wrong((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)
        allowed = (BUTTON, *SELECTS)
        return [self.one(one, allowed, (*at, "components", index)) for index, one in enumerate(inside)]

    def _v2(self, kind: int, component: Json, at: Path) -> Json:
        form = self.form
        if kind == TEXT:
            text = form.text(component, "content", at, at_least=1, at_most=TEXT_V2, required=True)
            self.text += len(text or "")
        elif kind in (SECTION, CONTAINER):
            return self._group(kind, component, at)
        elif kind == GALLERY:
            items = form.listing(component, "items", at, at_most=10)
            if not items:
                form.wrong((*at, "items"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
            for index, item in enumerate(items):
                self._media(item, "media", (*at, "items", index))
                form.text(item, "description", (*at, "items", index), at_most=1024)
        elif kind == THUMBNAIL:
            self._media(component, "media", at)
            form.text(component, "description", at, at_most=1024)
        elif kind == FILE:
            self._media(component, "file", at, attachment=True)
            return {"spoiler": bool(component.get("spoiler"))}
        elif kind == SEPARATOR:
            form.whole(component, "spacing", at, low=1, high=2)
            return {"spacing": component.get("spacing", 1), "divider": component.get("divider", True)}
        return {}

    def _group(self, kind: int, component: Json, at: Path) -> Json:
        most, allowed = (3, (TEXT,)) if kind == SECTION else (TOTAL_V2, _IN_CONTAINER)
        inside = self.form.listing(component, "components", at, at_most=most)
        if not inside:
            words = f"Must be between 1 and {most} in length."
            self.form.wrong((*at, "components"), "BASE_TYPE_BAD_LENGTH", words)
        kept: Json = {
            "components": [
                self.one(one, allowed, (*at, "components", index)) for index, one in enumerate(inside)
            ]
        }
        if kind == CONTAINER:
            self.form.whole(component, "accent_color", at, low=0, high=0xFFFFFF)
            return {
                **kept,
                "accent_color": component.get("accent_color"),
                "spoiler": bool(component.get("spoiler")),
            }
        if self.form.require(component, "accessory", at):
            kept["accessory"] = self.one(component["accessory"], (BUTTON, THUMBNAIL), (*at, "accessory"))
        return kept

    def _media(self, component: Json, key: str, at: Path, *, attachment: bool = False) -> None:
        media = component.get(key)
        url = media.get("url") if isinstance(media, dict) else None
        if not isinstance(url, str) or not url:
            self.form.wrong((*at, key, "url"), "BASE_TYPE_REQUIRED", "This field is required")
        elif url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in self.filenames:
                code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
                self.form.wrong((*at, key), code, "The referenced attachment was not found")
        elif attachment or not url.startswith(("http://", "https://")):
            words = "Only attachment:// references are allowed here." if attachment else "Not a URL."
            self.form.wrong((*at, key, "url"), "URL_TYPE_INVALID_SCHEME", words)

    def _own_id(self, component: Json, at: Path) -> None:
        number = self.form.whole(component, "id", at, low=0, high=(1 << 31) - 1)
        if number and number in self.ids:
            self.form.wrong((*at, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(number or 0)


def number(components: list[Json], taken: set[int]) -> None:
    """Give each component without an id the next one that is not `taken`."""
    fresh = (one for one in range(1, 10_000) if one not in taken)

    def walk(component: Json) -> None:
        component["id"] = component.get("id") or next(fresh)
        for inner in component.get("components", []):
            walk(inner)
        for key in ("accessory", "component"):
            if key in component:
                walk(component[key])

    for component in components:
        walk(component)
