"""Telegram beside a bot that only fetches and sends: what our record, inbox and gate cost is small."""

from tests.bench.bench_telegram import run


async def test_the_adapter_keeps_near_the_floor() -> None:
    found = await run()
    print("", *found, sep="\n")
    at = {(one.subject, one.users): one for one in found}
    for users in (20, 100):
        assert at["adapter", users].median < 2 * at["floor", users].median
        assert at["adapter", users].cpu < at["floor", users].cpu + 7
