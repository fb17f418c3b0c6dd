"""Deleting seen from outside: what still lies in a real folder and in a real bucket, read without our own store."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.images import S3Options, open_store
from core.images.facade import derived_key
from core.records import Records
from core.records.tables import generations, ledger
from core.requests import Offered
from tests.conftest import Clock
from tests.desk.stage import Stage, build, png, words

Lying = Callable[[], set[str]]
"""The keys of all objects that lie in the store now."""


@pytest.fixture(params=["folder", "bucket"])
def kept(
    request: pytest.FixtureRequest, sqlite_records: Records, clock: Clock, tmp_path: Path
) -> Iterator[tuple[Stage, Lying]]:
    """A stage whose pictures lie in a folder, then in a bucket, and a look at what lies there."""
    folder = tmp_path / "pictures"
    if request.param == "folder":
        yield build(sqlite_records, clock, open_store(folder.as_uri())), lambda: in_folder(folder)
        return
    endpoint = request.getfixturevalue("s3")
    store = open_store(f"s3://pictures/{tmp_path.name}", S3Options("cn-north-1", "AKTEST", "SKTEST", endpoint))
    yield build(sqlite_records, clock, store), lambda: in_bucket(f"{endpoint}/pictures", f"{tmp_path.name}/")


def in_folder(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def in_bucket(bucket: str, prefix: str) -> set[str]:
    with urllib.request.urlopen(f"{bucket}?list-type=2&prefix={prefix}", timeout=30) as answer:
        return {key.removeprefix(prefix) for key in re.findall(r"<Key>([^<]+)</Key>", answer.read().decode())}


async def test_a_deleted_painting_leaves_no_object_but_shared_references_its_points_and_a_tombstone(
    kept: tuple[Stage, Lying],
) -> None:
    stage, lying = kept
    stage.messengers["page"].files["cup"] = png()
    first = await stage.painted("zebra --n 2", references=(Offered("cup"),))
    await stage.ask("again", subject=first.id)
    second = await stage.paint((await stage.newest()).id)
    (reference,) = first.references
    assert [one.id for one in second.references] == [reference.id], "both paint from one picture"
    for view in (first, second):
        for task in view.kept:
            assert task.image is not None
            await stage.images.thumb(task.image)
    of_first = {key for task in first.kept if task.image for key in (task.image.key, derived_key(task.image, "thumb"))}
    before, entries = lying(), await entries_of(stage, first.id)
    assert len(of_first) == 4 and of_first < before and len(before) == 9

    await stage.press(await stage.ask("delete", first.id), "delete.sure")
    assert lying() == before - of_first, "nothing else went, the shared reference least of all"
    assert await entries_of(stage, first.id) == entries and [kind for kind, _ in entries] == ["hold", "charge"]
    async with stage.records.read() as tx:
        (row,) = await tx.all(sa.select(generations).where(generations.c.id == first.id))
    assert (row["deleted"] is not None, row["charged"], row["prompt_typed"]) == (True, 200, "")
    assert "deleted" in words(await stage.ask("show", first.id)) and (await stage.view(second.id)).references

    await stage.press(await stage.ask("delete", second.id), "delete.sure")
    assert lying() == set(), "the last to use it takes the reference along"


async def entries_of(stage: Stage, generation: str) -> list[tuple[str, int]]:
    """What the ledger says of one painting, oldest first."""
    found = sa.select(ledger).where(ledger.c.generation_id == generation).order_by(ledger.c.id)
    async with stage.records.read() as tx:
        return [(str(row["kind"]), int(row["points"])) for row in await tx.all(found)]


async def test_every_answer_that_shows_a_paintings_pictures_or_words_says_whose_it_is(stage: Stage) -> None:
    """So that a platform can take them away with the painting."""
    view = await stage.painted("zebra --n 2")
    asked = (("show", view.id), ("details", view.id), ("originals", view.id), ("choose", f"{view.id}.2"))
    answers = [await stage.ask(verb, subject=subject) for verb, subject in asked]
    assert [getattr(one, "about", None) for one in answers] == [view.id] * 4
