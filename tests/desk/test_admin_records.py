"""Records: filtered, redacted, revealed with a trace, deleted one by one and in batch, exported without words or secrets."""

import csv
import io
import json

import pytest

from core.commands.filters import STATUSES
from core.generations import GenerationView
from core.images import PictureGone
from core.replies import ChoiceField, Document, Form, Item, Pictures, Reply
from core.requests import Offered
from tests.conftest import Clock
from tests.desk.admin import acts, dumped, filled, last, refused
from tests.desk.stage import ADMIN, Stage, png, presses, words


@pytest.fixture(autouse=True)
async def _admin(stage: Stage) -> None:
    await stage.admin()


def document(answer: object) -> Document:
    assert isinstance(answer, Reply)
    return next(part for part in answer.parts if isinstance(part, Document))


def thumbs(answer: object) -> list[str]:
    assert isinstance(answer, Reply)
    return [part.picture.image for part in answer.parts if isinstance(part, Item) and part.picture]


async def test_prompts_are_redacted_until_revealed_and_that_is_audited(stage: Stage) -> None:
    view = await stage.painted("一只机密的橘猫 --for 春季 --src 内部资料")
    listing = await stage.ask("admin", "records", who=ADMIN)
    one = await stage.press(listing, f"admin.records.one:{view.id}", who=ADMIN)
    evidence = await stage.press(one, "admin.records.evidence", who=ADMIN)
    assert thumbs(listing) and any(isinstance(part, Pictures) for part in one.parts)  # type: ignore[union-attr]
    for answer in (listing, one):
        assert "机密" not in words(answer, "zh") and "内部资料" not in words(answer, "zh")
    assert "机密" not in document(evidence).content.decode() and view.id in document(evidence).content.decode()
    assert not await acts(stage)
    assert "一只机密的橘猫" in words(await stage.press(one, "admin.records.reveal", who=ADMIN))
    assert await last(stage) == ("records.reveal", view.id, None, {"member": "ann"})


async def test_the_card_of_another_members_painting_tells_an_admin_no_words(stage: Stage) -> None:
    view = await stage.painted("一只机密的橘猫")
    assert "机密" not in words(await stage.ask("details", subject=view.id, who=ADMIN), "zh")
    assert "机密" in words(await stage.ask("details", subject=view.id), "zh")


async def test_a_private_painting_shows_no_picture(stage: Stage) -> None:
    view = await stage.painted("a cat --private")
    listing = await stage.ask("admin.records", who=ADMIN)
    one = await stage.ask("admin.records.one", subject=view.id, who=ADMIN)
    assert not thumbs(listing) and not any(isinstance(part, Pictures) for part in one.parts)  # type: ignore[union-attr]
    assert "admin.inspirations.from" not in " ".join(presses(one))


async def test_records_are_narrowed_by_words_member_status_label_and_time(stage: Stage, clock: Clock) -> None:
    await stage.member("page:bob")
    old = await stage.painted("an old lighthouse")
    clock.forward(days=3)
    bobs = await stage.painted("a lighthouse --for spring", who="page:bob")
    failed = await stage.painted("fog", failing=1)
    cases = {
        "lighthouse": {old.id, bobs.id},
        "lighthouse since:1d": {bobs.id},
        "until:2026-12-01": {old.id},
        "member:bob": {bobs.id},
        "status:failed": {failed.id},
        "label:spring": {bobs.id},
        "lighthouse status:failed": set(),
    }
    for typed, wanted in cases.items():
        answer = await stage.ask("admin", f"records {typed}", who=ADMIN)
        shown = {press.partition(":")[2] for press in presses(answer) if press.startswith("admin.records.one:")}
        assert shown == wanted, typed
    form = await filled(stage, "admin.records.filter", {"words": "lighthouse", "since": "12h", "status": "any"})
    assert f"admin.records.one:{bobs.id}" in presses(form) and "an old" not in words(form)
    assert await refused(stage, "admin.records.filter", {"since": "someday"}) == ("since", "works.bad_since")
    assert await refused(stage, "admin.records.filter", {"status": "lost"}) == ("status", "works.bad_status")
    span = {"since": "2026-12-05", "until": "2026-12-01"}
    assert await refused(stage, "admin.records.filter", span) == ("until", "admin_records.empty_span")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", STATUSES)
