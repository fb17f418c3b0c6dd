"""One update from being understood to being answered: albums joined, replies looked up, the desk asked, its answer said."""

import asyncio
import logging
from dataclasses import replace

from adapters.telegram.albums import Albums
from adapters.telegram.app.languages import Languages
from adapters.telegram.app.meant import applause, paints_words, perhaps_a_remark
from adapters.telegram.app.menu import Menu
from adapters.telegram.app.turns import Turns
from adapters.telegram.deliver import Answers, PrivateChats
from adapters.telegram.deliver.answers import is_admin
from adapters.telegram.deliver.private import MAILBOX
from adapters.telegram.forms import Forms, Submission
from adapters.telegram.forms.asking import PRESS
from adapters.telegram.forms.questions import SKIPS
from adapters.telegram.gate import Wire
from adapters.telegram.read import Heard
from adapters.telegram.read.command import prompt_in
from core.desk import courtesy
from core.errors import DeliveryTrouble, Refusal, Undeliverable
from core.replies import Answer, Door, Form, PlatformStore, Reply
from core.requests import Line, Painted, Place, Reference, Request
from core.texts import say

log = logging.getLogger(__name__)
WEEK = 7 * 86400.0
ANSWER_WITHIN = 2.0
"""Seconds after which a press is answered although the desk is still at work: Telegram gives up soon after."""


