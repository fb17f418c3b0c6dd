"""Deleting: words and files go, what others use stays, and a store that refuses today is asked again."""

import pytest
import sqlalchemy as sa

from core import templates
from core.commands.asking import Ask, find_picture
from core.commands.discarding import sweep_pictures
from core.generations import GenerationView, TaskView
from core.images import StoreTrouble
from core.records.tables import images, ledger
from core.replies import Reply
from core.requests import Line, Offered
from tests.conftest import Clock
from tests.desk.stage import ADMIN, Stage, png, presses, words


async def everything(stage: Stage) -> str:
    """Every word in the tables a painting leaves traces in."""
    found = []
    async with stage.records.read() as tx:
        for table in stage_tables():
            found += [str(dict(row)) for row in await tx.all(sa.select(table))]
    return "\n".join(found)


def stage_tables() -> list[sa.Table]:
    return [table for table in images.metadata.sorted_tables if table is not images]


async def test_no_words_and_no_file_of_a_deleted_painting_stay(stage: Stage) -> None:
    await stage.rule(hd=300, welcome=5000)
    stage.messengers["page"].files["cup"] = png()
    asked = await stage.ask(
        "paint", "zebra --hd --n 2 --for zebra --no zebra --src zebra", references=(Offered("cup"),)
    )
    await stage.press(asked, "paint.go")
    view = await stage.paint((await stage.newest()).id)
    await stage.ask("adopt", subject=f"{view.id}.1", values={"use": "zebra", "channel": "zebra"})
    await stage.images.thumb(view.kept[0].image.id)  # type: ignore[union-attr]
    await stage.press(await stage.ask("delete", view.id), "delete.sure")
    assert "zebra" not in await everything(stage)
    left = await stage.view(view.id)
    assert (left.deleted is not None, left.charged, left.member, left.prompt_typed) == (True, 600, "ann", "")
    async with stage.records.read() as tx:
        assert not await tx.all(sa.select(images))
        assert await tx.scalar(sa.select(sa.func.count()).where(ledger.c.generation_id == view.id)) == 2
    for one in [*(task.image for task in view.kept), *view.references]:
        assert one is not None and not await stage.images.store.exists(one.key)
        assert not await stage.images.store.exists(f"{one.key.rpartition('.')[0]}.thumb.jpg")


async def test_no_words_of_a_form_stay_either(stage: Stage) -> None:
    first = await stage.painted("a cat --no zebra --for zebra")
    form = await stage.form("edit", subject=first.id)
    await stage.ask("paint", subject=form.subject, values={"prompt": "zebra"})
    second = await stage.paint((await stage.newest()).id)
    assert second.avoid == "zebra"
    for view in (first, second):
        await stage.ask("delete.sure", subject=view.id)
    assert "zebra" not in await everything(stage)


async def test_a_picture_another_painting_uses_stays_until_that_goes_too(stage: Stage) -> None:
    draft = await stage.painted("a cat")
    image = draft.kept[0].image
    assert image is not None
    await stage.press(await stage.ask("final", subject=f"{draft.id}.1"), "final.upscale")
    final = await stage.paint((await stage.newest()).id)
    await stage.ask("delete.sure", subject=draft.id)
    assert await stage.images.store.exists(image.key)
    await stage.ask("delete.sure", subject=final.id)
    assert not await stage.images.store.exists(image.key)


async def test_what_the_store_refuses_to_delete_goes_at_night(stage: Stage) -> None:
    view = await stage.painted("a cat")
    image = view.kept[0].image
    assert image is not None
    real = stage.images.store.delete

    async def broken(key: str) -> None:
        raise StoreTrouble(key)

    stage.images.store.delete = broken  # type: ignore[method-assign]
    assert "deleted" in words(await stage.ask("delete.sure", subject=view.id))
    assert stage.messengers["page"].hidden == [view.id]
    stage.images.store.delete = real  # type: ignore[method-assign]
    assert await stage.images.store.exists(image.key)
    assert await sweep_pictures(stage.records, stage.images) == 1
    assert not await stage.images.store.exists(image.key)


