"""The Messenger over the chat's history: posted once, edited ever after, forgotten on demand."""

from pathlib import Path

import pytest

from adapters.page.deliver import PageMessenger
from adapters.page.files import LARGEST, Uploads
from adapters.page.keep import reply_of
from adapters.page.people import direct, place_in
from adapters.page.talk import Change, Talk, line_body
from core.errors import Refusal
from core.replies import Reply
from core.requests import Offered
from tests.page.fakes import Clock, FakeChat, FakeStore
from tests.page.scene import result, words

LIN = "page:xiaolin"


class Bench:
    """A messenger over fakes, and the changes its listeners hear."""

    def __init__(self, folder: Path) -> None:
        self.chat, self.store = FakeChat(Clock().tick), FakeStore()
        self.talk = Talk(self.chat)
        self.messenger = PageMessenger(self.talk, self.store, Uploads(folder))
        self.heard: list[Change] = []


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "uploads")


def receipt(text: str) -> Reply:
    return Reply((words(text),))


async def test_a_receipt_is_posted_once_and_edited_ever_after(bench: Bench) -> None:
    place = place_in("spring")
    with bench.talk.listen(bench.heard.append):
        for text in ("排队中", "排队中", "正在画", "画好了"):
            await bench.messenger.show("K7Q2/receipt", LIN, place, receipt(text), "zh")
    assert [reply_of(said.body) for said in bench.chat.said.values()] == [receipt("画好了")]
    assert [change.new for change in bench.heard] == [True, False, False]


async def test_a_result_hangs_under_its_receipt_and_lends_it_its_pictures(bench: Bench) -> None:
    place = place_in("spring", message=7)
    await bench.messenger.show("K7Q2/receipt", LIN, place, receipt("正在画"), "zh")
    await bench.messenger.show("K7Q2/result", LIN, place, result(), "zh")
    await bench.messenger.show("K7Q2/receipt", LIN, place, receipt("画好了"), "zh")
    top, under = bench.chat.said.values()
    assert (top.thread, under.thread) == (0, top.id)
    assert len(top.body["strip"]) == 4
    assert reply_of(top.body) == receipt("画好了")


async def test_a_painting_asked_in_a_thread_stays_in_that_thread(bench: Bench) -> None:
    place = place_in("spring", thread=1)
    await bench.messenger.show("M3XD/receipt", LIN, place, receipt("正在画"), "zh")
    await bench.messenger.show("M3XD/result", LIN, place, result("M3XD"), "zh")
    assert [said.thread for said in bench.chat.said.values()] == [1, 1]


async def test_a_private_word_is_said_once_where_its_reader_is(bench: Bench) -> None:
    for _ in range(2):
        await bench.messenger.tell(LIN, place_in("spring"), receipt("积分到账"), "zh", once="grant")
    await bench.messenger.tell(LIN, None, receipt("周报"), "zh")
    first, second = bench.chat.said.values()
    assert (first.channel, first.body["only"]) == ("spring", LIN)
    assert second.channel == direct(LIN)


async def test_hiding_takes_everything_away_and_the_words_that_were_typed(bench: Bench) -> None:
    asked = await bench.talk.add("spring", 0, LIN, line_body("小林", "/paint 秘密"))
    place = place_in("spring", message=asked)
    await bench.messenger.show("K7Q2/receipt", LIN, place, receipt("画好了"), "zh")
    await bench.messenger.show("K7Q2/result", LIN, place, result(), "zh")
    await bench.messenger.tell(LIN, place, receipt("原因：秘密"), "zh", once="K7Q2/why")
    assert await bench.messenger.hide("K7Q2")
    (left,) = bench.chat.said.values()
    assert left.body["gone"] and "秘密" not in str(left.body)
    assert not bench.store.slots


async def test_hiding_takes_the_dropped_references_away_too(tmp_path: Path) -> None:
    """They were found under their address for seven days."""
    chat, uploads = FakeChat(Clock().tick), Uploads(tmp_path / "uploads")
    talk, store = Talk(chat), FakeStore()
    messenger = PageMessenger(talk, store, uploads)
    cup, other = [await uploads.keep("杯子.png", "image/png", b"\x89PNG") for _ in range(2)]
    files = [{"handle": cup.handle, "name": cup.name}]
    asked = await talk.add("spring", 0, LIN, line_body("小林", "/paint 杯子", files))
    await messenger.show("K7Q2/receipt", LIN, place_in("spring", message=asked), receipt("画好了"), "zh")
    assert await messenger.hide("K7Q2")
    with pytest.raises(Refusal):
        await uploads.read(cup.handle)
    assert await uploads.read(other.handle) == b"\x89PNG"


async def test_a_dropped_file_is_fetched_and_what_is_too_large_or_gone_is_refused(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    messenger = PageMessenger(Talk(FakeChat(Clock().tick)), FakeStore(), uploads)
    kept = await uploads.keep("猫.png", "image/png", b"\x89PNG" + bytes(100))
    assert await messenger.fetch(kept, 1000) == b"\x89PNG" + bytes(100)
    with pytest.raises(Refusal):
        await messenger.fetch(kept, 50)
    for handle in ("0" * 32, "../../etc/passwd"):
        with pytest.raises(Refusal):
            await messenger.fetch(Offered(handle), 1000)
    with pytest.raises(Refusal):
        await uploads.keep("big.png", "image/png", bytes(LARGEST + 1))
