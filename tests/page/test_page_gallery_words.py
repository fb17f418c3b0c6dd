"""The admins' wall is narrowed to words, and the words stay from tab to tab."""

from pathlib import Path

import pytest
from nicegui import ui

from core import gallery
from core.records import Records
from tests.conftest import Clock
from tests.desk.stage import Stage, build
from tests.page.conftest import sees
from tests.page.test_page_admin import BOSS, desked, marked, set_value
from tests.waiting import eventually


@pytest.fixture
def stage(sqlite_records: Records, clock: Clock) -> Stage:
    return build(sqlite_records, clock)


async def test_the_tabs_of_the_gallery_keep_the_words_it_is_narrowed_to(stage: Stage, tmp_path: Path) -> None:
    cat, hill = await stage.painted("一只橘猫"), await stage.painted("a hill")
    async with stage.records.write() as tx:
        for title in ("橘猫", "山"):
            await gallery.add(tx, title, f"{title} --hd")
    async with desked(stage, tmp_path) as studio:
        user = await studio.member(BOSS, "/?s=admin-gallery")
        await eventually(lambda: marked(user, "entry-1") + marked(user, "entry-2") == 2)
        await set_value(user, "gallery-words", "橘猫")
        await eventually(lambda: (marked(user, "entry-1"), marked(user, "entry-2")) == (1, 0))
        user.find(marker="tab-pictures").click()
        await eventually(lambda: marked(user, f"tile-{cat.id}-1") == 1)
        assert not marked(user, f"tile-{hill.id}-1")
        await set_value(user, "gallery-words", "鲸鱼")
        await sees(user, "没有和“鲸鱼”有关的图")
        user.find(marker="tab-inspirations").click()
        await sees(user, "没有和“鲸鱼”有关的灵感")
        (field,) = user.find(kind=ui.input, marker="gallery-words").elements
        assert field.value == "鲸鱼"


async def test_a_face_has_its_colour_in_both_languages(stage: Stage, tmp_path: Path) -> None:
    """In English, records of 小林 had another colour than 小林's own."""
    view = await stage.painted("一只橘猫", who="page:xiaolin")
    async with stage.records.write() as tx:
        from core import members

        found = await members.find(tx, "page:xiaolin")
        assert found is not None
        await members.change(tx, found.id, name="小林")
    async with desked(stage, tmp_path) as studio:
        user = await studio.member(BOSS, "/page/look?language=en")
        await user.open("/?s=admin-records")
        await eventually(lambda: marked(user, f"record-{view.id}") == 1)
        (row,) = user.find(marker=f"record-{view.id}").elements
        faces = [one for one in row.descendants() if "pb-face" in one.classes]
        assert [one.style["background"] for one in faces] == ["#7c3aed"]
