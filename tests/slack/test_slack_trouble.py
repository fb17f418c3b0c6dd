"""What Slack refuses or takes later: each refusal has its own sentence, or an honest second try."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.web import PER_MINUTE, Pace
from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.replies import Document, Item, Picture, Pictures, Reply
from core.requests import Line, Offered, Place
from tests.slack.conftest import World, make
from tests.slack.fakes import MemoryStore, ScriptedDoor
from tests.slack.forms import HELLO, form, submission
from tests.slack.stand_in import StandIn, payload

ANN = "slack:T0PAINT01/U0ANN0001"
CHANNEL = "C0ART00001"
DM = "D0ANN0001"
HERE = Place("slack", "T0PAINT01", CHANNEL)
SECRET = Reply((HELLO,), private=True)
GONE = ["not_in_channel", "channel_not_found", "is_archived"]


def no(code: str, **more: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    return 200, {"ok": False, "error": code, **more}, {}


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "invalid_arguments"])
async def test_an_answer_slack_does_not_take_is_said_in_other_words(world: World, code: str) -> None:
    """It was only logged: whoever asked heard nothing."""
    world.door.answers = {"points": SECRET, "gallery": Reply((HELLO,))}
    world.slack.faults["chat.postEphemeral"].extend([no(code), *([no(code)] if code == "msg_too_long" else [])])
    world.slack.faults["chat.postMessage"].extend([no(code), *([no(code)] if code == "msg_too_long" else [])])
    with capture_logs() as logs:
        await world.say(payload("command", command="/paint-points"))
        await world.say(payload("command", command="/paint-gallery", trigger_id="2"))
    assert ["could not be shown" in one["text"] for one in world.slack.whispers] == [True, True]
    references = [one["reference"] for one in logs if one["event"] == "slack.unsaid"]
    assert len(references) == 2 and all(
        ref in one["text"] for ref, one in zip(references, world.slack.whispers, strict=True)
    )


async def test_a_modal_too_large_for_slack_says_so_in_a_small_one(world: World) -> None:
    world.door.answers = {"admin": Reply((HELLO,)), "paint": form()}
    for n, command in enumerate(("/paint-admin", "/paint")):
        world.slack.faults["views.open"].extend([no("view_too_large")] * (2 - n))
        await world.say(payload("command", command=command, text="", trigger_id=str(n)))
    (view,) = world.slack.views.values()
    assert "could not be shown" in view["blocks"][0]["text"]["text"]
    assert "could not be shown" in world.slack.whispers[0]["text"]


async def test_a_form_grown_too_large_says_so_where_it_stood(world: World) -> None:
    world.door.answers = {"paint": lambda request: form(("prompt", HELLO)) if request.values else form()}
    await world.say(payload("command", text=""))
    ((view_id, view),) = world.slack.views.items()
    world.slack.faults["views.update"].append(no("view_too_large"))
    await world.say(submission(view, view_id))
    assert "could not be shown" in world.slack.views[view_id]["blocks"][0]["text"]["text"]


async def test_nobody_left_to_tell_is_logged_and_the_row_is_done(world: World) -> None:
    """A stranger who can neither be whispered to nor written to directly."""
    world.door.answers = {"points": SECRET}
    world.slack.refused |= {"chat.postEphemeral": "user_not_in_channel", "conversations.open": "cannot_dm_bot"}
    with capture_logs() as logs:
        await world.say(payload("mention", text="<@U0BOT0001> points"))
    assert [one["code"] for one in logs if one["event"] == "slack.silent"] == ["cannot_dm_bot"]
    assert set(world.store.rows) == world.store.finished


async def test_a_missing_scope_is_told_to_the_admins_once_and_to_the_member_where_that_still_works(
    world: World,
) -> None:
    told: list[Line] = []

    async def alarm(line: Line) -> None:
        told.append(line)

    app = make(world.slack, world.store, world.door, alarm=alarm)
    await app.start()
    world.door.answers = {"points": SECRET}
    world.slack.refused["chat.postEphemeral"] = "missing_scope"
    await world.app.stop()
    await world.slack.until(lambda: len(world.slack._sockets) == 1)
    for n in range(2):
        hook = world.slack.hook(str(n))
        await world.slack.send(payload("command", command="/paint-points", trigger_id=str(n), response_url=hook))
        await app.inbox.idle()
    assert [name for name, _ in world.slack.hooked] == ["0", "1"], "a response_url needs no scope"
    assert "/invite" not in str(world.slack.hooked)
    world.slack.refused["chat.postMessage"] = "missing_scope"
    with pytest.raises(Undeliverable, match="missing_scope"):
        await app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    world.slack.refused["files.info"], world.slack.scope = "missing_scope", "files:read"
    with pytest.raises(Refusal) as refusal:
        await app.messenger.fetch(Offered("F0STUB0001", "cat.png"), 1000)
    await app.stop()
    assert refusal.value.key == "slack.file_unreadable"
    assert [(line.key, line.values["scope"]) for line in told] == [
        ("slack.scope_missing", "chat:write"),
        ("slack.scope_missing", "files:read"),
    ]


@pytest.mark.parametrize("code", GONE)
async def test_a_painting_whose_channel_is_lost_on_the_way_ends_with_the_asker(world: World, code: str) -> None:
    await world.app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    world.slack.refused[CHANNEL] = code
    for _ in range(2):
        await world.app.messenger.show("K7Q2/result", ANN, HERE, Reply((HELLO,)), "en")
    (result,) = world.slack.all(DM)
    assert "no longer takes" in str(result["blocks"]) and len(world.slack.all(CHANNEL)) == 1


@pytest.mark.parametrize("code", GONE)
@pytest.mark.parametrize("answer", [SECRET, Reply((HELLO,))])
async def test_an_answer_whose_channel_is_lost_comes_to_the_asker(world: World, code: str, answer: Reply) -> None:
    world.door.answers, world.slack.refused[CHANNEL] = {"points": answer}, code
    await world.say(payload("mention", text="<@U0BOT0001> points"))
    assert [one["text"] for one in world.slack.all(DM)] == ["… 1 more"]


def limited(seconds: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": seconds}


async def test_a_modal_slack_limits_is_opened_again_while_its_trigger_lives(world: World) -> None:
    world.door.answers = {"paint": form()}
    world.slack.faults["views.open"].extend([limited("0"), limited("0")])
    await world.say(payload("command", text=""))
    assert len(world.slack.views) == 1 and len(world.door.asked) == 2, "once, and once for the price"


async def test_a_modal_slack_limits_for_longer_becomes_a_button(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.door.answers, world.app.inbox._waits = {"paint": form()}, (0.01,)
    world.slack.faults["views.open"].extend([limited("0")] * 3)

    def later() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=60 if world.slack.called("views.open") else 0)

    monkeypatch.setattr(world.app._talk, "_clock", later)
    await world.say(payload("command", text=""))
    assert not world.slack.views and "The form is ready" in world.slack.whispers[0]["text"]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates so low that nothing comes back within a test."""
    for method in PER_MINUTE:
        monkeypatch.setitem(PER_MINUTE, method, 3)


