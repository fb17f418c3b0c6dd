"""Telegram beside a bot that only fetches and sends: what our record, points and pictures cost is small."""

from tests.bench.bench_telegram import run

LEGEND = """
One /paint in Telegram, from the member's line to the photo; Jimeng is done at once, so what is left is our own time.
  floor     a bot of 25 lines that only fetches a picture and sends it
  adapter   our Telegram adapter with a desk that only answers
  bot       the whole bot: points, record, store, label
  median, p95: wall clock of one member, which other load on the machine stretches; CPU: processor time of one /paint,
  which it does not; calls: Bot API calls of one /paint; peak: memory
"""


async def test_the_whole_bot_keeps_up_with_one_that_only_fetches_and_sends() -> None:
    """By what does not depend on the machine's other work: processor time and memory. The clock is printed, to be looked at."""
    found = await run()
    print(LEGEND, *found, sep="\n")
    at = {(one.subject, one.users): one for one in found}
    for users in (20, 100):
        floor, adapter, bot = (at[subject, users] for subject in ("floor", "adapter", "bot"))
        assert adapter.cpu < floor.cpu + 7
        assert bot.cpu < floor.cpu + 20
        assert bot.memory < floor.memory + 150
