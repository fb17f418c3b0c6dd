"""A desk with everything behind it real but the platforms and Jimeng: messages are recorded, pictures are painted by hand."""

import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import sqlalchemy as sa
from PIL import Image

from core import generations, members, rules
from core.cards import announce
from core.commands.asking import Tools
from core.desk import Desk
from core.generations import GenerationView, add_image, stored_image
from core.images import Images, ImageStore, StoredImage, open_store
from core.jimeng.client import JimengClient
from core.jimeng.models import Table
from core.keypools import Vault
from core.members import Member
from core.painting import House, task_ended
from core.records import Records
from core.records.tables import generations as paintings
from core.records.tables import tasks
from core.replies import (
    Answer,
    Button,
    Facts,
    Form,
    Item,
    LinkButton,
    Part,
    Pictures,
    Quote,
    Reply,
)
from core.requests import Account, FieldValue, Line, Place, Reference, Request, Value
from core.texts import LANGUAGES, say, say_value
from tests.desk.recorder import Recorder

PLATFORMS = ("page", "slack", "telegram")
ADMIN = "page:boss"
TITLE = 24
"""Characters of a form's title Slack shows; what is beyond is cut off."""


def png(width: int = 96, height: int = 64, colour: str = "teal") -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def title(form: Form, language: str) -> str:
    """A form's title with names of four characters in it."""
    values = {name: value[:4] if isinstance(value, str) else value for name, value in form.title.values.items()}
    return say(replace(form.title, values=values), language)


