"""A client whose server gives the answers a test wants, and what one of them raises."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core.jimeng.client import Credential, Drawing, JimengClient, Label
from core.jimeng.errors import Call, JimengError

CREDENTIAL = Credential("main", "AKTEST4F2A", "very-secret-key", "https://jimeng.example", session_token="sts-token")
DRAWING = Drawing("jimeng_t2i_v31", "雪地里的红狐狸", 1664, 936, seed=7, use_pre_llm=False)
LABEL = Label(add=True)
Answer = httpx.Response | Exception


def client_of(*answers: Answer, seen: list[httpx.Request] | None = None) -> JimengClient:
    """A client whose server gives these answers in turn."""
    left = list(answers)

    def serve(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = httpx.AsyncClient(transport=httpx.MockTransport(serve))
    return JimengClient(
        http, lambda: datetime(2026, 1, 15, 8, 9, 10, tzinfo=UTC), frozenset({"127.0.0.1", "pictures.example"})
    )


def told(code: int = 10000, data: Any = None, http: int = 200, **more: Any) -> httpx.Response:
    """An envelope of the CV service."""
    body = {"code": code, "data": data, "message": f"m{code}", "request_id": "R1", "status": code, **more}
    return httpx.Response(http, json={**body, "time_elapsed": "103.592µs"})


async def failure(call: Call, answer: Answer) -> JimengError:
    """What one answer to a call raises."""
    client = client_of(answer)
    with pytest.raises(JimengError) as no:
        if call == "submit":
            await client.submit(CREDENTIAL, DRAWING)
        else:
            await client.poll(CREDENTIAL, "jimeng_t2i_v31", "7392616336519610409", LABEL)
    assert no.value.call == call
    return no.value