async def taken(pace: Pace, method: str, channel: str, most: int = 40) -> int:
    """How many calls go out at once."""
    for n in range(most):
        try:
            await pace.take(method, channel)
        except DeliveryTrouble as trouble:
            assert trouble.reason == "paced" and 0 < (trouble.retry_after or 0) <= 20
            return n
    return most


async def test_posts_are_paced_by_channel_and_edits_and_deletions_over_all(slow: None) -> None:
    pace = Pace(longest=0.0)
    assert [await taken(pace, "chat.postMessage", channel) for channel in ("C1", "C2", "C1")] == [10, 10, 0]
    assert [await taken(pace, "chat.update", channel) for channel in ("C1", "C2")] == [3, 0]
    assert await taken(pace, "chat.delete", "C1") == 3
    assert await taken(pace, "views.open", "") == 40, "what Slack alone limits"


async def test_a_short_turn_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PER_MINUTE, "chat.update", 6_000)
    pace = Pace()
    for _ in range(6_050):
        await pace.take("chat.update", "C1")
    assert pace.buckets["chat.update"].tokens < 1


async def test_answers_beyond_the_pace_of_their_channel_go_through_their_command(world: World, slow: None) -> None:
    world.app._web.pace.longest = 0.0
    world.door.answers = {"gallery": Reply((HELLO,))}
    for n in range(12):
        hook = world.slack.hook(str(n))
        await world.say(payload("command", command="/paint-gallery", trigger_id=str(n), response_url=hook))
    assert len(world.slack.all(CHANNEL)) == 10 and [name for name, _ in world.slack.hooked] == ["10", "11"]


async def test_a_painting_beyond_the_pace_is_handed_back_with_the_seconds_to_wait(world: World, slow: None) -> None:
    world.app._web.pace.longest = 0.0
    show: Callable[..., Any] = world.app.messenger.show
    for n in range(10):
        await show(f"K{n}/receipt", ANN, HERE, Reply((HELLO,)), "en")
    with pytest.raises(DeliveryTrouble) as trouble:
        await show("LAST/receipt", ANN, HERE, Reply((HELLO,)), "en")
    assert trouble.value.retry_after and len(world.slack.called("chat.postMessage")) == 10
    world.app._web.pace.buckets.clear()
    await show("LAST/receipt", ANN, HERE, Reply((HELLO,)), "en")
    assert len(world.slack.all(CHANNEL)) == 11
    assert not world.slack.called("conversations.history"), "what was never sent is not searched for"


