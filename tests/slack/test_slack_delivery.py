"""Paintings shown: posted once, edited, found again after a crash, moved, refused, deleted; files in and out."""

from dataclasses import replace

import pytest

from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.replies import Button, Document, Meter, Picture, Pictures, Posted, Quote, Reply
from core.requests import Line, Offered, Place
from tests.slack.conftest import World
from tests.slack.stand_in import TOKEN

HELLO = Line("slack.more", {"n": 1})
ANN = "slack:T0PAINT01/U0ANN0001"
CHANNEL = "C0ART00001"
DM = "D0ANN0001"
HERE = Place("slack", "T0PAINT01", CHANNEL)
RESULT = Reply((Pictures(tuple(Picture(f"img{n}", HELLO, n) for n in range(1, 5))), HELLO, Quote("a cat")))


def progress(n: int) -> Reply:
    return Reply((HELLO, Meter(n, 4)))


async def test_a_painting_is_one_receipt_edited_and_one_result_with_all_pictures_in_its_thread(world: World) -> None:
    show = world.app.messenger.show
    world.slack.looks_needed, world.slack.too_early = 2, 2
    for n in (0, 1, 1, 2):
        await show("K7Q2/receipt", ANN, HERE, progress(n), "en")
    await show("K7Q2/result", ANN, HERE, RESULT, "en")
    await show("K7Q2/result", ANN, HERE, RESULT, "en")
    receipt, result = world.slack.all(CHANNEL)
    assert len(world.slack.called("chat.update")) == 2 and "2/4" in receipt["blocks"][1]["elements"][0]["text"]
    assert result["thread_ts"] == receipt["ts"]
    assert [one["type"] for one in result["blocks"][:4]] == ["image"] * 4
    sent = [world.slack.files[one["slack_file"]["id"]] for one in result["blocks"][:4]]
    assert [one["content"] for one in sent] == [f"preview of img{n}".encode() for n in range(1, 5)]
    assert len(world.slack.files) == 4 and len(world.slack.called("chat.postMessage")) == 4
    assert await world.store.slot_of(CHANNEL, result["ts"]) == "K7Q2/result"


async def test_originals_and_documents_come_as_files_in_the_thread(world: World) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    originals = Reply(
        (Pictures((Picture("img1", HELLO),), originals=True), Document("card.json", "application/json", b"{}"))
    )
    await world.app.messenger.show("K7Q2/originals", ANN, HERE, originals, "en")
    root = world.slack.all(CHANNEL)[0]["ts"]
    shared = [(one["name"], one["content"], one["thread"]) for one in world.slack.files.values()]
    assert shared == [("img1.webp", b"original of img1", root), ("card.json", b"{}", root)]


async def test_a_file_of_megabytes_goes_up_whole(world: World) -> None:
    content = bytes(range(256)) * 12_000
    await world.app.messenger.show(
        "K7Q2/originals", ANN, HERE, Reply((Document("works.json", "application/json", content),)), "en"
    )
    assert [one["content"] == content for one in world.slack.files.values()] == [True]


async def test_a_private_painting_stands_in_the_direct_channel_alone(world: World) -> None:
    private = Reply((HELLO,), private=True)
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, private, "en")
    await world.app.messenger.show("K7Q2/result", ANN, HERE, private, "en")
    assert not world.slack.all(CHANNEL) and world.slack.all(DM)[1]["thread_ts"] == world.slack.all(DM)[0]["ts"]


async def test_rate_limits_are_waited_out_when_short_and_handed_back_when_long(world: World) -> None:
    soon = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "0"})
    late = (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
    world.slack.faults["chat.postMessage"].append(soon)
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    world.slack.faults["chat.update"].extend([soon, late])
    with pytest.raises(DeliveryTrouble) as trouble:
        await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(1), "en")
    assert trouble.value.retry_after == 30
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(1), "en")
    assert len(world.slack.all(CHANNEL)) == 1 and "1/4" in str(world.slack.all(CHANNEL)[0]["blocks"])


