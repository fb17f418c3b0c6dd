"""An answer of the desk said: in a message, on top of what was pressed, or in a modal; a form opened, refilled, or kept for later."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from adapters.slack.blocks import MOST_IN_VIEW
from adapters.slack.modals import Modals
from adapters.slack.notes import Notes, Remembered, short
from adapters.slack.payload import Meta
from adapters.slack.post import Poster, Spot, Stands, root
from adapters.slack.read import REOPEN, Asked
from adapters.slack.render import pictures_of
from adapters.slack.views import file_field, first_values, form_view, is_form, reply_view, same_form, words_view
from adapters.slack.web import SlackSaidNo
from core.errors import DeliveryTrouble
from core.replies import Answer, Button, Form, Item, PlatformStore, Posted, Reply
from core.requests import Line, Request

log = structlog.get_logger(__name__)

ABOUT_FILES = ("slack.file_", "images.")
"""Sentences about a file a member chose: they stand at the field it was chosen in, and it must be chosen anew."""

Ask = Callable[[Request], Awaitable[Answer | None]]


class Answers:
    """Says what the desk answered. `ask` is the desk, for the preview of a form."""

    def __init__(self, ask: Ask, store: PlatformStore, poster: Poster, notes: Notes, modals: Modals) -> None:
        self._ask = ask
        self._store = store
        self._poster = poster
        self._notes = notes
        self._modals = modals

    async def said(self, asked: Asked, answer: Answer | None, open_view: str, before: Remembered) -> None:
        """Say it; what cannot be drawn is said in other words. DeliveryTrouble when Slack cannot be reached now."""
        asked = in_language(asked, answer)
        try:
            match answer:
                case None:
                    await self._accepted(asked, open_view)
                case Form():
                    await self._form(asked, answer, open_view, before)
                case Reply():
                    await self._reply(asked, answer, open_view)
        except DeliveryTrouble as trouble:
            await self._poster.doubt(trouble, *([answer] if isinstance(answer, Reply) else []))
            raise
        except SlackSaidNo as no:
            reference = secrets.token_hex(4)
            log.error("slack.unsaid", verb=asked.request.verb, reference=reference, error=str(no))
            await self._unsaid(asked, reference, open_view)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("slack.unsaid", verb=asked.request.verb, reference=reference)
            await self._unsaid(asked, reference, open_view)

    async def _unsaid(self, asked: Asked, reference: str, open_view: str) -> None:
        words = Line("slack.unsaid", {"reference": reference}, tone="alert")
        try:
            await self._reply(asked, Reply((words,), private=True, instead=asked.view is not None), open_view)
        except SlackSaidNo as no:
            log.error("slack.silent", reference=reference, code=no.code, method=no.method)

    async def say(self, asked: Asked, reply: Reply) -> None:
        """Say it in a message, where it was asked; a sentence of ours that Slack refuses is only logged."""
        try:
            await self._out(asked, reply)
        except SlackSaidNo as no:
            log.error("slack.silent", verb=asked.request.verb, code=no.code, method=no.method)

    async def _out(self, asked: Asked, reply: Reply) -> None:
        request = asked.request
        await self._shown(asked, reply, await self._poster.answer(asked.user, request.place, reply, request.language))

    async def _shown(self, asked: Asked, reply: Reply, stands: Stands) -> None:
        """What shows a painting once more is known by it, and goes with it."""
        if reply.about:
            channel, ts = stands.spot or ("", "")
            more = {"files": stands.files, "images": [one.image for one in pictures_of(reply)]}
            slot = f"{reply.about}/shown-{short(asked.request.event_key)}"
            await self._store.note_posted(Posted(slot, channel, "", (ts,) if ts else (), "", more))
        for row in reply.parts:
            if isinstance(row, Item) and row.about:
                await self._listed(asked.request, row, stands.spot)

    async def _listed(self, request: Request, row: Item, spot: Spot | None) -> None:
        """A list loses its row with its painting. One that vanishes by itself leaves no more than the upload of a thumbnail."""
        if spot is None and await self._store.posted_of(row.about):
            return
        channel, ts = spot or ("", "")
        more = {"list": ts, "language": request.language, "images": [row.picture.image] if row.picture else []}
        thread = root(request.place) if channel == request.place.channel else ""
        await self._store.note_posted(
            Posted(f"{row.about}/listed-{short(request.event_key)}", channel, thread, (), "", more)
        )

    async def _accepted(self, asked: Asked, open_view: str) -> None:
        """A painting was accepted: the announcer speaks in its thread; only a modal must be told."""
        view = words_view("slack.accepted", asked.request.language)
        if open_view:
            await self._modals.update(open_view, view)
        elif asked.view is not None:
            await self._modals.open(asked, view)

    # -- forms ----------------------------------------------------------------------------------------------------

    async def _form(self, asked: Asked, form: Form, open_view: str, before: Remembered) -> None:
        request = asked.request
        if form.subject or asked.meta.subject:
            # the desk keeps under it what came before the form: said twice, every picture would count twice
            request = replace(request, references=(), reply_to="")
        key, counts = await self._remembered(request, before, {name for name, _ in form.problems})
        if asked.view is not None and not form.fields and is_form(asked.view):
            view = same_form(asked.view, form.problems, request.language, replace(asked.meta, key=key), counts)
        else:
            meta = replace(_where(request), verb=form.verb, subject=form.subject, preview=form.preview, key=key)
            view = form_view(form, request.language, meta, counts, await self._previewed(request, form))
        if await (self._modals.update(open_view, view) if open_view else self._modals.open(asked, view)):
            return
        kept_request = await self._notes.keep_request(asked.request)
        button = Button(Line("slack.form_open"), REOPEN, kept_request, style="primary")
        ready = Line("slack.form_ready_files" if asked.request.references else "slack.form_ready")
        await self._out(asked, Reply((ready,), (button,), private=True))

    async def _previewed(self, request: Request, form: Form) -> Reply | None:
        if not form.preview:
            return None
        values = {**first_values(form), **request.values}
        asked = replace(
            request, verb=form.preview, subject=form.subject, values=values, event_key=f"{request.event_key}:preview"
        )
        answer = await self._ask(asked)
        return answer if isinstance(answer, Reply) else None

    async def _refused(self, asked: Asked, reply: Reply, open_view: str) -> bool:
        """A submission that was refused keeps its form, as it was filled in: what a member typed is never taken for a no."""
        view, request = asked.view or {}, asked.request
        said = [part for part in reply.parts if isinstance(part, Line)]
        files = file_field(view)
        problems = [(files if line.key.startswith(ABOUT_FILES) else "", line) for line in said]
        if asked.meta.subject:
            request = replace(request, references=(), reply_to="")
        before = await self._notes.recall(asked.meta.key)
        key, counts = await self._remembered(request, before, {name for name, _ in problems})
        meta = replace(asked.meta, key=key, language=request.language)
        drawn = same_form(view, problems, request.language, meta, counts, reply.buttons)
        return await self._modals.update(open_view, drawn)

    async def _remembered(self, request: Request, before: Remembered, wrong: set[str]) -> tuple[str, dict[str, int]]:
        """Keep what the next submission needs, but no file of a field that is `wrong`; its key, and how many files by field."""
        values = {name: value for name, value in request.values.items() if name not in wrong}
        before = replace(before, files={name: files for name, files in before.files.items() if name not in wrong})
        key = await self._notes.remember(replace(request, values=values), before)
        kept = (await self._notes.recall(key)).files
        return key, {name: len(files) for name, files in kept.items()}

    # -- replies --------------------------------------------------------------------------------------------------

    async def _reply(self, asked: Asked, reply: Reply, open_view: str) -> None:
        request = asked.request
        in_view = asked.view is not None or bool(open_view)
        if not in_view and is_admin(request.verb) and asked.trigger:
            in_view = True
        refused = asked.how == "submission" and is_form(asked.view) and _is_no(reply)
        if refused and await self._refused(asked, reply, open_view):
            return
        if in_view:
            await self._reply_in_view(asked, reply, open_view)
        elif not (reply.instead and asked.how == "press" and await self._replaced(asked, reply)):
            await self._out(asked, reply)

    async def _reply_in_view(self, asked: Asked, reply: Reply, open_view: str) -> None:
        request, user = asked.request, asked.user
        drawn = await self._poster.drawn(reply, request.language, MOST_IN_VIEW)
        view = reply_view(drawn.blocks, request.language, _where(request))
        pressed = (
            str((asked.view or {}).get("id", "")) if reply.instead and (asked.view or {}).get("type") == "modal" else ""
        )
        target = open_view or pressed
        if await (self._modals.update(target, view) if target else self._modals.open(asked, view)):
            files = await self._poster.attach(reply, request.language, "", "", user)
            await self._shown(asked, reply, Stands(None, files))
        else:
            await self._out(asked, reply)

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
            files = await self._poster.attach(reply, language, "", "", asked.user)
            await self._shown(asked, reply, Stands(None if asked.ephemeral else (place.channel, place.message), files))
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


def in_language(asked: Asked, answer: Answer | None) -> Asked:
    """The same in the language the member chose, where they chose one."""
    chosen = answer.language if answer is not None else asked.meta.language
    return replace(asked, request=replace(asked.request, language=chosen)) if chosen else asked


def is_admin(verb: str) -> bool:
    """Whether a verb belongs to the admins' desk, which stands in a modal."""
    return verb == "admin" or verb.startswith("admin.")


def _is_no(reply: Reply) -> bool:
    return bool(reply.parts) and all(isinstance(part, Line) and part.tone == "alert" for part in reply.parts)


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
