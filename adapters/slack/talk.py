"""One received payload answered: understood, asked at the desk, and said in a message or a modal."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.home import Home
from adapters.slack.modals import Modals
from adapters.slack.notes import Notes, Remembered, with_remembered
from adapters.slack.payload import Me, Meta, Thread, secrets_lost
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.read import REOPEN, Asked, thread_of, understand, with_person
from adapters.slack.render import MOST_IN_VIEW
from adapters.slack.views import first_values, form_view, is_form, reply_view, same_form, with_preview, words_view
from adapters.slack.web import SlackSaidNo
from core.errors import DeliveryTrouble
from core.replies import Answer, Button, Door, Form, PlatformStore, Reply
from core.requests import Line, Request

log = structlog.get_logger(__name__)

DESK_AT_ONCE = 6
"""Questions at the desk at one time: rows of new events must not wait behind a long queue of its transactions."""

MOST_UNSAID = 1_000
"""Answers remembered while Slack cannot be reached, so that the desk is asked once."""

TRIGGER_LIVES = 2.7
"""Seconds after receipt during which a trigger_id is worth a try (Slack allows 3)."""

PATIENCE = 1.2
"""Seconds the desk may take before a form's modal is opened empty."""


class Talk:
    """Answers rows of the inbox."""

    def __init__(
        self,
        door: Door,
        store: PlatformStore,
        poster: Poster,
        people: People,
        home: Home,
        clock: Callable[[], datetime],
    ) -> None:
        self._door = door
        self._store = store
        self._poster = poster
        self._people = people
        self._home = home
        self._clock = clock
        self._notes = Notes(store)
        self._modals = Modals(poster)
        self._previews: dict[str, int] = {}
        self._answers: dict[str, tuple[str, Answer | None]] = {}
        self._room = asyncio.Semaphore(DESK_AT_ONCE)

    async def handle(self, me: Me, key: str, row: Mapping[str, Any]) -> None:
        """Answer one row. DeliveryTrouble when Slack cannot be reached now (the row is tried again)."""
        body = row["body"]
        asked = understand(body, key, me, await self._thread(body))
        if asked is None:
            return
        person = await self._people.person(asked.user)
        remembered = await self._notes.recall(asked.meta.key)
        asked = with_person(asked, person.name, person.language)
        fresh = not row.get("replayed") and self._clock().timestamp() - float(row["at"]) < TRIGGER_LIVES
        if not fresh:
            asked = replace(asked, trigger="")
        if row.get("replayed") and secrets_lost(body):
            await self._say(asked, Reply((Line("slack.form_lost", tone="alert"),), private=True))
        elif asked.how == "home":
            await self._home.publish(asked.request)
        elif asked.how == "preview":
            await self._preview(replace(asked, request=with_remembered(asked.request, remembered)))
        elif asked.request.verb == REOPEN:
            await self._reopen(asked)
        elif asked.how == "shortcut":
            await self._shortcut(asked)
        else:
            await self._converse(replace(asked, request=with_remembered(asked.request, remembered)), remembered)

    async def _thread(self, body: Mapping[str, Any]) -> Thread | None:
        """The paintings in the thread a message was said in."""
        where = thread_of(body)
        if where is None:
            return None
        note = await self._store.recall("thread", f"{where[0]}:{where[1]}")
        if note is not None:
            return Thread(str(note["latest"]), note["by"])
        slot = await self._store.slot_of(*where)
        if slot is None:
            return None
        posted = await self._store.posted(slot)
        generation = slot.partition("/")[0]
        return Thread(generation, {str(posted.extra.get("account", "")): generation} if posted else {})

    async def _shortcut(self, asked: Asked) -> None:
        request = asked.request
        if not request.references:
            slot = await self._store.slot_of(request.place.channel, request.place.message)
            if slot is None:
                await self._say(asked, Reply((Line("slack.no_picture"),), private=True))
                return
            asked = replace(asked, request=replace(request, reply_to=slot.partition("/")[0]))
        await self._converse(asked, Remembered())

    async def _reopen(self, asked: Asked) -> None:
        request = await self._notes.kept_request(asked.request.subject, asked.request)
        if request is None:
            await self._say(asked, Reply((Line("slack.form_gone"),), private=True))
        else:
            await self._converse(replace(asked, request=request), Remembered())
            if request.values:  # the words stand in the form now: kept no longer than it is open
                await self._notes.forget_request(asked.request.subject)

    async def _converse(self, asked: Asked, before: Remembered) -> None:
        """Ask the desk, once, and say its answer; a modal is opened before the trigger runs out when a form is likely."""
        key = asked.request.event_key
        if key not in self._answers:
            task = asyncio.create_task(self._ask(asked.request))
            try:
                open_view = await self._early_view(asked, task)
                answer = await task
            finally:
                task.cancel()
            if len(self._answers) >= MOST_UNSAID:
                self._answers.clear()
            self._answers[key] = open_view, answer
        open_view, answer = self._answers[key]
        asked = _in_language(asked, answer)
        try:
            await self._said(asked, answer, open_view, before)
        except DeliveryTrouble:
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("slack.unsaid", verb=asked.request.verb, reference=reference)
            words = Line("slack.unsaid", {"reference": reference}, tone="alert")
            await self._reply(asked, Reply((words,), private=True, instead=asked.view is not None), open_view)
        self._answers.pop(key, None)

    async def _said(self, asked: Asked, answer: Answer | None, open_view: str, before: Remembered) -> None:
        match answer:
            case None:
                await self._accepted(asked, open_view)
            case Form():
                await self._form(asked, answer, open_view, before)
            case Reply():
                await self._reply(asked, answer, open_view)

    async def _ask(self, request: Request) -> Answer | None:
        async with self._room:
            return await self._door.answer(request)

    async def _early_view(self, asked: Asked, task: "asyncio.Task[Answer | None]") -> str:
        """The modal that is there before the answer is: the one submitted, or a loading one; "" when none."""
        if asked.view is not None:
            return _submitted(asked)
        request = asked.request
        modal = _is_admin(request.verb)
        if not asked.trigger or not (
            modal or asked.how == "shortcut" or (request.verb == "paint" and not request.text)
        ):
            return ""
        if not modal:
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            return ""
        return await self._modals.open(asked, words_view("slack.loading", request.language)) or ""

    async def _accepted(self, asked: Asked, open_view: str) -> None:
        """A painting was accepted: the announcer speaks in its thread; only a modal must be told."""
        view = words_view("slack.accepted", asked.request.language)
        if open_view:
            await self._modals.update(open_view, view)
        elif asked.view is not None:
            await self._modals.open(asked, view)

    async def _form(self, asked: Asked, form: Form, open_view: str, before: Remembered) -> None:
        request = asked.request
        if form.subject or asked.meta.subject:
            # the desk keeps under it what came before the form: said twice, every picture would count twice
            request = replace(request, references=(), reply_to="")
        key = await self._notes.remember(request, before)
        kept = (await self._notes.recall(key)).files
        counts = {name: len(files) for name, files in kept.items()}
        if asked.view is not None and not form.fields and is_form(asked.view):
            view = same_form(asked.view, form, request.language, replace(asked.meta, key=key), counts)
        else:
            meta = replace(_where(request), verb=form.verb, subject=form.subject, preview=form.preview, key=key)
            view = form_view(form, request.language, meta, counts, await self._previewed(request, form))
        if await (self._modals.update(open_view, view) if open_view else self._modals.open(asked, view)):
            return
        kept_request = await self._notes.keep_request(asked.request)
        button = Button(Line("slack.form_open"), REOPEN, kept_request, style="primary")
        await self._say(asked, Reply((Line("slack.form_ready"),), (button,), private=True))

    async def _previewed(self, request: Request, form: Form) -> Reply | None:
        if not form.preview:
            return None
        values = {**first_values(form), **request.values}
        asked = replace(
            request, verb=form.preview, subject=form.subject, values=values, event_key=f"{request.event_key}:preview"
        )
        answer = await self._ask(asked)
        return answer if isinstance(answer, Reply) else None

    async def _preview(self, asked: Asked) -> None:
        """Choices changed in an open form: draw its preview again, unless they changed once more meanwhile."""
        view = asked.view or {}
        view_id = str(view.get("id", ""))
        turn = self._previews[view_id] = self._previews.get(view_id, 0) + 1
        answer = await self._ask(asked.request)
        if self._previews.get(view_id) != turn:
            return
        if isinstance(answer, Reply):
            language = answer.language or asked.meta.language or asked.request.language
            await self._modals.update(view_id, with_preview(view, answer, language))
        if self._previews.get(view_id) == turn:
            del self._previews[view_id]

    async def _reply(self, asked: Asked, reply: Reply, open_view: str) -> None:
        request = asked.request
        in_view = asked.view is not None or bool(open_view)
        if not in_view and _is_admin(request.verb) and asked.trigger:
            in_view = True
        if in_view:
            await self._reply_in_view(asked, reply, open_view)
        elif not (reply.instead and asked.how == "press" and await self._replaced(asked, reply)):
            await self._say(asked, reply)

    async def _reply_in_view(self, asked: Asked, reply: Reply, open_view: str) -> None:
        request, user = asked.request, asked.user
        drawn = await self._poster.drawn(reply, request.language, MOST_IN_VIEW)
        view = reply_view(drawn.blocks, request.language, _where(request))
        pressed = (
            str((asked.view or {}).get("id", "")) if reply.instead and (asked.view or {}).get("type") == "modal" else ""
        )
        target = open_view or pressed
        if await (self._modals.update(target, view) if target else self._modals.open(asked, view)):
            await self._poster.attach(reply, request.language, "", "", user)
        else:
            await self._say(asked, reply)

    async def _replaced(self, asked: Asked, reply: Reply) -> bool:
        """The message pressed takes the answer's shape; False where that cannot be or would show a private answer to all."""
        place, language = asked.request.place, asked.request.language
        drawn = await self._poster.drawn(reply, language)
        if asked.ephemeral:
            done = bool(place.hook) and await self._poster.hook(
                place.hook, drawn, private=True, thread=place.thread, replace=True
            )
        elif (reply.private and not place.private) or not place.message:
            return False
        else:
            done = await self._edited(place.channel, place.message, drawn)
        if done:
            await self._poster.attach(reply, language, "", "", asked.user)
        return done

    async def _edited(self, channel: str, message: str, drawn: Any) -> bool:
        try:
            await self._poster.edit(channel, message, drawn)
        except SlackSaidNo as no:
            log.info("slack.not_replaced", code=no.code)
            return False
        slot = await self._store.slot_of(channel, message)
        posted = await self._store.posted(slot) if slot else None
        if posted is not None:
            # the announcer's message looks otherwise now: it must not think its own drawing still stands there
            await self._store.note_posted(replace(posted, fingerprint=""))
        return True

    async def _say(self, asked: Asked, reply: Reply) -> None:
        request = asked.request
        try:
            await self._poster.answer(asked.user, request.place, reply, request.language)
        except SlackSaidNo as no:
            log.error("slack.unsaid", verb=request.verb, code=no.code, method=no.method)


def _in_language(asked: Asked, answer: Answer | None) -> Asked:
    """The same in the language the member chose, where they chose one."""
    chosen = answer.language if answer is not None else asked.meta.language
    return replace(asked, request=replace(asked.request, language=chosen)) if chosen else asked


def _submitted(asked: Asked) -> str:
    """The modal whose submission this is, "" otherwise."""
    return str(asked.view["id"]) if asked.how == "submission" and asked.view is not None else ""


def _is_admin(verb: str) -> bool:
    return verb == "admin" or verb.startswith("admin.")


def _where(request: Request) -> Meta:
    place = request.place
    return Meta(
        channel=place.channel,
        thread=place.thread,
        message=place.message,
        private=place.private,
        hook=place.hook,
        language=request.language,
    )
