"""Texts and bars of progress."""

import asyncio

import pytest

from dreambot.bot.progress import ProgressFrame, ProgressReporter, dreaming_text, progress_bar, waiting_text
from dreambot.engine.progress import Progress
from dreambot.i18n import translator_for

HALF = Progress(eta=30.0, fraction=0.5, octave=2, octaves=4, step=3, steps=6)


@pytest.mark.parametrize(
    ("fraction", "cells"), [(-1, "▱" * 12), (0.5, "▰" * 6 + "▱" * 6), (1, "▰" * 12), (2, "▰" * 12)]
)
def test_the_bar_fills(fraction: float, cells: str) -> None:
    assert progress_bar(fraction) == cells


def test_position_and_remaining_time_are_shown() -> None:
    assert (
        waiting_text(translator_for("en"), Progress(position=2, eta=100.0))
        == "In the queue: 2nd, done in about 2 min"
    )
    assert waiting_text(translator_for("de"), Progress()) == "In der Warteschlange: Platz 1"


def test_progress_shows_octaves_or_percent_for_videos() -> None:
    assert (
        dreaming_text(translator_for("en"), HALF, video=False)
        == f"{progress_bar(0.5)} 50% · octave 2 of 4 · 30 s left"
    )
    assert "octave" not in dreaming_text(translator_for("en"), HALF, video=True)
    assert dreaming_text(translator_for("fr"), HALF, video=True).endswith(" · encore 30 s")


async def test_the_latest_frame_wins_and_show_does_not_wait() -> None:
    shown: list[str] = []
    gate = asyncio.Event()

    async def edit(frame: ProgressFrame) -> None:
        shown.append(frame.text)
        await gate.wait()

    progress = ProgressReporter(edit, lambda error: None, every=0)
    for number in range(100):
        progress.show(ProgressFrame(str(number)))
        await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0.05)
    await progress.close()
    assert len(shown) < 5
    assert shown[-1] == "99"


async def test_the_final_edit_waits_for_one_under_way() -> None:
    order: list[str] = []

    async def edit(frame: ProgressFrame) -> None:
        await asyncio.sleep(0.05)
        order.append(frame.text)

    progress = ProgressReporter(edit, lambda error: None, every=0)
    progress.show(ProgressFrame("under way"))
    await asyncio.sleep(0.01)
    progress.show(ProgressFrame("never shown"))
    await progress.close()
    order.append("final")
    await asyncio.sleep(0.1)
    assert order == ["under way", "final"]


async def test_a_preview_that_was_skipped_is_shown_with_the_next_frame() -> None:
    shown: list[ProgressFrame] = []
    gate = asyncio.Event()

    async def edit(frame: ProgressFrame) -> None:
        shown.append(frame)
        await gate.wait()

    progress = ProgressReporter(edit, lambda error: None, every=0)
    progress.show(ProgressFrame("first"))
    await asyncio.sleep(0.01)
    progress.show(ProgressFrame("with preview", b"jpeg"))
    progress.show(ProgressFrame("without"))
    gate.set()
    await asyncio.sleep(0.05)
    await progress.close()
    assert shown == [ProgressFrame("first"), ProgressFrame("without", b"jpeg")]


async def test_a_failed_edit_is_reported_and_progress_continues() -> None:
    failures: list[Exception] = []
    shown: list[str] = []

    async def edit(frame: ProgressFrame) -> None:
        if frame.text == "bad":
            raise OSError("down")
        shown.append(frame.text)

    progress = ProgressReporter(edit, failures.append, every=0)
    progress.show(ProgressFrame("bad"))
    await asyncio.sleep(0.01)
    progress.show(ProgressFrame("good"))
    await asyncio.sleep(0.01)
    await progress.close()
    assert shown == ["good"]
    assert [str(error) for error in failures] == ["down"]
