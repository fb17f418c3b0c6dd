"""What operators are told of the record: only what somebody can do something about."""

import sqlalchemy as sa

from core.generations import touch
from core.records import Records
from core.records.counting import counts
from core.records.tables import generations
from tests.studio.scene import Scene


async def test_a_painting_of_a_doctor_that_was_killed_is_not_counted_as_undelivered(sqlite_records: Records) -> None:
    scene = Scene(sqlite_records)
    ids = [await scene.paint() for _ in range(2)]
    async with sqlite_records.write() as tx:
        for id_ in ids:
            await touch(tx, id_, state="settled", outcome="done")
        killed = sa.update(generations).where(generations.c.id == ids[0])
        await tx.change(killed.values(platform="doctor"))
    async with sqlite_records.read() as tx:
        assert (await counts(tx, {"page", "slack"})).undelivered == 1
        assert (await counts(tx, {"slack"})).undelivered == 0
    await scene.http.aclose()
