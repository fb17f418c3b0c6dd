"""The library on every platform, as an admin keeps it: inspirations, examples and templates added, imported, switched, deleted."""

from core import examples, gallery, templates
from tests.adapters.drivers import Upload
from tests.adapters.town import MEMBER, OTHER, Town
from tests.desk.admin import acts, last
from tests.desk.stage import png


async def test_inspirations(town: Town) -> None:
    admin = await town.section("inspirations")
    await admin.press("admin.inspirations.add")
    await admin.submit({"title": "小镇", "line": "水彩小镇 --ar 99", "picture": (Upload("town.png", png()),)})
    assert "--ar" in admin.text_seen()
    await admin.submit({"line": "水彩小镇 --ar 16:9"})
    town.reads(admin, "admin_gallery.added", title="小镇")
    async with town.stage.records.read() as tx:
        (one,), _ = await gallery.listed(tx)
    assert (one.title, one.line) == ("小镇", "水彩小镇 --ar 16:9") and one.image is not None
    assert (await last(town.stage))[:2] == ("inspirations.add", str(one.id))
    await admin.press("admin.inspirations", "")
    assert "picture" in admin.text_seen()
    await admin.press("admin.inspirations.disable", str(one.id))
    town.reads(admin, "admin_gallery.disabled", title="小镇")
    await admin.press("admin.inspirations", "")
    await admin.press("admin.inspirations.import")
    await admin.submit({"lines": "猫 | 一只猫\n没有标题\n狗 | 一条狗"})
    town.reads(admin, "admin_import.checked", good=2, bad=1)
    town.reads(admin, "admin_import.no_title")
    await admin.press("admin.inspirations.import.save")
    town.reads(admin, "admin_import.saved", n=2, skipped=0)
    async with town.stage.records.read() as tx:
        found, _ = await gallery.listed(tx)
    assert {each.title for each in found} == {"猫", "狗"}, "what is switched off is not in the gallery"
    await admin.press("admin.inspirations", "")
    await admin.press("admin.inspirations.delete", str(one.id))
    await admin.press("admin.inspirations.delete.sure", str(one.id))
    named = [each.act.partition(".")[2] for each in reversed(await acts(town.stage))]
    assert named == ["add", "disable", "import", "delete"]


async def test_a_painting_becomes_an_inspiration(town: Town) -> None:
    view = await town.painted(text="雨后小镇，水彩")
    admin = await town.section("records")
    await admin.press("admin.records.one", view.id)
    await admin.press("admin.inspirations.from", view.id)
    assert "雨后小镇" in admin.text_seen()
    await admin.submit({"title": "雨后"})
    town.reads(admin, "admin_gallery.added", title="雨后")
    async with town.stage.records.read() as tx:
        (one,), _ = await gallery.listed(tx)
    assert one.image is not None and one.line.startswith("雨后小镇，水彩")


async def test_examples(town: Town) -> None:
    admin = await town.section("examples")
    await admin.press("admin.examples.import")
    rows = "一只灯塔\n故事 | 中文 | 一座桥\n天气 | 中文 | 一朵云".encode("gb18030")
    await admin.submit({"scene": "story", "language": "zh", "file": (Upload("lines.txt", rows, "text/plain"),)})
    town.reads(admin, "admin_import.checked", good=2, bad=1)
    assert "天气" in admin.text_seen()
    await admin.press("admin.examples.import.save")
    town.reads(admin, "admin_import.saved", n=2, skipped=0)
    await admin.press("admin.examples", "")
    await admin.press("admin.examples.add")
    await admin.submit({"scene": "shop", "language": "en", "line": "a lighthouse"})
    town.reads(admin, "admin_examples.added")
    async with town.stage.records.read() as tx:
        found, total = await examples.listed(tx)
    assert total == 3 and {one.line for one in found} == {"一只灯塔", "一座桥", "a lighthouse"}
    made = next(one for one in found if one.line == "a lighthouse")
    await admin.press("admin.examples", "")
    await admin.press("admin.examples.edit", str(made.id))
    await admin.submit({"line": "a lighthouse at night"})
    town.reads(admin, "admin_examples.edited")
    await admin.press("admin.examples", "")
    assert "at night" in admin.text_seen()
    await admin.press("admin.examples.delete", str(made.id))
    named = [one.act for one in reversed(await acts(town.stage))]
    assert named == [f"examples.{act}" for act in ("import", "add", "edit", "delete")]


async def test_templates(town: Town) -> None:
    member = await town.stage.member(town.account(MEMBER))
    async with town.stage.records.write() as tx:
        made = await templates.add(tx, "杯子", "一个{颜色}的杯子", owner=member.id)
    admin = await town.section("templates")
    assert "杯子" in admin.text_seen() and "颜色" not in admin.text_seen()
    await admin.press("admin.templates.share", str(made))
    town.reads(admin, "admin_templates.shared", name="杯子")
    assert (await last(town.stage))[:2] == ("templates.share", "杯子")
    other = await town.person(OTHER)
    await other.type("/templates")
    assert "{颜色}" in other.text_seen()
    await admin.press("admin.templates", "")
    await admin.press("admin.templates.disable", str(made))
    await other.type("/templates")
    town.reads(other, "template.none_yet")
    await admin.press("admin.templates", "")
    await admin.press("admin.templates.delete", str(made))
    await admin.press("admin.templates.delete.sure", str(made))
    async with town.stage.records.read() as tx:
        assert await templates.get(tx, made) is None
    named = [one.act.partition(".")[2] for one in reversed(await acts(town.stage))]
    assert named == ["share", "disable", "delete"]