@pytest.mark.parametrize("code", ["msg_too_long", "msg_blocks_too_long"])
async def test_a_message_slack_finds_too_long_is_said_again_cut_short(world: World, code: str) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    long = replace(RESULT, parts=(*RESULT.parts, Quote("a cat " * 130)), buttons=(Button(HELLO, "again", "K7Q2"),))
    world.slack.faults["chat.postMessage"].append((200, {"ok": False, "error": code}, {}))
    await world.app.messenger.show("K7Q2/result", ANN, HERE, long, "en")
    result = world.slack.all(CHANNEL)[1]
    assert [one["type"] for one in result["blocks"][:4]] == ["image"] * 4
    assert result["blocks"][-1]["elements"][0]["value"] == "again:K7Q2"
    assert result["blocks"][-2]["elements"][0]["elements"][0]["text"].endswith("…")


@pytest.mark.parametrize("thread", ["", "1764460800.000100"])
async def test_a_crash_between_posting_and_noting_does_not_post_twice(world: World, thread: str) -> None:
    place = Place("slack", "T0PAINT01", CHANNEL, thread)
    await world.app.messenger.show("K7Q2/receipt", ANN, place, progress(0), "en")
    await world.store.note_posted(Posted("K7Q2/receipt", CHANNEL, thread, ()))
    await world.app.messenger.show("K7Q2/receipt", ANN, place, progress(1), "en")
    assert len(world.slack.all(CHANNEL)) == 1
    await world.store.note_posted(Posted("M3M3/receipt", CHANNEL, thread, ()))
    await world.app.messenger.show("M3M3/receipt", ANN, place, progress(1), "en")
    assert len(world.slack.all(CHANNEL)) == 2


async def test_an_answer_lost_on_the_way_back_is_looked_for_before_posting_again(world: World) -> None:
    world.slack.lost.add("chat.postMessage")
    with pytest.raises(DeliveryTrouble):
        await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    world.slack.lost.clear()
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    assert len(world.slack.all(CHANNEL)) == 1


async def test_where_the_bot_is_no_member_a_painting_comes_as_direct_message_and_says_so(world: World) -> None:
    away = Place("slack", "T0PAINT01", "C0ELSEWHERE", hook=world.slack.hook("one"))
    await world.app.messenger.show("K7Q2/receipt", ANN, away, progress(0), "en")
    await world.app.messenger.show("K7Q2/result", ANN, away, RESULT, "en")
    receipt, result = world.slack.all(DM)
    assert result["thread_ts"] == receipt["ts"]
    (_, told) = world.slack.hooked[0]
    assert told["response_type"] == "ephemeral" and "/invite" in str(told["blocks"])


async def test_a_channel_deleted_in_the_middle_sends_the_pictures_to_the_asker(world: World) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    world.slack.refused[CHANNEL] = "is_archived"
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(1), "en")
    await world.app.messenger.show("K7Q2/result", ANN, HERE, RESULT, "en")
    assert "no longer takes" in str(world.slack.all(DM)[0]["blocks"])


async def test_a_receipt_whose_channel_was_gone_says_so_where_it_came_also_after_edits(world: World) -> None:
    world.slack.refused[CHANNEL] = "channel_not_found"
    for n in (0, 1):
        await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(n), "en")
        assert "no longer takes" in str(world.slack.all(DM)[0]["blocks"])
    await world.app.messenger.show("K7Q2/result", ANN, HERE, RESULT, "en")
    receipt, result = world.slack.all(DM)
    assert result["thread_ts"] == receipt["ts"] and "no longer takes" not in str(result["blocks"])


async def test_a_receipt_somebody_deleted_stays_deleted_and_the_result_still_comes(world: World) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    world.slack.all(CHANNEL).clear()
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(1), "en")
    await world.app.messenger.show("K7Q2/result", ANN, HERE, RESULT, "en")
    (result,) = world.slack.all(CHANNEL)
    assert result.get("thread_ts") is None


async def test_a_revoked_token_is_undeliverable_with_its_reason(world: World) -> None:
    world.slack.refused["chat.postMessage"] = "token_revoked"
    with pytest.raises(Undeliverable) as never:
        await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    assert never.value.reason == "token_revoked"


async def test_something_told_once_is_told_once_and_to_one_member(world: World) -> None:
    for _ in range(2):
        await world.app.messenger.tell(ANN, HERE, Reply((HELLO,)), "en", once="failed:K7Q2")
    await world.app.messenger.tell(ANN, None, Reply((HELLO,)), "en")
    assert len(world.slack.whispers) == 1 and len(world.slack.all(DM)) == 1 and not world.slack.all(CHANNEL)