class Handling:
    """What happens with what was heard. One at a time for each person in each chat (see `turns`)."""

    def __init__(
        self,
        wire: Wire,
        door: Door,
        store: PlatformStore,
        albums: Albums,
        forms: Forms,
        answers: Answers,
        private: PrivateChats,
        menu: Menu,
    ) -> None:
        self._wire = wire
        self._door = door
        self._store = store
        self._albums = albums
        self._forms = forms
        self._answers = answers
        self._private = private
        self._menu = menu
        self._languages = Languages(store)
        self._turns = Turns(answers)

    async def handle(self, heard: Heard) -> None:
        """Answer what was heard. Raises `DeliveryTrouble` when Telegram does not take the answer for a while."""
        whole = await self._albums.gather(heard) if heard.album else heard
        if whole is None:
            return
        try:
            async with self._turns.turn(whole, ANSWER_WITHIN):
                await self._safely(whole)
        except DeliveryTrouble as trouble:
            if whole.album:
                self._albums.unanswered(whole, trouble)
            raise
        except BaseException:
            await self._remember(whole)
            raise
        await self._remember(whole)

    async def _remember(self, whole: Heard) -> None:
        if whole.album:
            await self._albums.answered(whole)

    async def _safely(self, heard: Heard) -> None:
        try:
            await self._act(heard)
        except Refusal as refusal:
            await self._own(heard, Reply((Line(refusal.key, refusal.values),), private=True))
        except Undeliverable as trouble:
            log.info("telegram: no answer to %s: %s", heard.key, trouble.reason)
        finally:
            self._answers.forget(heard)

    async def _act(self, heard: Heard) -> None:
        match heard.kind:
            case "moved":
                self._wire.move(heard.chat, heard.moved)
            case "joined":
                await self._answers.say(heard, Reply((Line("telegram.joined", {"bot": self._wire.me.username}),)))
            case "press":
                await self._press(heard)
            case "part":
                pass
            case "forwarded":
                await self._own(heard, self._hint(heard.request))
            case "edited":
                copy = f"{self._called(heard.request)} {heard.request.text}"
                await self._own(heard, Reply((Line("telegram.edited"),), copy=copy))
            case "words" if applause(heard):
                pass
            case "words":
                await self._words(await self._with_reply(heard))
            case _:
                await self._command(heard)

    async def _own(self, heard: Heard, reply: Reply) -> None:
        """Say what the desk was not asked for."""
        await self._answers.say(await self._languages.chosen(heard), reply)

    async def _window(self, heard: Heard, line: Line) -> None:
        """Answer a press with words of ours."""
        language = (await self._languages.chosen(heard)).request.language
        await self._answers.toast(heard, say(line, language), alert=True)

    async def _command(self, heard: Heard) -> None:
        verb, text = heard.request.verb, heard.request.text
        match verb:
            case "start":
                return await self._start(heard)
            case "glued":
                return await self._own(heard, Reply((Line("telegram.glued"),), copy=f"/paint {text}"))
            case "stray" | "unknown" | "other":
                return await self._unknown(heard)
            case _:
                pass
        if verb == "paint":
            heard = await self._with_reply(paints_words(heard, self._wire.me.username))
        elif verb == "cancel" and not text and (state := await self._forms.pending(heard.request.account.id)):
            return await self._forms.cancel(heard, state)
        if heard.problem and (verb == "paint" or heard.request.account.id == "0"):
            return await self._own(heard, Reply((heard.problem,)))
        return await self._ask(heard)

    async def _unknown(self, heard: Heard) -> None:
        """A command nobody knows; `/skip` belongs to a form."""
        typed = f"/{heard.request.text}"
        if typed.lower() in SKIPS and await self._forms.pending(heard.request.account.id):
            return await self._words(heard.asking("", typed))
        return await self._own(heard, Reply((Line("telegram.unknown", {"command": typed}),)))

    async def _words(self, heard: Heard) -> None:
        """Words without a command: about a painting they answer, to a question, or to nothing, which costs nothing."""
        request = heard.request
        if request.reply_to and request.text:
            if perhaps_a_remark(heard):
                return await self._overhear(heard)
            return await self._ask(heard.asking("paint", request.text))
        state = await self._forms.pending(request.account.id) if request.place.private else None
        if state is not None and (not state.full or state.last == heard.key):
            submission = await self._forms.take(heard, state)
            return await self._submit(heard, submission) if submission else None
        if heard.problem:
            return await self._own(heard, Reply((heard.problem,)))
        return await self._own(heard, self._hint(request))

    async def _overhear(self, heard: Heard) -> None:
        """Say once to a person under a painting that it was not taken for a prompt, and how it would be; praise is for a colleague."""
        request = heard.request
        if courtesy(request.text, below=True) is not None:
            return
        key = f"{request.reply_to}:{request.account.id}"
        if await self._store.recall("overheard", key) is None:
            await self._own(heard, Reply((Line("telegram.overheard"),), copy=f"{self._called(request)} {request.text}"))
            await self._store.keep("overheard", key, {}, WEEK)

    def _called(self, request: Request) -> str:
        """How one calls us there."""
        return "/paint" if request.place.private else f"/paint@{self._wire.me.username}"

    def _hint(self, request: Request) -> Reply:
        command = self._called(request)
        if not request.text:
            return Reply((Line("telegram.hint_picture", {"command": command}),))
        if not request.references and (thanked := courtesy(request.text)) is not None:
            return thanked
        key = "telegram.hint_caption" if request.references else "telegram.hint_words"
        return Reply((Line(key, {"command": command}),), copy=f"{command} {prompt_in(request.text)}")

    async def _with_reply(self, heard: Heard) -> Heard:
        """What was replied to as references: our painting and which of its pictures, a photo, or the whole album it belongs to."""
        replied = heard.replied
        if replied is None:
            return heard
        own = heard.request.references
        if replied.ours and (slot := await self._store.slot_of(heard.request.place.channel, replied.message)):
            generation = slot.partition("/")[0]
            post = await self._store.posted(slot)
            number = post.extra.get("numbers", {}).get(replied.message, 0) if post else 0
            painted: tuple[Reference, ...] = (Painted(generation, number),) if number else ()
            asker = str(post.extra.get("asker", "")) if post else ""
            return replace(heard, replied=replace(replied, asker=asker)).with_references((*own, *painted), generation)
        files = await self._albums.siblings(heard.chat, replied.album) if replied.album else ()
        problem = heard.problem or (None if files else replied.problem)
        return replace(heard.with_references((*own, *(files or replied.files))), problem=problem)

    async def _ask(self, heard: Heard) -> None:
        if heard.request.verb == "paint":
            # else the next idle word would be taken, and paid, as the old question's answer
            await self._forms.leave(heard.request.account.id, "paint")
        await self._respond(heard, await self._door.answer(heard.request))

    async def _respond(self, heard: Heard, answer: Answer | None, origin: Place | None = None) -> None:
        """`origin`: the group a private press belongs to."""
        if answer is not None:  # the language the member chose wins over Telegram's guess
            heard = await self._languages.learn(heard, answer.language)
        match answer:
            case Form() if heard.request.place.private:
                await self._forms.begin(_at(heard, origin), answer)
            case Form():
                async with self._turns.lane(heard, heard.request.account.id):  # where the form is answered
                    asked = await self._forms.begin(heard, answer)
                await self._answers.sent_to_you(heard, asked)
            case Reply():
                await self._answers.say(heard, answer)
            case None if origin is not None:
                language = (await self._languages.chosen(heard)).request.language
                await self._answers.toast(heard, say(Line("telegram.in_group"), language))
            case None:
                pass
        if is_admin(heard.request.verb):
            await self._menu.refresh()

    async def _press(self, heard: Heard) -> None:
        try:
            if heard.press and heard.press.data.startswith(PRESS):
                return await self._form_press(heard)
            if not heard.request.verb:
                return await self._window(heard, Line("telegram.old_button"))
            heard = await self._in_topic(heard)
            place = await self._private.origin(f"{heard.chat}:{heard.message}") if heard.request.place.private else None
            asking = asyncio.create_task(self._door.answer(_at(heard, place).request))
            done, _ = await asyncio.wait({asking}, timeout=ANSWER_WITHIN)
            if not done:
                await self._answers.toast(heard)
            return await self._respond(heard, await asking, place)
        finally:
            await self._answers.toast(heard)

    async def _form_press(self, heard: Heard) -> None:
        result = await self._forms.press(heard)
        match result:
            case Line():
                await self._window(heard, result)
            case Submission():
                await self._submit(heard, result)
            case None:
                pass

    async def _submit(self, heard: Heard, submission: Submission) -> None:
        answer = await self._door.answer(submission.request)
        await self._respond(replace(heard, request=replace(heard.request, verb=submission.request.verb)), answer)
        if answer is None and heard.request.place.private and not submission.request.place.private:
            await self._own(heard, Reply((Line("telegram.in_group"),), instead=True))
        await self._forms.done(heard.request.account.id, submission.token)

    async def _in_topic(self, heard: Heard) -> Heard:
        """A message too old to be shown to us tells its topic no more; our own note of it does."""
        place = heard.request.place
        if not (heard.press and heard.press.under == "gone") or place.private or not place.message:
            return heard
        slot = await self._store.slot_of(place.channel, place.message)
        post = await self._store.posted(slot) if slot else None
        return (
            replace(heard, request=replace(heard.request, place=replace(place, thread=post.thread))) if post else heard
        )

    async def _start(self, heard: Heard) -> None:
        person, text = heard.request.account.id, heard.request.text
        if heard.request.place.private:
            kept = await self._private.deliver_kept(person)
            asked = await self._forms.resume(person)
            if text == MAILBOX and (kept or asked):
                return
        await self._ask(heard.asking("start", "" if text == MAILBOX else text))


def _at(heard: Heard, place: Place | None) -> Heard:
    """The same as if it had been said there."""
    return heard if place is None else replace(heard, request=replace(heard.request, place=place))
