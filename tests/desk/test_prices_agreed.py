"""Whose points, and how many: a price is agreed before any is held, by the one who pays, once."""

from tests.desk.stage import Stage, presses, receipt, words


async def test_a_high_price_is_confirmed_once_and_a_double_press_is_one_painting(stage: Stage) -> None:
    await stage.rule(hd=200, welcome=5000)
    asked = await stage.ask("paint", "a cat --hd --n 4 --n 3 --size 2560x1440")
    assert presses(asked)[0].endswith(".asked") and "600" in words(asked) and "more than once" in words(asked)
    assert (await stage.member()).held == 0
    await stage.press(asked, "paint.go")
    view = await stage.newest()
    assert (view.held, view.count) == (600, 3) and "more than once" in receipt(view)
    assert view.id in words(await stage.press(asked, "paint.go"))
    assert (await stage.member()).held == 600
    other = await stage.ask("paint.go", subject=presses(asked)[1].partition(":")[2], who="page:bob")
    assert "too old" in words(other)


async def test_the_cheaper_way_keeps_the_shape(stage: Stage) -> None:
    await stage.rule(hd=200)
    asked = await stage.ask("paint", "a cat --hd --n 4 --size 2560x1440")
    cheaper = next(one for one in presses(asked) if one.endswith(".sd"))
    await stage.press(asked, cheaper)
    view = await stage.newest()
    assert (view.tier, view.held, view.ratio, view.count) == ("sd", 400, "16:9", 4)


async def test_a_price_that_changed_after_it_was_shown_is_shown_again(stage: Stage) -> None:
    await stage.rule(hd=200)
    asked = await stage.ask("paint", "a cat --hd --n 4")
    await stage.rule(hd=300, sd=90)
    again = await stage.press(asked, "paint.go")
    assert "1,200" in words(again) and (await stage.member()).held == 0
    draft = await stage.painted("a cat")
    final = await stage.ask("final", subject=f"{draft.id}.1")
    await stage.rule(final=350)
    shown = await stage.press(final, "final.upscale")
    assert "350" in words(shown) and (await stage.member()).held == 0
    await stage.press(shown, "final.upscale")
    assert (await stage.newest()).held == 350


async def test_another_members_press_offers_it_with_their_points_at_the_price_shown(stage: Stage) -> None:
    view = await stage.painted("a cat --n 3")
    offered = await stage.ask("same", subject=f"{view.id}.2", who="page:bob")
    assert "100 points" in words(offered) and (await stage.member("page:bob")).held == 0
    await stage.press(offered, "same", who="page:bob")
    new = await stage.newest()
    assert (new.count, new.held, new.account, new.seed) == (1, 100, "page:bob", view.tasks[1].seed)
    final = await stage.ask("final", subject=f"{view.id}.2", who="page:bob")
    assert "your points" in words(final)
    await stage.press(final, "final.upscale", who="page:bob")
    assert (await stage.newest()).account == "page:bob"


async def test_again_follows_what_the_team_allows_today(stage: Stage) -> None:
    await stage.rule(unlabelled=True)
    view = await stage.painted("a cat --wm off")
    await stage.rule(unlabelled=False)
    await stage.ask("again", subject=view.id)
    new = await stage.newest()
    assert new.watermark and "AI label" in receipt(new)


async def test_the_free_repaint_is_one_whoever_presses_it(stage: Stage) -> None:
    view = await stage.painted("a cat --n 3 --seed 5", failing=1)
    boss = await stage.admin()
    assert await stage.ask("repaint", subject=view.id) is None
    new = await stage.newest()
    assert (new.held, new.count, new.seed) == (0, 1, view.tasks[2].seed)
    await stage.ask("repaint", subject=view.id, who=boss)
    assert (await stage.newest()).id == new.id


async def test_an_admins_press_on_anothers_painting_shows_that_it_takes_the_admins_points(stage: Stage) -> None:
    view, boss = await stage.painted("a cat"), await stage.admin()
    for verb, subject in (("again", view.id), ("same", f"{view.id}.1"), ("variation", f"{view.id}.1")):
        asked = await stage.ask(verb, subject=subject, who=boss)
        assert "with your own points" in words(asked), verb
    assert (await stage.member(boss)).held == 0
    assert await stage.press(await stage.ask("again", subject=view.id, who=boss), "again", who=boss) is None
    assert (await stage.newest()).member == "boss" and (await stage.member(boss)).held == 100


async def test_what_an_admin_has_repainted_is_the_owners(stage: Stage) -> None:
    view, boss = await stage.painted("a cat --n 2", failing=1), await stage.admin()
    assert "painted for ann, free" in words(await stage.ask("repaint", subject=view.id, who=boss))
    new = await stage.newest()
    assert (new.member, new.place, new.held, new.parent_id) == ("ann", view.place, 0, view.id)
    assert "painted again before" in words(await stage.ask("repaint", subject=view.id))


async def test_one_brief_in_several_shapes_is_priced_together_and_painted_with_one_seed(stage: Stage) -> None:
    priced = words(await stage.ask("price", "a mug --ar 1:1,9:16,16:9"))
    assert "300 points" in priced
    await stage.order("a mug --ar 1:1,9:16,16:9 --for Spring")
    listed = await stage.reply("works", "for:Spring")
    ids = [press.partition(":")[2] for press in presses(listed) if press.startswith("show:")]
    views = [await stage.view(one) for one in ids]
    assert {view.ratio for view in views} == {"1:1", "9:16", "16:9"} and len({view.seed for view in views}) == 1
    first = next(view for view in views if view.ratio == "1:1")
    assert {view.parent_id for view in views if view.id != first.id} == {first.id}
    assert (await stage.member()).held == 300


async def test_a_pack_above_the_threshold_is_confirmed_as_a_whole(stage: Stage) -> None:
    asked = await stage.ask("paint", "a mug --ar 1:1,9:16 --n 4")
    assert "800" in words(asked) and "1:1 · 9:16" in words(asked)
    one = next(press for press in presses(asked) if press.endswith(".one"))
    assert "200" in words(await stage.press(asked, one))
    assert (await stage.member()).held == 200
    refused = await stage.ask("paint", "a mug --ar 1:1,2:3,3:2,4:3,3:4")
    assert "At most 4" in words(refused)


async def test_a_pack_nobody_can_pay_holds_nothing(stage: Stage) -> None:
    await stage.rule(confirm_above=9000)
    assert "Not enough points" in words(await stage.ask("paint", "a mug --ar 1:1,9:16,16:9 --n 4"))
    assert (await stage.member()).held == 0
    await stage.rule(at_once=1)
    assert "Only 1 of 2" in words(await stage.ask("paint", "a mug --ar 1:1,9:16"))
    assert (await stage.member()).held == 100