async def test_pictures_slack_has_deleted_meanwhile_are_uploaded_anew_wherever_they_are_shown(world: World) -> None:
    """Lists and the Home tab showed the upload of last week for ever: a workspace that keeps files for a week answered nothing."""
    world.app.inbox._waits = (0.01,)
    works = Reply((Item((HELLO,), Picture("img1", HELLO)),), private=True)
    world.door.answers = {"works": works, "points": SECRET}
    for n in range(2):
        await world.say(payload("command", command="/paint-works", trigger_id=f"w{n}"))
        await world.say(payload("home_opened", event_id=f"Ev{n}"))
        world.slack.files.clear()
    shown = [one["blocks"][0]["accessory"]["slack_file"]["id"] for one in world.slack.whispers]
    assert len(shown) == len(set(shown)) == 2
    assert str(world.slack.homes["U0ANN0001"]).count("slack_file") == 1
    await world.say(payload("home_opened", event_id="Ev3"))
    assert str(world.slack.homes["U0ANN0001"]).count("slack_file") == 1 and not world.slack.broken
    assert set(world.store.rows) == world.store.finished


async def test_a_picture_asked_for_by_several_at_once_is_uploaded_once(world: World) -> None:
    """Of two uploads one was known to nobody: it stayed on Slack when its painting was deleted."""
    world.door.answers = {"works": Reply((Item((HELLO,), Picture("img1", HELLO)),), private=True)}
    for n in range(4):
        await world.slack.send(payload("command", command="/paint-works", trigger_id=str(n)))
    await world.app.inbox.idle()
    assert len(world.slack.whispers) == 4 and len(world.slack.files) == 1


async def test_an_upload_slack_limits_is_handed_back_with_the_seconds_it_says(world: World) -> None:
    world.slack.upload_faults.append((429, {"Retry-After": "40"}))
    result = Reply((Pictures((Picture("img1", HELLO),)),))
    with pytest.raises(DeliveryTrouble) as trouble:
        await world.app.messenger.show("K7Q2/result", ANN, HERE, result, "en")
    assert trouble.value.retry_after == 40
    await world.app.messenger.show("K7Q2/result", ANN, HERE, result, "en")
    assert len(world.slack.all(CHANNEL)) == 1


async def test_an_upload_whose_processing_cannot_be_watched_is_not_sent_twice(world: World) -> None:
    """The first stayed on Slack, known to nobody, also when its painting was deleted."""
    world.slack.faults["files.info"].append(limited("30"))
    result = Reply((Pictures((Picture("img1", HELLO),)),))
    with pytest.raises(DeliveryTrouble):
        await world.app.messenger.show("K7Q2/result", ANN, HERE, result, "en")
    (file,) = world.slack.files.values()
    file["mimetype"] = "image/jpeg"
    await world.app.messenger.show("K7Q2/result", ANN, HERE, result, "en")
    assert len(world.slack.files) == len(world.slack.all(CHANNEL)) == 1
    assert await world.app.messenger.hide("K7Q2") and not world.slack.files


async def test_behind_a_proxy_pictures_and_answers_go_through_it_as_calls_do(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls went through it, uploads did not: behind a company's proxy no picture ever arrived."""
    monkeypatch.setenv("HTTP_PROXY", slack.url)
    monkeypatch.setenv("http_proxy", slack.url)
    slack.url = "http://slack.invalid"
    app = make(slack, MemoryStore(), ScriptedDoor(), mode="http")
    await app.start()
    await app.messenger.show("K7Q2/result", ANN, HERE, Reply((Pictures((Picture("img1", HELLO),)),)), "en")
    elsewhere = Place("slack", "T0PAINT01", "C0ELSEWHERE", hook=slack.hook("one"))
    await app.messenger.tell(ANN, elsewhere, SECRET, "en")
    content = await app.messenger.fetch(Offered(f"F0CAT00001 {slack.offer('cat.png', b'png')}", "cat.png"), 1000)
    await app.stop()
    assert len(slack.all(CHANNEL)) == 1 and len(slack.hooked) == 1 and content == b"png"


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_whose_file_does_not_go_up_stands_once_and_says_so(world: World, private: bool) -> None:
    """The whole answer was said again and again, for half an hour, each time without its file."""
    world.app.inbox._waits = (0.01, 0.01)
    card = Document("card.json", "application/json", b"{}")
    world.door.answers = {"points": Reply((HELLO, card), private=private)}
    world.slack.upload_faults.extend([(503, {})] * 9)
    await world.say(payload("command", command="/paint-points"))
    said = [*world.slack.whispers, *world.slack.all(CHANNEL), *world.slack.all(DM)]
    assert [("did not get through" in one["text"]) for one in said] == [False, True]
    assert set(world.store.rows) == world.store.finished
