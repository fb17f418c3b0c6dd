"""A shelf of the library as admins keep it: a page of its entries, one of them found, switched, asked about before it goes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.commands.admin.frame import done, id_of, note, page, pager
from core.commands.asking import Ask, Command
from core.commands.forming import shown, stands
from core.errors import Refusal
from core.examples import Example
from core.gallery import Inspiration
from core.records import Tx
from core.replies import Answer, Button, Part, Quote, Reply
from core.requests import Line, Value
from core.templates import Template

SHOWN = 160
Entry = Example | Inspiration | Template
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[E]):
    """One kind of entries: `section` stands in its verbs and in the audit, `topic` in its sentences, `get` and `change` are its subject's.

    `values` are what its sentences say of an entry, `traced` is what the audit calls it.
    """

    section: str
    topic: str
    get: Callable[[Tx, int], Awaitable[E | None]]
    change: Callable[..., Awaitable[bool]]
    values: Callable[[E], Mapping[str, Value]]
    traced: Callable[[E], str] = lambda one: str(one.id)

    @property
    def back(self) -> str:
        """The verb that shows the shelf."""
        return f"admin.{self.section}"

    def shown(self, parts: Sequence[Part], total: int, where: tuple[str, str, int], *, added: bool = True) -> Reply:
        """A page of it, `where` as `narrowed` found it; `added` where admins add entries themselves."""
        words, draft, offset = where
        title = Line(f"admin_{self.topic}.title", tone="title")
        parts = parts or ((Line(f"admin_{self.topic}.none"),) if not words else ())
        counted = (Line(f"admin_{self.topic}.counted", {"n": total}, tone="fact"),) if total or words else ()
        ways = (
            Button(Line("admin.button_add"), f"{self.back}.add", style="primary"),
            Button(Line("admin.button_import"), f"{self.back}.import"),
        )
        pages = pager(self.back, offset, total, prefix=draft)
        found = (Line("admin.found", {"words": words}, tone="fact"),) if words else ()
        every = (Button(Line("admin.button_all"), self.back),) if words else ()
        if added and len(parts) > 1:
            every = (Button(Line("admin.button_several"), f"{self.back}.several", f"{draft}{offset}"), *every)
        return page((title, *counted, *found, *parts), (*(ways if added else ()), *pages, *every))

    def edit_button(self, one: E) -> Button:
        """Opens the form of an entry as it is now."""
        return Button(Line("admin.button_edit"), f"{self.back}.edit", str(one.id))

    def buttons(self, one: E) -> tuple[Button, ...]:
        """Switch it the other way, delete it."""
        switch = "disable" if one.enabled else "enable"
        return (
            Button(Line(f"admin.button_{switch}"), f"{self.back}.{switch}", str(one.id)),
            Button(Line("admin.button_delete"), f"{self.back}.delete", str(one.id), "danger"),
        )

    async def pick(self, ask: Ask, tx: Tx) -> E:
        """The entry that was asked for. Refusal `admin.gone`."""
        one = await self.get(tx, id_of(ask.request.subject))
        if one is None:
            raise Refusal("admin.gone")
        return one

    def subject(self, one: E) -> str:
        """What the form of an entry carries."""
        return shown(one.id, {"revision": one.revision})

    async def rewrite(self, ask: Ask, tx: Tx, one: E, values: Mapping[str, Any]) -> None:
        """What was typed replaces what was, in a transaction of `saving`. `Meanwhile` where somebody else was first."""
        await stands(tx, ask.request.subject, {"revision": one.revision}, self.section, str(one.id))
        await self.change(tx, one.id, **values)

    async def enable(self, ask: Ask) -> Answer:
        """Members find it again."""
        return await self._switch(ask, True)

    async def disable(self, ask: Ask) -> Answer:
        """Members find it no longer; it is kept."""
        return await self._switch(ask, False)

    async def _switch(self, ask: Ask, on: bool) -> Answer:
        async with ask.tools.house.records.write() as tx:
            one = await self.pick(ask, tx)
            await self.change(tx, one.id, enabled=on)
            act = f"{self.section}.enable" if on else f"{self.section}.disable"
            await note(ask, tx, act, self.traced(one), before=one.enabled, after=on)
        said = Line(f"admin_{self.topic}.enabled" if on else f"admin_{self.topic}.disabled", self.values(one))
        return done(said, back=self.back)

    async def ask_delete(self, ask: Ask) -> Answer:
        """Ask once."""
        async with ask.tools.house.records.read() as tx:
            one = await self.pick(ask, tx)
        sure = Button(Line("admin.button_delete_sure"), f"{self.back}.delete.sure", str(one.id), "danger")
        return page((Line(f"admin_{self.topic}.delete_ask", self.values(one)),), (sure,), back=self.back)

    def switches(self) -> Mapping[str, Command]:
        """The verbs that switch its entries."""
        return {f"{self.back}.enable": self.enable, f"{self.back}.disable": self.disable}


def state(one: Entry) -> Line:
    """Whether members find it."""
    return Line("admin.state_on" if one.enabled else "admin.state_off")


def quoted(one: Entry) -> Quote:
    """How its line begins."""
    return Quote(one.line if len(one.line) <= SHOWN else f"{one.line[:SHOWN]}…")
