"""What a dream starts from: a picture, noise or the dark, and words on it."""

import numpy as np
import pytest
import torch

from dreambot.engine.letters import render_letters
from dreambot.engine.source import source_image, strengthen_words, word_weights
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import DreamRequest, SourceFacts, resolve_dream
from dreambot.zoo.loading import load
from dreambot.zoo.registry import find_model
from dreambot.zoo.weights import locate
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

CPU = torch.device("cpu")
NETWORK = tiny_network()
GREY = np.full((170, 200, 3), 128, np.uint8)


def contrast(image: torch.Tensor, text: str) -> float:
    """How much brighter an image is inside the letters than outside."""
    height, width = image.shape[-2:]
    inside = torch.from_numpy(render_letters(text, width, height)) > 0.5
    grey = image[0].mean(dim=0)
    return float(grey[inside].mean() - grey[~inside].mean())


def test_noise_comes_from_the_seed_alone() -> None:
    recipe = tiny_recipe(source="noise", seed=3)
    image = source_image(None, recipe, CPU)
    assert image.shape == (1, 3, 170, 200)
    assert torch.equal(image, source_image(GREY, recipe, CPU))
    assert not torch.equal(image, source_image(None, tiny_recipe(source="noise", seed=4), CPU))
    assert 0.2 < image.std() < 0.4


def test_a_dream_out_of_noise_is_repeated_by_its_recipe() -> None:
    recipe = tiny_recipe(source="noise", seed=3)
    dream = dreamed(NETWORK, DreamInputs(None), recipe)
    assert np.array_equal(dream, dreamed(NETWORK, DreamInputs(None), recipe))
    other = dreamed(NETWORK, DreamInputs(None), tiny_recipe(source="noise", seed=4))
    assert abs(np.corrcoef(dream.ravel(), other.ravel())[0, 1]) < 0.5


def test_a_recipe_for_a_picture_needs_one() -> None:
    with pytest.raises(ValueError, match="no picture"):
        source_image(None, tiny_recipe(), CPU)


def test_words_in_the_dark_are_bright_and_blurred() -> None:
    recipe = tiny_recipe(source="dark", text="NO", width=256, height=192)
    image = source_image(None, recipe, CPU)
    assert image.shape == (1, 3, 192, 256)
    assert contrast(image, "NO") > 0.8
    assert word_weights(recipe, CPU) is None
    assert source_image(None, tiny_recipe(source="dark"), CPU).mean() == pytest.approx(-0.85, abs=0.01)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_words_stand_out_from_any_picture(grey: int) -> None:
    recipe = tiny_recipe(text="NO")
    image = source_image(np.full_like(GREY, grey), recipe, CPU)
    assert contrast(image, "NO") > 0.4
    weights = word_weights(recipe, CPU)
    assert weights is not None
    assert weights.shape == (1, 1, 170, 200)
    assert contrast(weights.expand(1, 3, -1, -1), "NO") > 0.4
    assert 0.3 < weights.min() < weights.max() <= 1.0001


def test_words_are_brightened_in_the_finished_dream() -> None:
    flat = torch.zeros(1, 3, 170, 200)
    assert contrast(strengthen_words(flat, tiny_recipe(text="NO")), "NO") > 0.1
    assert strengthen_words(flat, tiny_recipe()) is flat


def test_words_and_a_mask_are_both_heeded() -> None:
    mask = np.zeros((170, 200), np.uint8)
    mask[:, 100:] = 255
    recipe = tiny_recipe(text="NO", mask="a" * 64, step=0.2)
    written = source_image(GREY, recipe, CPU)
    dream = dreamed(NETWORK, DreamInputs(GREY, mask=mask), recipe)
    change = np.abs(dream.astype(float) - ((written[0].movedim(0, 2).numpy() + 1) * 127.5))
    assert change[:, :90].max() <= 1
    assert change[:, 110:].mean() > 5


def photo() -> Pixels:
    from skimage import data
    from skimage.transform import resize

    return (resize(data.coffee(), (192, 256), anti_aliasing=True) * 255).astype(np.uint8)


@pytest.mark.weights
@pytest.mark.parametrize("preset", ["giger", "watchers"])
@pytest.mark.parametrize("on_photo", [False, True], ids=["dark", "photo"])
def test_words_can_be_read_in_a_real_dream(preset: str, on_photo: bool) -> None:
    require("weights", locate("faces") is not None)
    network = load("faces")
    source = photo() if on_photo else None
    text = "HE COMES"

    def likeness(**options: str) -> float:
        """The correlation of the dream's blurred luminance with the letters."""
        recipe = resolve_dream(
            DreamRequest.of(preset=preset, intensity=7, **options),
            SourceFacts(256, 192) if on_photo else None,
            seed=2,
            models=find_model,
            precision="fp32",
            max_pixels=256 * 192,
        )
        grey = dreamed(network, DreamInputs(source), recipe).astype(np.float32).mean(axis=2)
        mask = render_letters(text, recipe.width, recipe.height)
        pooled = [
            torch.nn.functional.avg_pool2d(torch.from_numpy(one)[None], 5)[0].numpy().ravel()
            for one in (grey, mask)
        ]
        return float(np.corrcoef(*pooled)[0, 1])

    written = likeness(text=text)
    assert written > 0.75
    assert abs(likeness(**({} if on_photo else {"source": "noise"}))) < 0.35
