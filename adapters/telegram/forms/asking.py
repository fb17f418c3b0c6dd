"""Asks, understands, asks again; gives back a Request once the last question is answered."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.telegram.deliver import Posting, Spot
from adapters.telegram.deliver.answers import is_admin
from adapters.telegram.deliver.private import nowhere, spot_of
from adapters.telegram.deliver.sent import Sent
from adapters.telegram.forms.begun import asked_again, fresh
from adapters.telegram.forms.questions import CANCELS, SKIPS, Asked, empty, keys, pictures_of, skippable, understand
from adapters.telegram.forms.secrets import HIDDEN, Secrets, hidden
from adapters.telegram.forms.state import State
from adapters.telegram.gate import Refused
from adapters.telegram.gate.troubles import UNREACHABLE
from adapters.telegram.read import Heard
from adapters.telegram.render import Drawn, Page, copy_key, draw, keyboard
from core.errors import Refusal
from core.replies import Door, Form, Part, PlatformStore, Quote, Reply
from core.requests import Account, Line, Offered, Request
from core.texts import say

log = logging.getLogger(__name__)
DAY = 86400.0
PRESS = "q~"


@dataclass(frozen=True, slots=True)
class Submission:
    """A filled form: what to ask the desk; `token` names the form to be forgotten once that has been answered."""

    request: Request
    token: str


class Forms:
    """One pending form a person. All methods take what was heard in the private chat, whose id is the person's."""

    def __init__(self, posting: Posting, store: PlatformStore, door: Door) -> None:
        self._posting = posting
        self._store = store
        self._door = door
        self._secrets = Secrets(posting)

    async def pending(self, person: str) -> State | None:
        """The form a person is filling, or None."""
        kept = await self._store.recall("form", person)
        return State(**kept) if kept else None

    async def begin(self, heard: Heard, form: Form) -> bool:
        """Start asking; with problems, ask those fields again, as they were filled in. False when the private chat is not open: it is asked at `/start`."""
        person, language = heard.request.account.id, heard.request.language
        before = await self.pending(person)
        again = before is not None and bool(form.problems) and before.verb == form.verb
        state = asked_again(before, form, language) if again and before else fresh(form, language, heard)
        if not state.fields:  # a refusal of a form nobody has any more
            words = Reply(tuple(replace(line, tone="alert") for _, line in form.problems) or (form.title,))
            await self._posting.wire.patience(
                lambda: self._posting.send(Spot(int(person)), draw(words, language), Sent(), nowhere)
            )
            return True
        if again and before:
            self._secrets.move(before.token, state.token)
        await self._save(person, state)
        try:
            if form.intro and not again:
                intro = draw(Reply(form.intro), language)
                await self._posting.wire.patience(lambda: self._posting.send(Spot(int(person)), intro, Sent(), nowhere))
            await self._ask(person, state)
        except Refused as refused:
            if refused.reason not in UNREACHABLE:
                raise
            return False
        return True

    async def resume(self, person: str) -> bool:
        """Ask what could not be asked before the private chat was open; whether there was such a thing."""
        state = await self.pending(person)
        if state is None or state.message:
            return False
        await self._ask(person, state)
        return True

    async def take(self, heard: Heard, state: State) -> Submission | None:
        """A typed or sent answer. A Submission when it was the last."""
        person = heard.request.account.id
        if state.last == heard.key:
            return await self._go_on(person, state, heard)
        words = heard.request.text.strip().lower()
        if words in CANCELS:
            await self.cancel(heard, state)
            return None
        asked = state.asked
        if asked.get("secret") and heard.request.text == HIDDEN:
            state.problems = [say(Line("telegram.form_again"), state.language)]
            await self._ask(person, state)
            return None
        try:
            value = empty(asked) if words in SKIPS and skippable(asked) else understand(asked, heard)
        except Refusal as refusal:
            state.problems = [say(Line(refusal.key, refusal.values), state.language)]
            if state.verb == "paint" and not words and (sent := pictures_of(heard)):
                state.pictures += sent
                state.last = heard.key
                state.problems = [say(Line("telegram.form_kept_picture"), state.language)]
            await self._ask(person, state)
            return None
        if asked.get("secret"):
            await self._secrets.take(state.token, asked["name"], str(value), heard)
            value = None
        if asked["kind"] == "text":
            state.pictures += pictures_of(heard)
        if asked["kind"] == "file":
            value = [*state.values.get(asked["name"], []), *value][: asked["most"]]
        state.values[asked["name"]] = value
        if asked["kind"] != "file" or len(value) >= asked["most"]:
            state.at += 1
        state.last = heard.key
        return await self._go_on(person, state, heard)

    async def press(self, heard: Heard) -> Submission | Line | None:
        """A pressed button of a question; a Line says why nothing happened."""
        person = heard.request.account.id
        token, at, act = (heard.press.data if heard.press else "").removeprefix(PRESS).split(":")
        state = await self.pending(person)
        if state is not None and state.last == heard.key:
            return await self._go_on(person, state, heard)
        if state is None or state.token != token or state.full or str(state.at) != at:
            return Line("telegram.old_button")
        if act == "x":
            await self.cancel(heard, state)
            return None
        self._apply(state, act)
        state.last = heard.key
        state.message = heard.message
        return await self._go_on(person, state, heard)

    def _apply(self, state: State, act: str) -> None:
        asked = state.asked
        if act == "e":
            state.at = len(state.order)
        elif act in ("s", "d"):
            state.values.setdefault(asked["name"], empty(asked))
            state.at += 1
        else:
            value = asked["options"][int(act[1:])][0]
            if asked["several"]:
                chosen = [one for one in state.chosen() if one]
                state.values[asked["name"]] = (
                    [one for one in chosen if one != value] if value in chosen else [*chosen, value]
                )
            else:
                state.values[asked["name"]] = value
                state.at += 1

    async def _go_on(self, person: str, state: State, heard: Heard) -> Submission | None:
        missing = self._secrets.lost(state)
        if state.full and missing is not None:
            state.order, state.at = [missing], 0
            state.problems = [say(Line("telegram.form_again"), state.language)]
        await self._save(person, state)
        if not state.full:
            await self._ask(person, state, edit=heard.press is not None)
            return None
        return Submission(self._request(heard, state), state.token)

    def _request(self, heard: Heard, state: State) -> Request:
        place = heard.request.place if is_admin(state.verb) else state.origin
        values = state.filled(self._secrets.of(state.token))
        return replace(
            heard.request,
            place=place,
            verb=state.verb,
            subject=state.subject,
            text="",
            references=tuple(Offered(*one) for one in state.pictures),
            values=values,
            event_key=heard.key,
        )

    async def done(self, person: str, token: str) -> None:
        """The filled form has been answered: forget it unless another has taken its place."""
        state = await self.pending(person)
        if state is not None and state.token == token:
            await self._store.drop("form", person)
            self._secrets.forget(token)

    async def leave(self, person: str, verb: str) -> None:
        """Forget the form of a verb that has been asked without it, once its question has been put."""
        state = await self.pending(person)
        if state is not None and state.verb == verb and state.message and not state.full:
            await self._store.drop("form", person)
            self._secrets.forget(state.token)

    async def cancel(self, heard: Heard, state: State) -> None:
        """Forget the form and say so."""
        await self._store.drop("form", heard.request.account.id)
        self._secrets.forget(state.token)
        page = Page(say(Line("telegram.form_cancelled"), state.language))
        if heard.press and heard.press.under == "text":
            await self._posting.wire.patience(lambda: self._posting.change(heard.chat, heard.message, False, page, ()))
        else:
            await self._posting.wire.patience(lambda: self._posting.text(spot_of(heard.request.place), page))

    async def _ask(self, person: str, state: State, edit: bool = False) -> None:
        drawn = await self._question(person, state)
        chat, page = int(person), drawn.pages[0]
        state.problems = []
        if edit and state.message:
            try:
                await self._posting.wire.patience(
                    lambda: self._posting.change(chat, state.message, False, page, drawn.rows)
                )
            except Refused as refused:
                if refused.reason not in ("unchanged", "missing", "old"):
                    raise
                log.info("telegram: a question was not changed: %s", refused.description)
            return
        state.message = await self._posting.wire.patience(lambda: self._posting.text(Spot(chat), page, drawn.rows))
        await self._save(person, state)

    async def _question(self, person: str, state: State) -> Drawn:
        asked, language = state.asked, state.language
        problems = [*state.problems, *state.notes.pop(asked["name"], ())]
        parts: list[Part] = [Line("telegram.plain", {"text": words}, "alert") for words in problems]
        parts.append(
            Line(
                "telegram.form_question" if len(state.order) > 1 else "telegram.form_only",
                {"title": state.title, "at": state.at + 1, "of": len(state.order), "label": asked["label"]},
                "title",
            )
        )
        if asked["hint"]:
            parts.append(Line("telegram.plain", {"text": asked["hint"]}, "fact"))
        parts.extend(_so_far(asked, state))
        parts.extend(await self._preview(person, state))
        drawn = draw(Reply(tuple(parts)), language)
        found = keys(
            asked,
            state.token,
            state.at,
            state.chosen(),
            last=state.rest_skippable,
            submit=state.submit,
            language=language,
        )
        copying = (
            copy_key(str(asked["value"] or ""), say(Line("telegram.copy"), language))
            if asked["kind"] == "text"
            else None
        )
        return replace(drawn, rows=keyboard([copying, *found] if copying else found))

    async def _preview(self, person: str, state: State) -> tuple[Part, ...]:
        """The live price or whatever the form shows beside its questions."""
        if not state.preview or not state.values:
            return ()
        values = state.filled(dict.fromkeys(self._secrets.of(state.token), HIDDEN))
        request = Request(
            Account("telegram", "", person),
            state.origin,
            state.preview,
            subject=state.subject,
            values=values,
            language=state.language,
        )
        answer = await self._door.answer(request)
        return answer.parts if isinstance(answer, Reply) else ()

    async def _save(self, person: str, state: State) -> None:
        await self._store.keep("form", person, state.to_json(), DAY)

    async def conceal(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The update as it may be written down: the answer to a secret question without its words."""
        message = raw.get("message")
        text = message.get("text", "") if message else ""
        if not message or not text or message["chat"]["type"] != "private" or text.startswith("/"):
            return raw
        state = await self.pending(str(message["chat"]["id"]))
        if state is None or state.full or not state.asked.get("secret"):
            return raw
        return hidden(raw)


def _so_far(asked: Asked, state: State) -> list[Part]:
    sent = state.values.get(asked["name"], [])
    if asked["kind"] == "file":
        return [Line("telegram.form_files", {"n": len(sent), "most": asked["most"]})] if sent else []
    if asked["kind"] == "text" and asked["value"]:
        return [Line("telegram.form_now"), Quote(asked["value"])]
    if asked["kind"] == "number" and asked["value"] is not None:
        return [Line("telegram.form_now_number", {"n": asked["value"]})]
    return []
