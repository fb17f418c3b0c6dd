"""One received payload answered: understood, asked at the desk, and said in a message or a modal."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.answers import Answers, is_admin
from adapters.slack.deliver import A_YEAR
from adapters.slack.home import Home
from adapters.slack.inbox import ended
from adapters.slack.modals import Modals
from adapters.slack.notes import Notes, Remembered, with_remembered
from adapters.slack.payload import Me, Thread, files_of, mapped, secrets_lost
from adapters.slack.people import People
from adapters.slack.post import Poster
from adapters.slack.read import MEANT, REOPEN, Asked, has_words, thread_of, understand, with_person
from adapters.slack.views import with_preview, words_view
from adapters.slack.web import SlackSaidNo
from core.replies import Answer, Button, Door, PlatformStore, Reply
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
        self._people = people
        self._files = poster.files
        self._home = home
        self._clock = clock
        self._notes = Notes(store)
        self._modals = Modals(poster)
        self._previews: dict[str, int] = {}
        self._turns = itertools.count(1)
        self._answers = Answers(self._ask, store, poster, self._notes, self._modals)
        self._unsaid: dict[str, tuple[str, Answer | None]] = {}
        self._room = asyncio.Semaphore(DESK_AT_ONCE)

    async def handle(self, me: Me, key: str, row: Mapping[str, Any]) -> None:
        """Answer one row. DeliveryTrouble when Slack cannot be reached now (the row is tried again)."""
        body = await self._with_files(row["body"])
        thread = await self._thread(body)
        asked = understand(body, key, me, thread)
        if asked is None:
            if thread is not None and not thread.talk and has_words(mapped(body.get("event")), me):
                await self._note_talk(body, thread, "heard")
            return
        if asked.how == "submission":  # a preview still on its way would bring back the form that was sent
            self._previews.pop(_submitted(asked), None)
        person = await self._people.person(asked.user)
        remembered = await self._notes.recall(asked.meta.key)
        asked = await self._alone(with_person(asked, person.name, person.language))
        fresh = not row.get("replayed") and self._clock().timestamp() - float(row["at"]) < TRIGGER_LIVES
        if not fresh:
            asked = replace(asked, trigger="")
        if row.get("replayed") and secrets_lost(body):
            await self._answers.say(asked, Reply((Line("slack.form_lost", tone="alert"),), private=True))
        elif asked.how == "home":
            await self._home.publish(asked.request)
        elif asked.how == "preview":
            await self._preview(replace(asked, request=with_remembered(asked.request, remembered)))
        elif asked.how == "named":
            await self._unsure(asked, "slack.named")
        elif asked.how == "overheard":
            await self._unsure(asked, "slack.overheard")
            await self._note_talk(body, thread, "told")
        elif asked.request.verb in (REOPEN, MEANT):
            await self._reopen(asked)
        elif asked.how == "shortcut":
            await self._shortcut(asked)
        else:
            await self._converse(replace(asked, request=with_remembered(asked.request, remembered)), remembered)
            await self._home.after(asked.request)

    async def _with_files(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """An app_mention at times tells nothing of its message's files, and comes before the event that does."""
        event = mapped(body.get("event"))
        if event.get("type") != "app_mention" or files_of(event):
            return body
        where = (str(event.get(name) or "") for name in ("channel", "ts", "thread_ts"))
        files = files_of(await self._files.message_at(*where))
        return {**body, "event": {**event, "files": files}} if files else body

    async def _alone(self, asked: Asked) -> Asked:
        """Slack names every direct channel alike: private is only the bot's own with this member, not that of two people."""
        place = asked.request.place
        if not place.private or asked.how in ("message", "home") or asked.view is not None:
            return asked
        try:
            own = await self._people.direct(asked.user)
        except SlackSaidNo:
            own = ""
        private = place.channel == own
        return replace(asked, request=replace(asked.request, place=replace(place, private=private)))

    async def _thread(self, body: Mapping[str, Any]) -> Thread | None:
        """The paintings in the thread a message was said in."""
        where = thread_of(body)
        if where is None:
            return None
        note = await self._store.recall("thread", f"{where[0]}:{where[1]}")
        if note is not None:
            return Thread(str(note["latest"]), note["by"], str(note.get("talk", "")), bool(note.get("theirs")))
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
                await self._answers.say(asked, Reply((Line("slack.no_picture"),), private=True))
                return
            asked = replace(asked, request=replace(request, reply_to=slot.partition("/")[0]))
        await self._converse(asked, Remembered())

    async def _note_talk(self, body: Mapping[str, Any], thread: Thread | None, talk: str) -> None:
        where = thread_of(body)
        if where is not None and thread is not None:
            note = {"latest": thread.latest, "by": dict(thread.by), "talk": talk, "theirs": thread.theirs}
            await self._store.keep("thread", ":".join(where), note, A_YEAR)

    async def _unsure(self, asked: Asked, why: str) -> None:
        """Words people say to each other, perhaps to us: painted only when the one who wrote them says so."""
        button = Button(Line("slack.meant"), MEANT, await self._notes.keep_request(asked.request), style="primary")
        await self._answers.say(asked, Reply((Line(why),), (button,), private=True))

    async def _reopen(self, asked: Asked) -> None:
        request = await self._notes.kept_request(asked.request.subject, asked.request)
        if request is None:
            await self._answers.say(asked, Reply((Line("slack.form_gone"),), private=True))
        elif asked.request.verb == MEANT:  # one message is one painting, however often the button is pressed
            request = replace(request, event_key=f"meant:{asked.request.subject}")
            await self._converse(replace(asked, request=request), Remembered())
        else:
            await self._converse(replace(asked, request=request), Remembered())
            if request.values:  # the words stand in the form now: kept no longer than it is open
                await self._notes.forget_request(asked.request.subject)

    async def _converse(self, asked: Asked, before: Remembered) -> None:
        """Ask the desk, once, and say its answer; a modal is opened before the trigger runs out when a form is likely."""
        key = asked.request.event_key
        if key not in self._unsaid:
            task = asyncio.create_task(self._ask(asked.request))
            try:
                open_view = await self._early_view(asked, task)
                answer = await task
            finally:
                await ended(task)
            if len(self._unsaid) >= MOST_UNSAID:
                self._unsaid.clear()
            self._unsaid[key] = open_view, answer
        open_view, answer = self._unsaid[key]
        await self._answers.said(asked, answer, open_view, before)
        self._unsaid.pop(key, None)

    async def _ask(self, request: Request) -> Answer | None:
        async with self._room:
            answer = await self._door.answer(request)
        if answer is not None:
            await self._people.chose(request.account.id, answer.language)
        return answer

    async def _early_view(self, asked: Asked, task: "asyncio.Task[Answer | None]") -> str:
        """The modal that is there before the answer is: the one submitted, or a loading one; "" when none."""
        if asked.view is not None:
            return _submitted(asked)
        request = asked.request
        modal = is_admin(request.verb)
        if not asked.trigger or not (
            modal or asked.how == "shortcut" or (request.verb == "paint" and not request.text)
        ):
            return ""
        if not modal:
            await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            return ""
        try:
            return await self._modals.open(asked, words_view("slack.loading", request.language)) or ""
        except SlackSaidNo as no:  # the answer itself is still to come
            log.warning("slack.no_loading_modal", code=no.code)
            return ""

    async def _preview(self, asked: Asked) -> None:
        """Choices changed in an open form: draw its preview again, unless they changed once more meanwhile."""
        view = asked.view or {}
        view_id = str(view.get("id", ""))
        turn = self._previews[view_id] = next(self._turns)
        answer = await self._ask(asked.request)
        if self._previews.get(view_id) != turn:
            return
        if isinstance(answer, Reply):
            language = answer.language or asked.meta.language or asked.request.language
            await self._modals.update(view_id, with_preview(view, answer, language))
        if self._previews.get(view_id) == turn:
            del self._previews[view_id]


def _submitted(asked: Asked) -> str:
    """The modal whose submission this is, "" otherwise."""
    return str(asked.view["id"]) if asked.how == "submission" and asked.view is not None else ""
