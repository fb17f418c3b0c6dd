"""What adapters keep survives, on both databases."""

from typing import Any

from core.records import Records
from core.records.platforms import Chat, Platforms
from core.replies import Posted
from tests.conftest import Clock


async def test_an_event_is_received_once_and_replayed_until_finished(records: Records) -> None:
    store = Platforms(records, "slack")
    assert await store.receive("e1", {"text": "画 猫"})
    assert not await store.receive("e1", {"text": "again"})
    assert list(await store.unfinished()) == [("e1", {"text": "画 猫"})]
    await store.finish("e1")
    assert list(await store.unfinished()) == []


async def test_what_postgresql_takes_for_no_text_keeps_no_event_out(records: Records) -> None:
    """One forged press with a NUL in it could not be written down and came again for ever: a hundred updates later Telegram sent nothing else."""
    store = Platforms(records, "telegram")
    assert await store.receive("e1", {"data": "p:show:K7\0Q2", "deep\0": [{"text": "猫\ud83d \\u0000 \\"}], "n": 1.5})
    assert await store.unfinished() == [("e1", {"data": "p:show:K7Q2", "deep": [{"text": "猫 \\u0000 \\"}], "n": 1.5})]


async def test_a_posted_message_is_found_by_slot_and_by_message(records: Records) -> None:
    store = Platforms(records, "slack")
    extra: dict[str, Any] = {"file": ["F1"]}
    await store.note_posted(Posted("K7Q2/receipt", "C1", "", ("11.1",), "a", extra))
    await store.note_posted(Posted("K7Q2/receipt", "C1", "", ("11.1", "11.2"), "b", extra))
    found = await store.posted("K7Q2/receipt")
    assert found is not None
    assert (found.messages, found.fingerprint, found.extra) == (("11.1", "11.2"), "b", extra)
    assert await store.slot_of("C1", "11.2") == "K7Q2/receipt"
    assert await Platforms(records, "telegram").slot_of("C1", "11.2") is None
    assert [one.slot for one in await store.posted_of("K7Q2")] == ["K7Q2/receipt"]
    await store.forget_posted("K7Q2/receipt")
    assert await store.slot_of("C1", "11.2") is None


async def test_a_note_is_kept_for_its_time_and_claimed_once(records: Records, clock: Clock) -> None:
    store = Platforms(records, "telegram")
    await store.keep("form", "42", {"step": 1}, 60)
    assert await store.recall("form", "42") == {"step": 1}
    clock.forward(seconds=61)
    assert await store.recall("form", "42") is None
    await store.keep("form", "42", {"step": 2}, 60)
    assert await store.drop("form", "42")
    assert not await store.drop("form", "42")


async def test_a_thread_is_counted_under_its_message(records: Records) -> None:
    chat = Chat(records)
    first = await chat.add("spring", 0, "page:a", {"text": "/paint"})
    await chat.add("spring", first, "bot", {"text": "done"})
    await chat.change(first, {"text": "edited"})
    assert [said.body for said in await chat.history("spring", 0)] == [{"text": "edited"}]
    assert await chat.replies([first]) == {first: 1}
    await chat.remove(first)
    assert list(await chat.history("spring", first)) == []
