"""Chats that change under us: groups that move or throw us out, blocked bots, messages too old, a wrong token."""

import pytest

from adapters.telegram.app import TokenRefused
from core.errors import DeliveryTrouble, Undeliverable
from tests.telegram.scene import ANA, GROUP, Scene, place, result, words

WHO = "telegram:501"


async def test_a_receipt_people_deleted_stays_deleted(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("one"), "zh")
    there.messages.clear()
    await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("two"), "zh")
    assert there.texts == []


async def test_a_group_that_became_a_supergroup_is_followed(scene: Scene) -> None:
    app = await scene.open()
    scene.server.chat(-1500, "group").moved = GROUP
    there = scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("one"), "zh")
    scene.hear("group_moved", chat={"id": -1600, "type": "group"})
    scene.server.chat(-1600, "group").refuses = "must not be asked"
    await scene.settled()
    await app.messenger.show("K7Q3/receipt", WHO, place(-1600, 41), words("two"), "zh")
    assert there.texts == ["one", "two"]


async def test_an_old_message_of_a_group_that_moved_is_not_taken_for_the_new_one_with_its_number(scene: Scene) -> None:
    app = await scene.open()
    old, new = scene.server.chat(-1500, "group"), scene.server.chat(GROUP)
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("one"), "en")
    number = old.ours[0]["message_id"]
    old.moved, new.messages[number] = GROUP, {**old.ours[0], "text": "another painting"}
    await app.messenger.show("K7Q2/receipt", WHO, place(-1500, 41), words("two"), "en")
    await app.messenger.show("K7Q2/result", WHO, place(-1500, 41), result("a"), "en")
    assert new.texts[0] == "another painting" and "#K7Q2" in new.texts[1]
    assert "reply_parameters" not in scene.server.called("sendPhoto")[-1]
    assert not await app.messenger.hide("K7Q2") and new.messages[number]["text"] == "another painting"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ("bot was blocked by the user", "blocked"),
        ("bot was kicked from the supergroup chat", "kicked"),
        ("user is deactivated", "gone"),
    ],
)
async def test_chats_that_are_closed_to_us_are_undeliverable(scene: Scene, refusal: str, reason: str) -> None:
    app = await scene.open()
    scene.server.chat(ANA).refuses = refusal
    with pytest.raises(Undeliverable) as trouble:
        await app.messenger.show("K7Q2/receipt", WHO, place(ANA, 11), words("one"), "zh")
    assert trouble.value.reason == reason


@pytest.mark.parametrize("refusal", ["bot was kicked from the supergroup chat", "TOPIC_CLOSED"])
async def test_pictures_a_group_does_not_take_any_more_go_to_the_asker(scene: Scene, refusal: str) -> None:
    app = await scene.open()
    group, mine = scene.server.chat(GROUP), scene.server.chat(ANA)
    await app.messenger.show("K7Q2/receipt", WHO, place(GROUP, 41), words("#K7Q2"), "en")
    group.refuses = refusal
    scene.server.fail("sendMessage", "", "500", "500", "500", "500", "500", "500")
    with pytest.raises(DeliveryTrouble):
        await app.messenger.show("K7Q2/result", WHO, place(GROUP, 41), result("a", "b"), "en")
    scene.server.faults.clear()
    for _ in range(2):
        await app.messenger.show("K7Q2/result", WHO, place(GROUP, 41), result("a", "b"), "en")
    assert [text[:9] for text in mine.texts] == ["The group", "", "", "#K7Q2\na <"]
    assert group.texts == ["#K7Q2"]


async def test_hide_deletes_everything_or_says_that_it_could_not(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    for slot in ("K7Q2", "K7Q3"):
        await app.messenger.show(f"{slot}/receipt", WHO, place(ANA, 11), words("receipt"), "zh")
        await app.messenger.show(f"{slot}/result", WHO, place(ANA, 11), result("a", "b"), "zh")
    assert await app.messenger.hide("K7Q2")
    assert len(there.ours) == 4 and list(await scene.store.posted_of("K7Q2")) == []
    there.old = set(there.messages)
    assert not await app.messenger.hide("K7Q3")
    assert "#K7Q2" not in "".join(there.texts) and "已删除" in there.texts[-1]


async def test_a_wrong_token_is_said_at_the_start(scene: Scene) -> None:
    for token in ("42:WRONG-TOKEN", "no token"):
        with pytest.raises(TokenRefused) as refused:
            app = scene.make(token=token)
            await app.start()
        assert token not in str(refused.value)
