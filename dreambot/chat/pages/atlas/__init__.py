"""The layers of the networks, to look through: what each shows, in words and in pictures."""

from dreambot.chat.pages.atlas.views import LayersControl, Page, layer_page, layers_page

__all__ = ["LayersControl", "Page", "layer_page", "layers_page"]
