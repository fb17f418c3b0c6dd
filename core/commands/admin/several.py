"""Several entries of a shelf at once: chosen from a page of it, switched together, or deleted after their number was confirmed."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from core import drafts
from core.commands.admin.frame import done, id_of, note, page, text
from core.commands.admin.shelf import E, Shelf, state
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.errors import Refusal
from core.replies import Answer, Button, Choice, ChoiceField, Form
from core.requests import Line

AT_ONCE = 10
"""Platforms show ten boxes."""
SHOWN = 40
DRAFT = "admin.several"
ACTS = ("enable", "disable", "delete")


@dataclass(frozen=True, slots=True)
class Several(Generic[E]):
    """`offered` are the entries a form offers, from the page its button stood on; `named` says each in a few words, `delete` is the verb for one."""

    shelf: Shelf[E]
    offered: Callable[[Ask], Awaitable[Sequence[E]]]
    named: Callable[[E], str]
    delete: Command

    @property
    def verb(self) -> str:
        """The verb of the form."""
        return f"{self.shelf.back}.several"

    async def _form(self, ask: Ask) -> Form:
        found = await self.offered(ask)
        if not found:
            raise Refusal("admin.gone")
        which = tuple(Choice(str(one.id), self._choice(one)) for one in found)
        acts = tuple(Choice(one, Line(f"admin.button_{one}")) for one in ACTS)
        fields = (
            ChoiceField("which", Line("admin.field_which"), which, (), several=True),
            ChoiceField("act", Line("admin.field_act"), acts, "disable"),
        )
        return Form(self.verb, Line("admin.several_title"), fields, ask.request.subject)

    def _choice(self, one: E) -> Line:
        name = self.named(one)
        short = name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
        return Line("admin.several_choice", {"name": short, "state": state(one)})

    async def _save(self, ask: Ask) -> Answer:
        chosen = ask.request.values.get("which")
        ids = [id_of(one) for one in chosen if isinstance(one, str)] if isinstance(chosen, tuple) else []
        act = text(ask, "act")
        if not ids:
            raise Refusal("works.none_chosen", field="which")
        if act == "delete":
            return await self._ask_once(ask, ids[:AT_ONCE])
        if act not in ACTS:
            raise Refusal("admin.no_act", field="act")
        return await self._switch(ask, ids[:AT_ONCE], act)

    async def _switch(self, ask: Ask, ids: Sequence[int], act: str) -> Answer:
        changed = 0
        async with ask.tools.house.records.write() as tx:
            for entry in ids:
                one = await self.shelf.get(tx, entry)
                if one is None or one.enabled == (act == "enable"):
                    continue
                await self.shelf.change(tx, one.id, enabled=act == "enable")
                traced = self.shelf.traced(one)
                await note(ask, tx, f"{self.shelf.section}.{act}", traced, before=one.enabled, after=act == "enable")
                changed += 1
        return done(Line(f"admin.several_{act}d", {"n": changed}), back=self.shelf.back)

    async def _ask_once(self, ask: Ask, ids: Sequence[int]) -> Answer:
        async with ask.tools.house.records.write() as tx:
            draft = await drafts.put(tx, DRAFT, {"ids": list(ids)})
        sure = Button(Line("admin.button_several_sure", {"n": len(ids)}), f"{self.verb}.sure", draft, "danger")
        return page((Line("admin.several_ask", {"n": len(ids)}),), (sure,), back=self.shelf.back)

    async def _sure(self, ask: Ask) -> Answer:
        """Exactly those that were counted; pressing twice deletes once."""
        async with ask.tools.house.records.write() as tx:
            kept: Mapping[str, Any] | None = await drafts.get(tx, DRAFT, ask.request.subject)
            if kept is None or not await drafts.drop(tx, DRAFT, ask.request.subject):
                raise Refusal("works.delete_gone")
        deleted = 0
        for entry in kept["ids"]:
            async with ask.tools.house.records.read() as tx:
                there = await self.shelf.get(tx, entry) is not None
            if there:
                await self.delete(
                    dataclasses.replace(ask, request=dataclasses.replace(ask.request, subject=str(entry)))
                )
                deleted += 1
        return done(Line("admin.several_deleted", {"n": deleted}), back=self.shelf.back)

    def verbs(self) -> Mapping[str, Command]:
        """The form, and the button that deletes."""
        return {self.verb: formed(self._form, self._save), f"{self.verb}.sure": self._sure}