async def test_every_status_that_is_typed_stands_in_the_filters_form(stage: Stage, status: str) -> None:
    listed = await stage.ask("admin.records", f"status:{status}", who=ADMIN)
    asked = await stage.press(listed, "admin.records.filter", who=ADMIN)
    assert isinstance(asked, Form)
    field = next(one for one in asked.fields if isinstance(one, ChoiceField))
    assert field.value == status and status in {one.value for one in field.options}


async def test_a_list_has_pages(stage: Stage) -> None:
    await stage.rule(at_once=20)
    for number in range(7):
        await stage.order(f"ship {number}")
    first = await stage.ask("admin.records", who=ADMIN)
    second = await stage.press(first, "admin.records:.5", who=ADMIN)
    ids = [press for press in presses(first) + presses(second) if press.startswith("admin.records.one:")]
    assert len(ids) == len(set(ids)) == 7


async def test_one_is_deleted_with_its_files_and_the_ledger_stays(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2")
    ask = await stage.ask("admin.records.delete", subject=view.id, who=ADMIN)
    await stage.press(ask, "admin.records.delete.sure", who=ADMIN)
    after = await stage.view(view.id)
    assert after.deleted and not after.prompt_typed and after.charged == 200
    assert stage.messengers["page"].hidden == [view.id]
    with pytest.raises(PictureGone):
        await stage.images.original(view.tasks[0].image)  # type: ignore[arg-type]
    before = {"member": "ann", "pictures": 2, "charged": 200}
    assert await last(stage) == ("records.delete", view.id, before, None)
    gone = await stage.ask("admin.records.one", subject=view.id, who=ADMIN)
    assert view.id in words(gone) and "admin" not in presses(gone)


async def test_a_batch_is_deleted_after_its_number_was_confirmed(stage: Stage) -> None:
    gone = [await stage.painted(f"draft {number} --for old") for number in range(3)]
    running = await stage.order("a draft --for old")
    kept = await stage.painted("a keeper")
    everything = await stage.ask("admin.records.batch", who=ADMIN)
    assert "筛选" in words(everything, "zh")
    listing = await stage.ask("admin.records", "label:old", who=ADMIN)
    asked = await stage.press(listing, "admin.records.batch", who=ADMIN)
    assert "3 条" in words(asked, "zh") and "另有 1 条还在画" in words(asked, "zh")
    done = await stage.press(asked, "admin.records.batch.sure", who=ADMIN)
    assert "3" in words(done)
    assert all([(await stage.view(view.id)).deleted for view in gone])
    assert not (await stage.view(running.id)).deleted and not (await stage.view(kept.id)).deleted
    again = await stage.press(asked, "admin.records.batch.sure", who=ADMIN)
    assert "已经删过" in words(again, "zh")
    assert [one.act for one in await acts(stage)].count("records.delete") == 3


async def test_an_export_holds_no_words_and_no_formula(stage: Stage) -> None:
    await stage.painted("一只机密的橘猫 --for ＝HYPERLINK")
    table = await stage.ask("admin.records.csv", who=ADMIN)
    rows = list(csv.DictReader(io.StringIO(document(table).content.decode("utf-8-sig"))))
    assert [(row["member"], row["label"], row["charged"]) for row in rows] == [("ann", "'＝HYPERLINK", "100")]
    assert "机密" not in document(table).content.decode("utf-8-sig")
    full = json.loads(document(await stage.ask("admin.records.json", who=ADMIN)).content)
    assert full[0]["tasks"][0]["task_id"] and "机密" not in json.dumps(full, ensure_ascii=False)
    assert await last(stage) == ("records.export", "json", None, {"rows": 1, "filter": {}})


async def inspired(stage: Stage) -> GenerationView:
    """A painting of ann's in the gallery."""
    view = await stage.painted("水彩小镇，雨后 --ar 16:9")
    form = await stage.form("admin.inspirations.from", subject=view.id, who=ADMIN)
    assert getattr(form.fields[1], "value", "").startswith("水彩小镇，雨后") and "16:9" in getattr(
        form.fields[1], "value", ""
    )
    assert (await last(stage))[0] == "records.reveal"
    values = {"title": "雨后小镇", "line": "水彩小镇，雨后 --ar 16:9"}
    await stage.ask(form.verb, subject=form.subject, values=values, who=ADMIN)
    assert (await last(stage))[:2] == ("inspirations.add", "1")
    return view


async def test_an_inspiration_made_from_a_painting_is_deleted_and_the_painting_stays_whole(stage: Stage) -> None:
    view = await inspired(stage)
    wall = await stage.ask("gallery")
    assert thumbs(wall) and "雨后小镇" in words(wall)
    listed = await stage.ask("admin.inspirations", who=ADMIN)
    asked = await stage.press(listed, "admin.inspirations.delete", who=ADMIN)
    await stage.press(asked, "admin.inspirations.delete.sure", who=ADMIN)
    assert await stage.images.original(thumbs(wall)[0]) and (await stage.view(view.id)).kept


@pytest.mark.parametrize("who", ["page:ann", ADMIN])
async def test_an_inspiration_kept_the_words_and_picture_of_a_deleted_painting(stage: Stage, who: str) -> None:
    view = await inspired(stage)
    picture = thumbs(await stage.ask("gallery"))[0]
    await stage.ask("admin.inspirations.edit", subject="1.1", values={"title": "雨巷", "line": "雨后"}, who=ADMIN)
    verb = "admin.records.delete" if who == ADMIN else "delete"
    asked = await stage.ask(verb, subject=view.id, who=who)
    assert "1 个灵感" in words(asked, "zh")
    await stage.press(asked, f"{verb}.sure", who=who)
    assert "还是空的" in words(await stage.ask("gallery"), "zh")
    with pytest.raises(PictureGone):
        await stage.images.original(picture)
    assert ("inspirations.delete", "1", {"from": view.id}, None) in [
        (one.act, one.subject, one.before, one.after) for one in await acts(stage)
    ]
    traces = dumped([(one.before, one.after) for one in await acts(stage)])
    assert "小镇" not in traces and "雨" not in traces


async def test_a_painting_deleted_while_its_inspiration_is_written_is_not_shown_to_all(stage: Stage) -> None:
    view = await stage.painted("水彩小镇")
    form = await stage.form("admin.inspirations.from", subject=view.id, who=ADMIN)
    await stage.ask("delete.sure", subject=view.id)
    late = await stage.ask(form.verb, subject=form.subject, values={"title": "a", "line": "水彩小镇"}, who=ADMIN)
    assert f"找不到 #{view.id}" in words(late, "zh") and "还是空的" in words(await stage.ask("gallery"), "zh")


async def test_inspirations_are_added_edited_and_switched(stage: Stage) -> None:
    stage.messengers["page"].files["p"] = png()
    values = {"title": "猫", "line": "a cat --ar 1:1", "picture": (Offered("p", "cat.png"),)}
    await filled(stage, "admin.inspirations.add", values)  # type: ignore[arg-type]
    form = await stage.form("admin.inspirations.edit", subject="1.1", who=ADMIN)
    await stage.ask(form.verb, subject=form.subject, values={"title": "小猫", "line": "a kitten"}, who=ADMIN)
    late = await stage.ask(form.verb, subject=form.subject, values={"title": "大猫", "line": "a tiger"}, who=ADMIN)
    assert "boss" in words(late)
    await stage.ask("admin.inspirations.disable", subject="1", who=ADMIN)
    assert "小猫" not in words(await stage.ask("gallery"))
    await stage.ask("admin.inspirations.enable", subject="1", who=ADMIN)
    assert "小猫" in words(await stage.ask("gallery")) and thumbs(await stage.ask("gallery"))
    bad = [
        ({"title": "", "line": "a cat"}, ("title", "gallery.title")),
        ({"title": "x", "line": "a cat --ar 99"}, ("line", "line.bad_value")),
        ({"title": "x", "line": "--hd"}, ("line", "admin.no_words")),
    ]
    for wrong, (field, _) in bad:
        answer = await stage.ask("admin.inspirations.add", values=wrong, who=ADMIN)
        assert isinstance(answer, Form) and answer.problems[0][0] == field


async def test_ids_nobody_knows_are_named_and_the_rest_of_the_batch_goes_on(stage: Stage) -> None:
    view = await stage.painted("a cat")
    await stage.admin()
    asked = await stage.ask("admin.records.batch", values={"ids": (view.id, "ZZZZ")}, who=ADMIN)
    assert "已略过：ZZZZ" in words(asked, "zh") and "left out: ZZZZ" in words(asked)
    await stage.press(asked, "admin.records.batch.sure", who=ADMIN)
    assert (await stage.view(view.id)).deleted is not None