async def test_hiding_a_painting_deletes_messages_and_uploads(world: World) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, progress(0), "en")
    await world.app.messenger.show("K7Q2/result", ANN, HERE, RESULT, "en")
    world.slack.refused["chat.delete"] = "cant_delete_message"
    assert not await world.app.messenger.hide("K7Q2")
    world.slack.refused.clear()
    assert await world.app.messenger.hide("K7Q2")
    assert not world.slack.all(CHANNEL) and not world.slack.files and not world.store.slots


async def test_what_one_member_was_told_about_a_painting_goes_with_it(world: World) -> None:
    """In a direct channel; what is whispered in a channel vanishes by itself."""
    why, direct = Reply((HELLO, Quote("a secret cat"))), Place("slack", "T0PAINT01", DM, private=True)
    for place in (HERE, direct):
        await world.app.messenger.tell(ANN, place, why, "en", once="K7Q2/why" if place is HERE else "M3M3/why")
    await world.app.messenger.tell(ANN, None, why, "en", once="W1W1/why")
    assert len(world.slack.all(DM)) == 2
    for painting in ("K7Q2", "M3M3", "W1W1"):
        assert await world.app.messenger.hide(painting)
    assert not world.slack.all(DM) and not await world.store.posted_of("M3M3")


async def test_files_are_fetched_with_the_token_only_where_slack_lives(world: World) -> None:
    slack, fetch = world.slack, world.app.messenger.fetch
    png = b"\x89PNG" + b"x" * 100
    assert await fetch(Offered(f"F1 {slack.offer('cat.png', png)}", "cat.png"), 1000) == png
    assert slack.seen_tokens == [("cat.png", f"Bearer {TOKEN}")]
    slack.files["F0STUB0001"] = {
        "id": "F0STUB0001",
        "url_private": slack.offer("far.png", png),
        "name": "far.png",
        "size": 9,
    }
    assert await fetch(Offered("F0STUB0001"), 1000) == png
    near = slack.offer("near", f"{slack.url}/files/cat.png".encode(), "redirect")
    assert await fetch(Offered(f"F1 {near}", "cat.png"), 1000) == png, "inside Slack the token goes along"
    del slack.seen_tokens[-2:]
    moved = slack.offer("moved", slack.url.replace("http", "https").encode(), "redirect")
    refusals = {
        f"F1 {slack.offer('page', b'<html>', 'text/html')}": "slack.file_unreadable",
        "F1 https://files.slack.com.evil.example/cat.png": "slack.file_unreadable",
        "F1 http://files.slack.com/cat.png": "slack.file_unreadable",
        f"F1 {moved}": "slack.file_unreadable",
        f"F1 {slack.offer('later.png', b'', 'trouble')}": "slack.file_network",
        f"F1 {slack.offer('huge.png', png * 100)}": "slack.file_large",
        "F0GONE00001": "slack.file_gone",
        f"F1 {slack.url.rsplit(':', 1)[0]}:1/files/x": "slack.file_unreadable",
    }
    for handle, key in refusals.items():
        with pytest.raises(Refusal) as no:
            await fetch(Offered(handle, "cat.png"), 1000)
        assert no.value.key == key, handle
    with pytest.raises(Refusal) as no:
        await fetch(Offered("F0GONE00001"), 1000)
    assert no.value.values == {"name": Line("slack.nameless")}, "an id of Slack's is no name"
    with pytest.raises(Refusal) as no:
        await fetch(Offered(f"F1 {slack.url}/files/cat.png", "cat.png", size=30_000_000), 1000)
    assert no.value.key == "slack.file_large" and len(slack.seen_tokens) == 6


@pytest.mark.parametrize("taken", ["deleted", "is_archived"])
async def test_a_result_somebody_took_away_does_not_come_back_with_the_next_change(world: World, taken: str) -> None:
    """A picture deleted by a moderator was posted anew when it was adopted, and that of a closed channel sent to its asker."""
    show = world.app.messenger.show
    await show("K7Q2/receipt", ANN, HERE, progress(4), "en")
    await show("K7Q2/result", ANN, HERE, RESULT, "en")
    if taken == "deleted":
        world.slack.all(CHANNEL).pop()
    else:
        world.slack.refused[CHANNEL] = taken
    for words in ("adopted", "adopted again"):
        await show("K7Q2/result", ANN, HERE, replace(RESULT, parts=(*RESULT.parts, Quote(words))), "en")
    assert len(world.slack.called("chat.postMessage")) == 2 and not world.slack.all(DM)
