"""Finding layers by their names and aliases."""

import pytest

from dreambot.recipe import LAYERS, RecipeError, find_layer


@pytest.mark.parametrize("model", LAYERS)
def test_every_name_and_alias_finds_one_layer_and_nothing_else(model: str) -> None:
    for layer in LAYERS[model]:
        for name in (layer.name, *layer.aliases):
            assert find_layer(name.upper(), model) is layer
        assert layer.shows
        assert layer.model == model


@pytest.mark.parametrize(
    ("model", "said", "meant"),
    [
        ("googlenet", "inception4c", "mixed4c"),
        ("googlenet", "inception_4c/output", "mixed4c"),
        ("googlenet", "inception_4c/output_pre", "mixed4c_pre"),
        ("vgg16", "relu4_3", "conv4_3"),
        ("resnet50", "layer3.2", "res4c"),
        ("inception_v3_torchvision", "Mixed_6c", "mixed5"),
        ("mobilenet_v2", "features.12", "block12"),
    ],
)
def test_the_names_of_other_programs_are_understood(model: str, said: str, meant: str) -> None:
    assert find_layer(said, model).name == meant


@pytest.mark.parametrize(
    ("model", "said", "answer"),
    [
        ("inception_v3", "mixed55", "did you mean mixed5"),
        (
            "vgg16",
            "mixed4",
            "in vgg16, but there is inception_v3:mixed4 or inception_v3_torchvision:mixed4. Did you mean",
        ),
        ("inception_v3", "conv4_3", "in inception_v3, but there is vgg16:conv4_3 or writing:conv4_3"),
        ("resnet50", "quux", "did you mean res"),
        ("googlenet", "mixed4", "mixed4"),
    ],
)
def test_a_name_it_does_not_have_is_answered_with_some_it_has(model: str, said: str, answer: str) -> None:
    with pytest.raises(RecipeError, match=answer) as error:
        find_layer(said, model)
    assert "_pre" not in str(error.value)


@pytest.mark.parametrize("model", LAYERS)
def test_what_is_offered_is_never_before_a_relu_and_costs_more_the_deeper_it_lies(model: str) -> None:
    assert any(layer.offered for layer in LAYERS[model])
    assert not any(layer.offered for layer in LAYERS[model] if layer.name.endswith("_pre"))
    costs = [layer.flops for layer in LAYERS[model]]
    assert costs == sorted(costs)
