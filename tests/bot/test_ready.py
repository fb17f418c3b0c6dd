"""A bot that cannot paint with the keys it finds says so where machines ask whether it is ready."""

from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from bot import wiring
from bot.settings import load
from core import keypools
from core.keypools import NewCredential, Vault


async def test_a_bot_whose_secret_key_opens_not_every_key_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {"PAINTBOT_WEB__PORT": "0", "PAINTBOT_JIMENG__SIMULATOR": "false"})
    async with AsyncExitStack() as stack:
        house = await wiring.open_house(settings, stack)
        async with httpx.AsyncClient(base_url=await wiring.begin(house, {}, stack), trust_env=False) as client:
            assert (await client.get("/readyz")).status_code == 200
            async with house.records.write() as tx:
                other = Vault([Fernet.generate_key().decode()])
                key = await keypools.add(
                    tx, other, NewCredential(alias="one", access_key_id="AK", secret_access_key="very-secret-words")
                )
            answer = await client.get("/readyz")
            assert answer.status_code == 503
            assert answer.json()["problems"] == {"secrets": "bot.secret_key does not open 1 keys"}
            async with house.records.write() as tx:
                await keypools.enable(tx, key, False)
            assert (await client.get("/readyz")).status_code == 200
