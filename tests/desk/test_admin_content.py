"""Examples, imports and templates: bad lines named before anything is saved, good ones saved once."""

import pytest

from core import examples, gallery, templates
from core.replies import Form, Reply
from core.requests import FieldValue, Offered
from tests.desk.admin import acts, fill, filled, last, refused
from tests.desk.stage import ADMIN, Stage, presses, words

SOCIAL: dict[str, FieldValue] = {"scene": "social", "language": "zh", "line": "一只猫 --ar 1:1"}


@pytest.fixture(autouse=True)
async def _admin(stage: Stage) -> None:
    await stage.admin()


async def count(stage: Stage) -> tuple[int, int]:
    """(examples, inspirations)."""
    async with stage.records.read() as tx:
        return (await examples.listed(tx))[1], (await gallery.listed(tx, disabled=True))[1]


async def test_examples_are_added_edited_switched_and_deleted(stage: Stage) -> None:
    await filled(stage, "admin.examples.add", SOCIAL)
    assert "一只猫" in words(await stage.ask("random"), "zh")
    assert await refused(stage, "admin.examples.add", SOCIAL) == ("line", "admin_examples.taken")
    await filled(stage, "admin.examples.add", SOCIAL | {"line": "一只狗"})
    taken = await refused(stage, "admin.examples.edit", SOCIAL, subject="2.1")
    assert taken == ("line", "admin_examples.taken")
    await filled(stage, "admin.examples.edit", SOCIAL | {"line": "两只狗", "scene": "story"}, subject="2.1")
    await stage.ask("admin.examples.disable", subject="1", who=ADMIN)
    assert "一只猫" not in words(await stage.ask("random", "5"), "zh")
    listing = await stage.ask("admin", "examples", who=ADMIN)
    assert "两只狗" in words(listing) and "admin.examples.enable:1" in presses(listing)
    await stage.ask("admin.examples.enable", subject="1", who=ADMIN)
    await stage.ask("admin.examples.delete", subject="2", who=ADMIN)
    assert (await last(stage))[2]["line"] == "两只狗"
    late = await stage.ask("admin.examples.edit", subject="2.2", values=SOCIAL, who=ADMIN)
    assert "不在" in words(late, "zh")
    assert await refused(stage, "admin.examples.add", SOCIAL | {"line": "--hd"}) == ("line", "admin.no_words")
    assert await refused(stage, "admin.examples.add", SOCIAL | {"language": "fr"}) == (
        "language",
        "admin_examples.bad_language",
    )


PASTED = """# 秋天
故事 | zh | 一座灯塔 --ar 16:9
a plain line
story | xx | a ship
nowhere | zh | a boat
电商 | 一只杯子 --ar 99
一座灯塔
a plain line
"""


async def test_a_batch_names_its_bad_lines_before_anything_is_saved(stage: Stage) -> None:
    preview = await filled(stage, "admin.examples.import", {"scene": "design", "language": "en", "lines": PASTED})
    said = words(preview, "zh")
    assert await count(stage) == (0, 0) and "3 行" in said
    for line in ("第 4 行“story | xx | a ship”", "第 5 行", "第 6 行", "第 8 行“a plain line”：和前面的一行重复了"):
        assert line in said
    done = await stage.press(preview, "admin.examples.import.save", who=ADMIN)
    assert "3" in words(done) and await count(stage) == (3, 0)
    again = await stage.press(preview, "admin.examples.import.save", who=ADMIN)
    assert "已经导入过" in words(again, "zh") and await count(stage) == (3, 0)
    assert (await last(stage))[3] == {"saved": 3, "skipped": 0}
    async with stage.records.read() as tx:
        found, _ = await examples.listed(tx, words="灯塔", language="zh")
    assert [(one.scene, one.line) for one in found] == [("story", "一座灯塔 --ar 16:9")]


async def test_inspirations_come_from_a_file_of_a_chinese_spreadsheet(stage: Stage) -> None:
    stage.messengers["page"].files["f"] = "标题一|水彩小镇\n没有标题\n标题二\t一只猫 --n 2".encode("gb18030")
    file = (Offered("f", "ideas.txt", "text/plain"),)
    preview = await filled(stage, "admin.inspirations.import", {"lines": "", "file": file})
    assert "缺标题" in words(preview, "zh")
    await stage.press(preview, "admin.inspirations.import.save", who=ADMIN)
    assert await count(stage) == (0, 2)
    stage.messengers["page"].files["f"] = b"\x89PNG\0\0"
    form = await fill(stage, "admin.inspirations.import", {"lines": "", "file": file})
    assert isinstance(form, Form) and form.problems[0][0] == "file"
    nothing = await refused(stage, "admin.inspirations.import", {"lines": "  "})
    assert nothing == ("lines", "admin_import.nothing")
    many = "\n".join(f"t{number} | a cat" for number in range(501))
    assert await refused(stage, "admin.inspirations.import", {"lines": many}) == ("lines", "admin_import.too_many")


async def test_templates_are_shared_switched_and_deleted(stage: Stage) -> None:
    ann, bob = await stage.member(), await stage.member("page:bob")
    async with stage.records.write() as tx:
        for owner in (ann.id, bob.id):
            await templates.add(tx, "cups", "a secret {what}", owner=owner)
    listing = await stage.reply("admin.templates", who=ADMIN)
    assert "a secret" not in words(listing) and "ann" in words(listing)
    await stage.ask("admin.templates.share", subject="1", who=ADMIN)
    assert "a secret" in words(await stage.ask("admin.templates", who=ADMIN))
    taken = await stage.ask("admin.templates.share", subject="2", who=ADMIN)
    assert isinstance(taken, Reply) and "cups" in words(taken)
    await stage.ask("admin.templates.disable", subject="1", who=ADMIN)
    refusal = await stage.ask("paint", "--tpl cups what=cup", who="page:carl")
    assert "cups" in words(refusal)
    await stage.ask("admin.templates.enable", subject="1", who=ADMIN)
    asked = await stage.ask("admin.templates.delete", subject="1", who=ADMIN)
    await stage.press(asked, "admin.templates.delete.sure", who=ADMIN)
    gone = await stage.ask("admin.templates.enable", subject="1", who=ADMIN)
    assert "不在" in words(gone, "zh")
    named = [one.act for one in reversed(await acts(stage))]
    assert named == ["templates.share", "templates.disable", "templates.enable", "templates.delete"]


async def test_an_import_is_shown_in_words_and_its_problems_speak_of_no_points(stage: Stage) -> None:
    """The preview said `shop | zh |`; a wrong flag in a list said "再发一次。没扣积分"."""
    rows = "电商 | 中文 | 一只杯子\n一只猫 --rato 1:1\nnowhere | zh | a boat"
    preview = await filled(stage, "admin.examples.import", {"scene": "design", "language": "en", "lines": rows})
    zh, en = words(preview, "zh"), words(preview, "en")
    assert "电商 · 中文\n一只杯子" in zh and "shop" not in zh
    assert "--ratio" in zh and "积分" not in zh and "再发" not in zh and "charged" not in en
    pasted: dict[str, FieldValue] = {"lines": "水彩小镇 | a town in watercolour"}
    assert "水彩小镇\na town" in words(await filled(stage, "admin.inspirations.import", pasted), "zh")
    assert "没扣积分。" in words(await stage.ask("paint", "一只猫 --rato 1:1"), "zh")
