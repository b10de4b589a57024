import asyncio

from dreambot.scheduler.run import LatestValue


async def test_a_slow_reader_skips_and_every_reader_gets_the_last_value() -> None:
    latest: LatestValue[int] = LatestValue()

    async def read(pause: int) -> list[int]:
        seen = []
        async for value in latest:
            seen.append(value)
            for _ in range(pause):
                await asyncio.sleep(0)
        return seen

    readers = [asyncio.create_task(read(pause)) for pause in (0, 5)]
    for value in range(10):
        latest.put(value)
        await asyncio.sleep(0)
    latest.close()
    latest.put(99)
    quick, slow = await asyncio.gather(*readers)
    assert quick == list(range(10))
    assert slow[-1] == 9
    assert len(slow) < 5


async def test_a_late_reader_gets_the_last_value() -> None:
    latest: LatestValue[str] = LatestValue()
    latest.put("a")
    latest.close()
    assert [value async for value in latest] == ["a"]
