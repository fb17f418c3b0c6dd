"""A Jimeng of a few lines at the wire: everything works at once, unless a test says what comes next."""

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from io import BytesIO
from itertools import count
from typing import Any

import httpx
from PIL import Image

HTTP = {50411: 400, 50412: 400, 50413: 400, 50511: 400, 50519: 400, 50429: 429, 50430: 429, 50500: 500, 50400: 401}


def jpeg(colour: tuple[int, int, int] = (90, 140, 60), size: tuple[int, int] = (64, 64)) -> bytes:
    """A small picture file."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


PICTURE = jpeg()
GENERATING = {"code": 10000, "data": {"status": "generating"}, "request_id": "wait"}


class Wire:
    """Answers by call ("submit", "poll", "download"): what a test queued, then success.

    An answer is a code (int), a body (dict), bytes, an exception to raise, or "hold": it comes when `let_go` is set by the test.
    """

    def __init__(self) -> None:
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.keys: list[str] = []
        self._next: dict[str, deque[Any]] = defaultdict(deque)
        self.always: dict[str, Any] = {}
        self._ids = count(7_392_616_336_519_610_409)

    def then(self, call: str, *answers: Any) -> None:
        """What this call is answered next, one after the other."""
        self._next[call].extend(answers)

    @property
    def submits(self) -> int:
        """Submits that arrived."""
        return len(self.asked["submit"])

    def transport(self) -> httpx.MockTransport:
        """For an httpx.AsyncClient."""
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        call = {"CVSync2AsyncSubmitTask": "submit", "CVSync2AsyncGetResult": "poll"}.get(
            request.url.params.get("Action", ""), "download"
        )
        body: dict[str, Any] = json.loads(request.content) if request.content else {}
        self.asked[call].append(body)
        if call == "submit":
            self.keys.append(request.headers["authorization"].split("Credential=")[1].split("/")[0])
        answer = self._next[call].popleft() if self._next[call] else self.always.get(call, self._good(call))
        return _response(answer)

    def _good(self, call: str) -> Mapping[str, Any] | bytes:
        if call == "submit":
            return {"code": 10000, "data": {"task_id": str(next(self._ids))}, "request_id": "submitted"}
        if call == "poll":
            url = "http://pictures.invalid/one"
            return {"code": 10000, "data": {"status": "done", "image_urls": [url]}, "request_id": "done"}
        return PICTURE


def _response(answer: Any) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, int):
        body = {"code": answer, "data": None, "message": f"no {answer}", "request_id": f"refused{answer}"}
        return httpx.Response(HTTP.get(answer, 400), json=body)
    if isinstance(answer, bytes):
        return httpx.Response(200, content=answer)
    return httpx.Response(200, json=answer)
