"""What cannot be painted from: each has its own sentence, nothing is lost, nothing blocks polling."""

from typing import Any

import pytest

from core.errors import Refusal
from core.requests import Offered
from tests.telegram.scene import ANA, GROUP, Scene, eventually, result, words


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("private_document_25mb", {}, "25 MB"),
        ("private_document_pdf", {}, "“brief.pdf” is not a picture"),
        ("private_sticker", {}, "sticker cannot be a reference"),
        ("private_voice", {}, "cannot listen"),
        ("private_video", {}, "video cannot be a reference"),
        ("private_animation", {}, "animation cannot be a reference"),
        ("private_photo", {}, "Reply to it with /paint"),
        ("private_photo", {"caption": "make it blue"}, "/paint make it blue"),
        ("private_command", {"text": "/paint--ar 1:1 a fox"}, "/paint --ar 1:1 a fox"),
        ("private_command", {"text": "/dance"}, "no command /dance"),
        ("private_command", {"text": "/paint@other_bot a fox"}, "no command /paint@other_bot"),
    ],
)
async def test_each_has_its_own_sentence_and_costs_nothing(
    scene: Scene, name: str, changes: dict[str, Any], sentence: str
) -> None:
    await scene.open()
    scene.hear(name, **changes)
    await scene.said(ANA, sentence)
    assert scene.desk.asked == []
    scene.hear("private_command", message_id=900)
    await scene.asked()


async def test_an_album_with_a_video_in_it(scene: Scene) -> None:
    await scene.open()
    scene.hear("album_item", caption="/paint both")
    scene.hear("album_video_item")
    await scene.said(ANA, "There is a video in this album")
    await scene.settled()
    assert scene.desk.asked == []


async def test_our_own_sentences_are_in_the_language_the_member_chose(scene: Scene) -> None:
    app = await scene.open()
    scene.desk.says["language"] = words("好", language="zh")
    scene.hear("private_command", text="/language zh")
    await scene.said(ANA, "好")
    await scene.settled()
    await app.stop()
    await scene.open()
    scene.hear("private_sticker", message_id=901)
    await scene.said(ANA, "贴纸不能当参考图")
    scene.hear("private_words", text="a fox", message_id=902)
    await eventually(lambda: "a fox" in scene.server.chat(ANA).texts[-1])
    assert "Shall I" not in scene.server.chat(ANA).texts[-1]


async def test_a_reply_to_a_sticker(scene: Scene) -> None:
    await scene.open()
    scene.hear("group_reply_to_sticker")
    await scene.said(GROUP, "贴纸不能当参考图")
    assert scene.desk.asked == []


async def test_an_empty_paint_is_for_the_desk_to_answer(scene: Scene) -> None:
    await scene.open()
    scene.hear("private_command", text="/paint")
    assert (await scene.asked()).text == ""


@pytest.mark.parametrize("text", ["a < b & c", "𝔉𝔬𝔵 " * 280, "x\ud83d y\0z"])
async def test_words_reach_the_desk_as_they_are(scene: Scene, text: str) -> None:
    await scene.open()
    scene.desk.says["paint"] = lambda request: words(request.text)
    scene.hear("private_photo_caption", caption=f"/paint {text}")
    request = await scene.asked()
    assert request.text == text.strip().replace("\ud83d", "�").replace("\0", "�")
    await scene.said(ANA, request.text[:20])


async def test_a_file_is_fetched_within_its_limits(scene: Scene) -> None:
    app = await scene.open()
    scene.server.files["ok"] = b"x" * 1000
    scene.server.sizes["huge"] = 25 * 1024 * 1024
    assert await app.messenger.fetch(Offered("ok"), 2000) == b"x" * 1000
    for handle, size, most, key in (
        ("ok", 0, 999, "telegram.too_big"),
        ("ok", 5000, 2000, "telegram.too_big"),
        ("huge", 0, 99_000_000, "telegram.too_big"),
        ("never", 0, 2000, "telegram.file_gone"),
    ):
        with pytest.raises(Refusal) as refusal:
            await app.messenger.fetch(Offered(handle, size=size), most)
        assert refusal.value.key == key
    assert not [one for one in scene.server.called("getFile") if one["file_id"] == "ok" and one.get("size") == 5000]


async def test_a_desk_that_breaks_leaves_polling_alive(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telegram.app.inbox.MENDED", 0.05)
    await scene.open()

    def broken(_: Any) -> None:
        raise RuntimeError("a bug")

    scene.desk.says["works"] = broken
    scene.hear("private_command", text="/works")
    scene.hear("private_command", message_id=901)
    await scene.asked(3)
    await scene.settled()


async def test_a_blink_of_the_database_costs_nobody_the_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telegram.app.inbox.MENDED", 0.05)
    await scene.open()
    recall, finish, away = scene.store.recall, scene.store.finish, ["recall", "finish", "finish"]

    async def blinking(kind: str, key: str) -> Any:
        if kind == "language" and "recall" in away:
            away.remove("recall")
            raise OSError("the database is away")
        return await recall(kind, key)

    async def closing(key: str, kept: Any) -> None:
        if "finish" in away:
            away.remove("finish")
            raise OSError("the database is away")
        await finish(key, kept)

    monkeypatch.setattr(scene.store, "recall", blinking)
    monkeypatch.setattr(scene.store, "finish", closing)
    scene.hear("private_sticker")
    await scene.said(ANA, "sticker cannot be a reference")
    await scene.settled()
    assert away == [] and len(scene.server.chat(ANA).texts) == 1


async def test_a_refusal_while_answering_becomes_its_sentence(scene: Scene) -> None:
    await scene.open()
    scene.images.odd["gone"] = Refusal("telegram.file_gone")
    scene.desk.says["show"] = result("gone")
    scene.hear("private_command", text="/show K7Q2")
    await scene.said(ANA, "no longer has this picture")
