"""The stage itself: a painting from the line to its pictures, and its card said in both languages."""

from core.replies import Pictures
from tests.desk.stage import Stage, presses, words


async def test_a_painting_is_ordered_painted_and_shown(stage: Stage) -> None:
    view = await stage.painted("一只橘猫 --draft", failing=1)
    assert (view.outcome, len(view.kept), view.charged, view.released) == ("partial", 3, 300, 100)
    shown = await stage.reply("show", view.id)
    assert isinstance(shown.parts[0], Pictures)
    assert f"again:{view.id}" in presses(shown)
    assert "300" in words(shown, "zh")
    assert (await stage.images.thumb(view.tasks[0].image.id))[1] == "image/jpeg"  # type: ignore[union-attr]


async def test_a_verb_nobody_knows_is_told(stage: Stage) -> None:
    assert "fly" in words(await stage.ask("fly"))
