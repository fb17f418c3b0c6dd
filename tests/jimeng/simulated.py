"""What the simulator's tests stand on: its keys, a client to it, and the control room at hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.simulator.config import Key
from core.jimeng.client import Credential, Done, Drawing, JimengClient, Label, Waiting
from core.jimeng.errors import JimengError

V31, V40, V46 = "jimeng_t2i_v31", "jimeng_t2i_v40", "jimeng_seedream46_cvtob"
I2I, UPSCALE = "jimeng_i2i_v30", "jimeng_i2i_seed3_tilesr_cvtob"
KEYS = (Key("AK1", "secret-1"), Key("AK2", "secret-2", not_activated=frozenset({V40})), Key("AK3", "secret-3", "sts"))
PLAIN = Label(add=False)


@dataclass
class Bench:
    """A running simulator with a clock tests move, and a client to it."""

    url: str
    http: httpx.AsyncClient
    shift: list[float]
    client: JimengClient = field(init=False)
    one: Credential = field(init=False)

    def __post_init__(self) -> None:
        self.client = JimengClient(self.http, self.now)
        self.one = Credential("one", "AK1", "secret-1", self.url)

    def now(self) -> datetime:
        """The simulator's clock."""
        return datetime(2026, 11, 30, tzinfo=UTC) + timedelta(seconds=self.shift[0])

    def forward(self, seconds: float) -> None:
        """Let time pass for both."""
        self.shift[0] += seconds

    async def control(self, **wanted: Any) -> dict[str, Any]:
        """POST (or GET) the control room."""
        address = f"{self.url}/_control"
        answer = await (self.http.post(address, json=wanted) if wanted else self.http.get(address))
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def submit(self, prompt: str = "猫", req_key: str = V31, by: Credential | None = None, **more: Any) -> str:
        """Submit; the task id."""
        return (await self.client.submit(by or self.one, Drawing(req_key, prompt, **more))).task_id

    async def refused(
        self, prompt: str = "猫", req_key: str = V31, by: Credential | None = None, **more: Any
    ) -> JimengError:
        """The error of a submit."""
        with pytest.raises(JimengError) as no:
            await self.submit(prompt, req_key, by, **more)
        return no.value

    async def poll(self, task: str, req_key: str = V31, label: Label = PLAIN) -> Waiting | Done:
        """Poll once."""
        return await self.client.poll(self.one, req_key, task, label)

    async def failed(self, task: str, req_key: str = V31) -> JimengError:
        """The error of a poll."""
        with pytest.raises(JimengError) as no:
            await self.poll(task, req_key)
        return no.value

    async def pictures(self, task: str, req_key: str = V31, label: Label = PLAIN) -> list[Image.Image]:
        """Finish everything, and download what a task made."""
        await self.control(finish=True)
        done = await self.poll(task, req_key, label)
        assert isinstance(done, Done)
        return [Image.open(BytesIO(await self.client.download(url))) for url in done.urls]


def encoded(colour: Any = (90, 140, 60), size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """A small reference file."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