@dataclass
class Stage:
    """The desk with its surroundings. `answered` and `jimeng` remember what was said and what Jimeng was asked."""

    desk: Desk
    tools: Tools
    records: Records
    images: Images
    messengers: Mapping[str, Recorder]
    answered: list[Answer | None] = field(default_factory=list)
    jimeng: list[httpx.Request] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=itertools.count)

    async def ask(
        self,
        verb: str,
        text: str = "",
        *,
        subject: str = "",
        values: Mapping[str, FieldValue] | None = None,
        references: tuple[Reference, ...] = (),
        who: str = "page:ann",
        language: str = "zh",
        private: bool = False,
        reply_to: str = "",
        key: str | None = None,
    ) -> Answer | None:
        """What the desk says to `who` (an account, `slack:T1/U1`); every sentence of it can be said in both languages."""
        account = Account.parse(who)
        place = Place(account.platform, account.workspace, "C1", message=f"m{next(self._keys)}", private=private)
        request = Request(
            account,
            place,
            verb,
            text,
            subject,
            references,
            values or {},
            event_key=key if key is not None else f"event-{next(self._keys)}",
            language=language,
            name=account.id,
            reply_to=reply_to,
        )
        answer = await self.desk.answer(request)
        self.answered.append(answer)
        for one in LANGUAGES:
            words(answer, one)
            assert not isinstance(answer, Form) or not answer.fields or len(title(answer, one)) <= TITLE, answer.title
        return answer

    async def reply(self, verb: str, text: str = "", **how: object) -> Reply:
        """As `ask`, where a Reply is expected."""
        answer = await self.ask(verb, text, **how)  # type: ignore[arg-type]
        assert isinstance(answer, Reply), answer
        return answer

    async def form(self, verb: str, text: str = "", **how: object) -> Form:
        """As `ask`, where a Form is expected."""
        answer = await self.ask(verb, text, **how)  # type: ignore[arg-type]
        assert isinstance(answer, Form), answer
        return answer

    async def press(self, answer: Answer | None, verb: str, **how: object) -> Answer | None:
        """Press the first button of an answer with this verb (`verb` or `verb:subject`)."""
        for one in buttons_of(answer):
            if verb in (one.verb, one.press):
                return await self.ask(one.verb, subject=one.subject, **how)  # type: ignore[arg-type]
        raise AssertionError(f"no button {verb} in {[one.press for one in buttons_of(answer)]}")

    async def member(self, who: str = "page:ann") -> Member:
        """The member behind an account, welcomed when new."""
        async with self.records.read() as tx:
            found = await members.find(tx, who)
        if found is None:
            await self.ask("points", who=who)
            async with self.records.read() as tx:
                found = await members.find(tx, who)
        assert found is not None
        return found

    async def admin(self, who: str = ADMIN) -> str:
        """Make this account an admin; its name for `who`."""
        found = await self.member(who)
        async with self.records.write() as tx:
            await members.change(tx, found.id, role="admin", standing="approved")
        return who

    async def rule(self, **values: object) -> None:
        """Change the team's rules."""
        async with self.records.write() as tx:
            for key, value in values.items():
                await rules.change(tx, key, value)

    async def view(self, generation_id: str) -> GenerationView:
        """A painting as it stands."""
        async with self.records.read() as tx:
            found = await generations.load(tx, generation_id)
        assert found is not None
        return found

    async def newest(self) -> GenerationView:
        """The painting accepted last."""
        async with self.records.read() as tx:
            order = sa.select(paintings.c.id).order_by(sa.literal_column("rowid").desc()).limit(1)
            found = await tx.scalar(order)
        assert found is not None, "nothing was accepted"
        return await self.view(found)

    async def order(self, text: str, **how: object) -> GenerationView:
        """`/paint text` accepted, waiting to be painted."""
        answer = await self.ask("paint", text, **how)  # type: ignore[arg-type]
        assert answer is None, words(answer, "en")
        return await self.newest()

    async def painted(self, text: str = "a cat", *, failing: int = 0, **how: object) -> GenerationView:
        """`/paint text` accepted and painted to its end; the last `failing` pictures fail."""
        return await self.paint((await self.order(text, **how)).id, failing=failing)

    async def paint(self, generation_id: str, *, failing: int = 0) -> GenerationView:
        """End every task of an accepted painting: kept with a picture of its own, the last `failing` refused by Jimeng."""
        view = await self.view(generation_id)
        for at, task in enumerate(view.tasks):
            if at >= len(view.tasks) - failing:
                values = {
                    "status": "failed",
                    "cause": "refused",
                    "error": "cause.refused",
                    "error_code": "50511",
                    "error_text": "Post Img Risk Not Pass",
                }
                await self._end(generation_id, task.id, None, values)
            else:
                colour = f"hsl({at * 80}, 60%, 50%)"
                stored = await self.images.keep(png(view.width // 16, view.height // 16, colour))
                await self._end(generation_id, task.id, stored, {"status": "kept", "image_id": stored.id})
        async with self.records.write() as tx:
            await generations.touch(tx, generation_id, delivery="delivered")
        return await self.view(generation_id)

    async def _end(
        self, generation_id: str, task: int, stored: StoredImage | None, values: Mapping[str, object]
    ) -> None:
        async with self.records.write() as tx:
            if stored is not None:
                await add_image(tx, stored, "result")
            change = sa.update(tasks).where(tasks.c.id == task)
            await tx.change(change.values(finished=tx.now, task_id=f"t{task}", **values))
            await task_ended(tx, generation_id, self.tools.house.zone)


def buttons_of(answer: Answer | None) -> list[Button]:
    """Every button of an answer, those of its items first."""
    if answer is None:
        return []
    parts = answer.parts if isinstance(answer, Reply) else answer.intro
    found = [one for part in parts if isinstance(part, Item) for one in part.buttons]
    return [one for one in (*found, *(answer.buttons if isinstance(answer, Reply) else ())) if isinstance(one, Button)]


def presses(answer: Answer | None) -> list[str]:
    """`verb:subject` of every button."""
    return [one.press for one in buttons_of(answer)]


def words(answer: Answer | None, language: str = "en") -> str:
    """Everything an answer says, a line each: KeyError where a sentence or a value is missing."""
    if answer is None:
        return ""
    if isinstance(answer, Reply):
        return "\n".join(_said(answer.parts, answer.buttons, language))
    lines = [say(answer.title, language), say(answer.submit, language), *_said(answer.intro, (), language)]
    for one in answer.fields:
        lines.append(say(one.label, language))
        lines += [say(one.hint, language)] if one.hint is not None else []
        lines += [say(choice.label, language) for choice in getattr(one, "options", ())]
    return "\n".join([*lines, *(f"{name}: {say(line, language)}" for name, line in answer.problems)])


def receipt(view: GenerationView, language: str = "en") -> str:
    """Everything a painting's receipt says."""
    return words(announce(view, final=100).receipt, language)


def _said(parts: tuple[Part, ...], buttons: tuple[Button | LinkButton, ...], language: str) -> Iterator[str]:
    for part in parts:
        match part:
            case Line():
                yield say(part, language)
            case Quote():
                yield part.text
            case Facts():
                yield from (f"{say(label, language)}: {_value(value, language)}" for label, value in part.rows)
            case Pictures():
                yield from (say(one.alt, language) for one in part.pictures)
            case Item():
                assert len(part.buttons) <= 4, "an item has at most four buttons"
                yield from ([say(part.picture.alt, language)] if part.picture else [])
                yield from _said(part.lines, part.buttons, language)
            case _:
                yield ""
    yield from (f"[{say(one.label, language)}]" for one in buttons)


def _value(value: Value, language: str) -> str:
    return say_value(value, language)


def build(records: Records, clock: Callable[[], datetime], store: ImageStore | None = None) -> Stage:
    """A desk on these records: pictures in `store` or in memory, a Jimeng that answers 404 to everything and remembers the call."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404)

    async def lookup(image: str) -> StoredImage | None:
        async with records.read() as tx:
            return await stored_image(tx, image)

    images = Images(store or open_store("memory://"), lookup)
    messengers = {platform: Recorder(platform) for platform in PLATFORMS}
    tools = Tools(
        house=House(records, ZoneInfo("Asia/Shanghai")),
        images=images,
        models=Table(),
        messengers=messengers,
        client=JimengClient(httpx.AsyncClient(transport=httpx.MockTransport(answer)), clock),
        vault=Vault(["a secret key for tests"]),
        clock=clock,
        page_url="http://127.0.0.1:8080/page",
    )
    return Stage(Desk(tools), tools, records, images, messengers, jimeng=asked)
