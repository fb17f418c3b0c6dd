"""Keys to a Jimeng without limits, in place of the simulator's own: nothing of what is measured waits for a turn of a key."""

from collections.abc import Awaitable, Callable
from typing import Any

from core import keypools


def keys_to(jimeng: str, many: int = 25) -> Callable[..., Awaitable[None]]:
    """What stands in for `bot.play.bind`."""

    async def bind(records: Any, vault: Any, *_: Any) -> None:
        async with records.write() as tx:
            for number in range(many):
                new = keypools.NewCredential(
                    alias=f"k{number}",
                    access_key_id=f"key{number}",
                    secret_access_key="secret",
                    api_url=jimeng,
                    at_once=20,
                    per_second=100.0,
                )
                await keypools.add(tx, vault, new)

    return bind
