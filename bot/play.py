"""Jimeng to play with: the simulator as a process of its own, which outlives a killed bot and is taken up again."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from bot.settings import Settings
from core import keypools
from core.errors import PaintbotError
from core.records import Records, Tx

ALIAS = "simulator"
PATIENCE = 30.0
RESTS = "simulator off"
AT_ONCE = 2
PER_SECOND = 10.0


class NoSimulator(PaintbotError):
    """The simulator did not come up: one line that says why."""


class Simulator:
    """Starts, finds again and stops the simulator of a data folder."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._folder = settings.bot.data_dir
        self._port = settings.jimeng.simulator_port
        # a port nobody asked for is only a habit: a second bot on this machine takes another
        self._else_free = "simulator_port" not in settings.jimeng.model_fields_set
        self._http = http
        self._ready = self._folder / "simulator.ready"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> str:
        """Its address; one that a killed bot left running is used on, with its tasks. Raises NoSimulator."""
        found = self._left_behind()
        if found is not None and await self._answers(found):
            return found
        self._ready.unlink(missing_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.simulator"),
            *(
                "--port",
                str(self._port),
                "--file",
                str(self._folder / "simulator.db"),
                "--ready-file",
                str(self._ready),
            ),
            *(("--else-free",) if self._else_free else ()),
            stdout=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        )
        try:
            return await self._up(self._process)
        except BaseException:  # told to stop meanwhile, or out of patience: it must not stay behind
            with suppress(ProcessLookupError):
                self._process.terminate()
            raise

    async def _up(self, process: asyncio.subprocess.Process) -> str:
        ended = asyncio.create_task(process.wait())
        for _ in range(int(PATIENCE * 20)):
            found = self._left_behind()
            if found is not None:
                ended.cancel()
                return found
            if ended.done():
                break
            await asyncio.sleep(0.05)
        ended.cancel()
        raise NoSimulator(f"jimeng.simulator: it did not come up; is port {self._port} (jimeng.simulator_port) taken?")

    async def stop(self) -> None:
        """End it after an ordinary stop of the bot; one that is our own child is waited for."""
        try:
            os.kill(json.loads(self._ready.read_text("utf-8"))["pid"], signal.SIGTERM)
        except (OSError, ValueError, KeyError):
            return
        self._ready.unlink(missing_ok=True)
        if self._process is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), PATIENCE)

    def _left_behind(self) -> str | None:
        try:
            return str(json.loads(self._ready.read_text("utf-8"))["url"])
        except (OSError, ValueError, KeyError):
            return None

    async def _answers(self, url: str) -> bool:
        try:
            return (await self._http.get(f"{url}/_control")).status_code == 200
        except httpx.HTTPError:
            return False


async def bind(records: Records, vault: keypools.Vault, url: str, access_key_id: str, secret: str) -> None:
    """The simulator's key in the pool in use, at its present address, sealed with a secret key of today's."""
    async with records.write() as tx:
        for one in await keypools.views(tx, tx.now):
            if one.alias == ALIAS:
                known = await _opens(tx, vault, one.id)
                if one.api_url != url or not known:
                    changes = keypools.Changes(api_url=url, secret_access_key="" if known else secret)
                    await keypools.edit(tx, vault, one.id, changes)
                if one.disabled_why == RESTS:
                    await keypools.enable(tx, one.id, True)
                return
        await keypools.add(
            tx,
            vault,
            keypools.NewCredential(
                alias=ALIAS,
                access_key_id=access_key_id,
                secret_access_key=secret,
                api_url=url,
                at_once=AT_ONCE,
                per_second=PER_SECOND,
            ),
        )


async def _opens(tx: Tx, vault: keypools.Vault, credential_id: int) -> bool:
    try:
        await keypools.open_credential(tx, vault, credential_id)
    except keypools.WrongKey:
        return False
    return True


async def rest(records: Records) -> None:
    """The simulator's key off, where it was played with before: it leads nowhere while the real Jimeng is asked."""
    async with records.write() as tx:
        for one in await keypools.views(tx, tx.now):
            if one.alias == ALIAS and one.enabled and one.api_url.startswith("http://127.0.0.1:"):
                await keypools.enable(tx, one.id, False, why=RESTS)
