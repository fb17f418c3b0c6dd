"""Orders nobody came back to: their words stay for a month, and no longer."""

from datetime import timedelta

import sqlalchemy as sa

from core import drafts
from core.commands import chores
from core.records.tables import notes
from tests.conftest import Clock
from tests.desk.stage import Stage, words


async def _kept(stage: Stage) -> str:
    async with stage.records.read() as tx:
        return str(await tx.all(sa.select(notes.c.value)))


async def test_an_unpressed_confirmation_and_a_forms_flags_are_gone_after_thirty_days(
    stage: Stage, clock: Clock
) -> None:
    await stage.rule(hd=200)
    asked = await stage.ask("paint", "a secret cat --hd --n 4")
    await stage.ask("paint", "--for launch")
    for days, there in ((29, True), (1, False)):
        clock.forward(days=days, seconds=1)
        await chores.tidy(stage.records)
        kept = await _kept(stage)
        assert ("secret" in kept) is there and ("launch" in kept) is there
    assert "too old" in words(await stage.press(asked, "paint.go"))
    assert (await stage.member()).held == 0


async def test_a_draft_an_earlier_version_kept_for_a_year_goes_within_a_month(stage: Stage, clock: Clock) -> None:
    async with stage.records.write() as tx:
        draft = await drafts.put(tx, "confirm", {"line": "an old secret"})
        await tx.change(sa.update(notes).values(until=tx.now + timedelta(days=366)))
        await tx.change(
            notes.insert().values(
                platform="telegram", kind="form", key="1", value={}, until=tx.now + timedelta(days=366)
            )
        )
    await chores.tidy(stage.records)
    async with stage.records.read() as tx:
        assert await drafts.get(tx, "confirm", draft) is not None
    clock.forward(days=31)
    await chores.tidy(stage.records)
    assert "secret" not in await _kept(stage)
    async with stage.records.read() as tx:
        assert await tx.scalar(sa.select(notes.c.kind)) == "form", "what adapters keep is theirs"
