"""Networks that are not installed: what members read, and what the operator reads."""

from pathlib import Path

import pytest

from tests.bot.support import BotEnvironment, noise_png
from tests.support.fake_engine import NO_WEIGHTS

COMMAND = "dreambot models"


@pytest.fixture(autouse=True)
def _nothing_pulled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dreambot.zoo.cache.default_folder", lambda: tmp_path / "weights")


@pytest.mark.parametrize(
    "options",
    [{"layer": "mixed4a"}, {"model": "googlenet"}, {"model": "resnet50", "layer": "res4a"}],
)
async def test_a_layer_of_a_network_that_is_not_installed(
    env: BotEnvironment, options: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), **options)
        reply = await interaction.follow_up()
    network = options.get("model", "googlenet")
    assert reply.content == f"The network {network} is not installed here. Choose another one."
    assert f"{COMMAND} pull {network}" in caplog.text


async def test_weights_that_the_worker_cannot_load(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    env.ann.set_locale("de")
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), seed=NO_WEIGHTS)
        reply = await interaction.follow_up()
        assert reply.content == "Das Netz vgg16 ist hier nicht installiert; nimm ein anderes."
        interaction = await env.ann.slash("layers", channel=env.channel, model="googlenet")
        reply = await interaction.result()
        assert reply.content == "Das Netz googlenet ist hier nicht installiert; nimm ein anderes."
    assert f"{COMMAND} add vgg16" in caplog.text
    assert f"{COMMAND} pull googlenet" in caplog.text
