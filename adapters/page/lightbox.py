"""Pictures in full size over the page: next, previous, the original to save, and Esc to go back."""

from collections.abc import Sequence

from nicegui import events, ui

from adapters.page.elements import Tag, box, button, icon, link, lost, shows_when_lost
from adapters.page.render import Stage
from core.errors import PaintbotError
from core.replies import ImageSource, Picture
from core.requests import Line
from core.texts import say


class Lightbox:
    """One dialog of the page, filled anew for the pictures to show."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pictures: Sequence[Picture] = ()
        self._at = 0
        self._dialog = ui.dialog().props("maximized no-route-dismiss transition-show=fade transition-hide=fade")
        self._dialog.props["aria-label"] = say(Line("page.enlarged"), stage.language)
        with self._dialog, box("pb-lightbox"):
            self._said = Tag("p", "", "pb-hidden", role="status")
            self._room = box("pb-lightbox-room")
        self._keys: ui.keyboard | None = None
        self._dialog.on_value_change(lambda: self._listen())

    def show(self, pictures: Sequence[Picture], at: int) -> None:
        """Open with the picture at this index."""
        self._pictures, self._at = pictures, at
        self._draw()
        self._dialog.open()

    async def look(self, images: ImageSource) -> None:
        """Close over pictures that were deleted meanwhile."""
        if self._dialog.value:
            try:
                await images.thumb(self._pictures[self._at].image)
            except (PaintbotError, LookupError, FileNotFoundError):
                self._dialog.close()

    def _listen(self) -> None:
        """Keys are heard only while the pictures are open: a keyboard element tells the server of every stroke."""
        if self._keys is not None:
            self._keys.delete()
            self._keys = None
        if self._dialog.value:
            with self._dialog:
                self._keys = ui.keyboard(self._key, ignore=[])

    def turn(self, by: int) -> None:
        """The next or previous picture, around the end."""
        if len(self._pictures) > 1:
            self._at = (self._at + by) % len(self._pictures)
            self._draw()

    def _key(self, event: events.KeyEventArguments) -> None:
        if event.action.keydown and (event.key.arrow_left or event.key.arrow_right):
            self.turn(1 if event.key.arrow_right else -1)

    def _draw(self) -> None:
        picture, language = self._pictures[self._at], self._stage.language
        several = len(self._pictures) > 1
        place = f"{self._at + 1} / {len(self._pictures)}" if several else ""
        self._said.set_text(f"{place} {say(picture.alt, language)}".strip())
        self._room.clear()
        with self._room:
            with box("pb-lightbox-bar"):
                if several:
                    Tag("span", place, "pb-lightbox-count")
                Tag("span", say(picture.alt, language), "pb-lightbox-alt")
                saved = link("", self._stage.image(picture.image, "original"), "pb-button quiet", download=True)
                with saved:
                    icon("o_download")
                    Tag("span", say(Line("page.save_original"), language))
                close = say(Line("page.close"), language)
                closing = button("", self._dialog.close, "quiet", sign="close", name=close).mark("lightbox-close")
                closing.props["autofocus"] = True
            with box("pb-lightbox-stage"):
                if several:
                    before = say(Line("page.previous"), language)
                    button("", lambda: self.turn(-1), "quiet turn", sign="chevron_left", name=before)
                shows_when_lost(
                    Tag("img", src=self._stage.image(picture.image, "preview"), alt=say(picture.alt, language))
                )
                lost(say(Line("page.unopened"), language))
                if several:
                    after = say(Line("page.next"), language)
                    button("", lambda: self.turn(1), "quiet turn", sign="chevron_right", name=after).mark("next")
