"""Finding the class a user means."""

import pytest
from torchvision.models import MobileNet_V2_Weights

from dreambot.recipe import RecipeError
from dreambot.recipe.class_aliases import CLASS_ALIASES, CLASS_GROUPS
from dreambot.recipe.classes import FEATURED_CLASSES, class_names, find_class, suggest_classes


def found(text: str) -> str:
    return class_names()[find_class(text)]


def test_names_are_in_the_order_of_the_logits() -> None:
    assert list(class_names()) == MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]


def test_every_class_is_found_by_its_own_name() -> None:
    assert [found(name) for name in class_names()] == list(class_names())


def test_every_word_of_ours_leads_to_classes_there_are() -> None:
    named = {
        *CLASS_ALIASES.values(),
        *(name for kinds in CLASS_GROUPS.values() for name in kinds),
        *FEATURED_CLASSES,
    }
    assert named <= set(class_names())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("GOLDEN RETRIEVER", "golden retriever"),
        ("retriever, golden", "golden retriever"),
        ("goldn retreiver", "golden retriever"),
        ("gold fish", "goldfish"),
        ("jellyfishes", "jellyfish"),
        ("a castle", "castle"),
        ("castel", "castle"),
        ("hot dog", "hotdog"),
        ("jack o lantern", "jack-o'-lantern"),
        ("shitzu", "Shih-Tzu"),
        ("siberian", "Siberian husky"),
        ("lighthouse", "beacon"),
        ("lightouse", "beacon"),
        ("elephants", "African elephant"),
        ("Cardigan", "Cardigan"),
        ("cardigan", "cardigan"),
    ],
)
def test_people_may_write_as_they_like(typed: str, meant: str) -> None:
    assert found(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dog", "golden retriever, pug"),
        ("butterflies", "monarch"),
        ("african", "African chameleon"),
        ("unicorn", "corn"),
        ("qwerty", "golden retriever"),
        ("!?", "golden retriever"),
    ],
)
def test_who_means_many_or_none_is_told_what_there_is(typed: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        find_class(typed)


def test_offers_while_somebody_types() -> None:
    assert suggest_classes("") == FEATURED_CLASSES
    assert suggest_classes("gol", most=3) == ("goldfish", "goldfinch", "golden retriever")
    assert suggest_classes("dogs")[0] == "golden retriever"
    assert "tarantula" in suggest_classes("tarrantula")
