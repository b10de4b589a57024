"""Telling how it goes without making the work wait."""

import asyncio

from dreambot.chat.progress import Frame, Progress


async def test_latest_wins_and_nobody_waits() -> None:
    shown: list[str] = []
    gate = asyncio.Event()

    async def edit(frame: Frame) -> None:
        shown.append(frame.text)
        await gate.wait()

    progress = Progress(edit, lambda error: None, every=0)
    for number in range(100):
        progress.show(Frame(str(number)))
        await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0.05)
    await progress.close()
    assert len(shown) < 5
    assert shown[-1] == "99"


async def test_the_final_edit_waits_for_one_under_way() -> None:
    order: list[str] = []

    async def edit(frame: Frame) -> None:
        await asyncio.sleep(0.05)
        order.append(frame.text)

    progress = Progress(edit, lambda error: None, every=0)
    progress.show(Frame("under way"))
    await asyncio.sleep(0.01)
    progress.show(Frame("never shown"))
    await progress.close()
    order.append("final")
    await asyncio.sleep(0.1)
    assert order == ["under way", "final"]


async def test_a_preview_that_was_skipped_is_shown_with_the_next_frame() -> None:
    shown: list[Frame] = []
    gate = asyncio.Event()

    async def edit(frame: Frame) -> None:
        shown.append(frame)
        await gate.wait()

    progress = Progress(edit, lambda error: None, every=0)
    progress.show(Frame("first"))
    await asyncio.sleep(0.01)
    progress.show(Frame("with preview", b"jpeg"))
    progress.show(Frame("without"))
    gate.set()
    await asyncio.sleep(0.05)
    await progress.close()
    assert shown == [Frame("first"), Frame("without", b"jpeg")]


async def test_a_failed_edit_is_reported_and_the_telling_goes_on() -> None:
    failures: list[Exception] = []
    shown: list[str] = []

    async def edit(frame: Frame) -> None:
        if frame.text == "bad":
            raise OSError("down")
        shown.append(frame.text)

    progress = Progress(edit, failures.append, every=0)
    progress.show(Frame("bad"))
    await asyncio.sleep(0.01)
    progress.show(Frame("good"))
    await asyncio.sleep(0.01)
    await progress.close()
    assert shown == ["good"]
    assert [str(error) for error in failures] == ["down"]
