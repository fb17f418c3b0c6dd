"""A desk that only answers and pictures that are fetched as they are shown: what our Telegram adapter costs by itself."""

from collections.abc import Sequence

from aiohttp import ClientSession

from core.replies import Answer
from core.requests import Request
from tests.telegram.scene import Images, result


class Fetching(Images):
    """Fetches each picture as it is shown."""

    def __init__(self, http: ClientSession, jimeng: str) -> None:
        super().__init__()
        self._http = http
        self._jimeng = jimeng

    async def preview(self, image: str) -> tuple[bytes, str]:
        async with self._http.get(f"{self._jimeng}/picture.jpg") as answer:
            return await answer.read(), "image/jpeg"


class Quick:
    """A desk with one answer."""

    async def answer(self, request: Request) -> Answer | None:
        return result(request.event_key)

    async def admins(self, platform: str) -> Sequence[str]:
        return ()

    async def turned_away(self, account: str) -> None:
        return None