async def test_a_template_is_gone_for_an_admin_though_the_store_keeps_its_reference(stage: Stage) -> None:
    await stage.admin()
    stage.messengers["page"].files["cup"] = png()
    (reference,) = (await stage.painted("a cup", references=(Offered("cup"),))).references
    async with stage.records.write() as tx:
        made = await templates.add(tx, "cups", "a cup", owner=None, references=(reference.id,))
    await stage.ask("delete.sure", subject=(await stage.newest()).id)

    async def broken(key: str) -> None:
        raise StoreTrouble(key)

    real = stage.images.store.delete
    stage.images.store.delete = broken  # type: ignore[method-assign]
    said = await stage.reply("admin.templates.delete.sure", subject=str(made), who=ADMIN)
    assert said.parts == (Line("admin_templates.deleted", {"name": "cups"}),)
    stage.images.store.delete = real  # type: ignore[method-assign]
    assert await stage.images.store.exists(reference.key)
    await sweep_pictures(stage.records, stage.images)
    assert not await stage.images.store.exists(reference.key)


async def test_references_of_orders_never_placed_do_not_stay_for_ever(stage: Stage, clock: Clock) -> None:
    stage.messengers["page"].files.update(cup=png(), dog=png(colour="red"))
    form = await stage.form("paint", "", references=(Offered("cup"),))
    await stage.order("a dog", references=(Offered("dog"),))
    assert await sweep_pictures(stage.records, stage.images) == 0
    clock.forward(days=31)
    assert await sweep_pictures(stage.records, stage.images) == 1
    late = await stage.ask("paint", subject=form.subject, values={"prompt": "a cup"})
    assert "too old" in words(late) and (await stage.member()).held == 100


async def test_a_confirmation_whose_reference_was_deleted_is_told(stage: Stage) -> None:
    await stage.rule(confirm_above=50)
    first = await stage.ask("paint", "a cat")
    await stage.press(first, "paint.go")
    view = await stage.paint((await stage.newest()).id)
    asked = await stage.ask("paint", "in snow", reply_to=view.id)
    await stage.ask("delete.sure", subject=view.id)
    assert "deleted meanwhile" in words(await stage.press(asked, "paint.go"))
    assert presses(asked) and (await stage.member()).held == 0


async def test_a_picture_adopted_while_its_painting_is_deleted_leaves_no_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await stage.painted("a cat")

    async def deleted_meanwhile(ask: Ask) -> tuple[GenerationView, TaskView]:
        seen = await find_picture(ask)
        await stage.ask("delete.sure", subject=view.id)
        return seen

    monkeypatch.setattr("core.commands.life.find_picture", deleted_meanwhile)
    late = await stage.ask("adopt", subject=f"{view.id}.1", values={"use": "zebra", "channel": "zebra"})
    assert "deleted" in words(late) and "zebra" not in await everything(stage)


async def test_a_second_press_on_delete_hears_that_it_is_done(stage: Stage) -> None:
    """It read that there is no such painting, as if the id were mistyped."""
    await stage.admin()
    view = await stage.painted("a cat")
    asked = await stage.ask("delete", view.id)
    await stage.press(asked, "delete.sure")
    again = await stage.press(asked, "delete.sure")
    assert isinstance(again, Reply) and again.private and again.instead
    assert words(again) == f"#{view.id} is deleted already; there is nothing left to do."
    assert words(await stage.ask("delete", f"#{view.id.lower()}")) == words(again), "an old button, a typed id"
    assert words(await stage.ask("delete.sure", subject=view.id, who=ADMIN)) == words(again)
    assert words(again) in words(await stage.ask("admin.records.delete.sure", subject=view.id, who=ADMIN))
    assert "There is no" in words(await stage.ask("delete.sure", subject=view.id, who="page:other"))
    assert "There is no" in words(await stage.ask("delete.sure", subject="ZZZZ"))


async def test_a_deletion_that_another_overtakes_is_no_mistyped_id(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await stage.painted("a cat")
    await stage.ask("delete.sure", subject=view.id)

    async def as_it_was(ask: Ask, subject: str) -> GenerationView:
        return view

    monkeypatch.setattr("core.commands.life.find_mine", as_it_was)
    assert "already" in words(await stage.ask("delete.sure", subject=view.id))


async def test_a_painting_is_hidden_on_every_platform(stage: Stage) -> None:
    """Whoever has linked accounts looks at it from wherever they are; only its own platform was asked."""
    view = await stage.painted("a cat")
    assert "delete it by hand" not in words(await stage.ask("delete.sure", subject=view.id))
    assert [one.hidden for one in stage.messengers.values()] == [[view.id]] * len(stage.messengers)
