"""Telegram beside a bot that only fetches and sends: what our record, points and pictures cost is small."""

from tests.bench.bench_telegram import run


async def test_the_whole_bot_keeps_up_with_one_that_only_fetches_and_sends() -> None:
    found = await run()
    print("", *found, sep="\n")
    at = {(one.subject, one.users): one for one in found}
    for users in (20, 100):
        floor, adapter, bot = (at[subject, users] for subject in ("floor", "adapter", "bot"))
        assert adapter.median < 2 * floor.median
        assert adapter.cpu < floor.cpu + 7
        assert bot.median < 6 * floor.median
        assert bot.cpu < floor.cpu + 20
        assert bot.memory < floor.memory + 150
