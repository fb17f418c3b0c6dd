"""The gallery as a wall: inspirations with what can be done with them, and every picture the team has painted."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nicegui import ui
from nicegui.element import Element

from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, button, icon, nothing
from adapters.page.render import shot
from core.looks import Entry, GalleryLook, Tile, WallLook
from core.replies import Picture
from core.requests import Line

TABS = ("inspirations", "pictures")


class GalleryView:
    """The gallery section."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._tab = TABS[0]
        self._pages = 1
        self._words = ""
        self._look: GalleryLook | WallLook = GalleryLook((), 0, 0)
        self._shown: object = None

    async def load(self) -> bool:
        """All pages asked for so far of the open tab."""
        what, found, offset = ("gallery" if self._tab == TABS[0] else "wall"), None, 0
        for _ in range(self._pages):
            page = await self._floor.look(what, {"offset": str(offset), "words": self._words})
            found = _joined(found, page) if isinstance(page, GalleryLook | WallLook) else found
            offset = found.next if found is not None else 0
            if not offset:
                break
        self._look = self._look if found is None else found
        return self._look != self._shown

    def build(self) -> None:
        """Tabs, what can be added, and the wall's place."""
        floor = self._floor
        with box("pb-bar"):
            with box("pb-tabs", role="group", aria_label=floor.say("gallery_tabs")):
                self._tabs = {name: self._draw_tab(name) for name in TABS}
            self._draw_search()
            with box("pb-buttons small") as self._adding:
                label = floor.line(Line("admin.button_import"))
                button(label, lambda: floor.act("admin.inspirations.import"), "quiet").mark("import")
                label = floor.line(Line("admin.button_add"))
                button(label, lambda: floor.act("admin.inspirations.add"), "primary").mark("add")
        self._wall: Element = box("pb-wall")
        self._more = button(floor.say("more"), self._next, "plain").classes("pb-more").mark("more")

    def _draw_tab(self, name: str) -> Tag:
        return (
            button(self._floor.say(f"tab_{name}"), lambda: self._turn(name), "bare")
            .classes("pb-tab")
            .mark(f"tab-{name}")
        )

    def _draw_search(self) -> None:
        label = self._floor.say("gallery_words")
        made = ui.input(placeholder=label).mark("gallery-words").classes("pb-control pb-search")
        made.props("outlined dense clearable debounce=350 autocomplete=off maxlength=100")
        made.props["aria-label"] = label
        with made.add_slot("prepend"):
            icon("o_search")
        made.on_value_change(lambda event: self._search(str(event.value or "").strip()))

    async def _search(self, words: str) -> None:
        self._words, self._pages = words, 1
        await self._floor.refresh()

    async def _turn(self, name: str) -> None:
        self._tab, self._pages = name, 1
        await self._floor.refresh()

    async def _next(self) -> None:
        self._pages += 1
        await self._floor.refresh()

    def show(self) -> None:
        """The wall."""
        self._shown = look = self._look
        for name, tab in self._tabs.items():
            tab.props["aria-pressed"] = str(name == self._tab).lower()
        self._adding.set_visibility(isinstance(look, GalleryLook))
        self._more.set_visibility(bool(look.next))
        self._wall.clear()
        self._wall.classes(replace=f"pb-wall of-{self._tab}")
        with self._wall:
            if isinstance(look, GalleryLook):
                self._entries(look.entries)
            else:
                self._tiles(look.tiles)

    def _nothing(self, none: Line, none_found: str) -> None:
        line = Line(none_found, {"words": self._words}) if self._words else none
        nothing("o_search" if self._words else "o_auto_awesome", self._floor.line(line))

    # -- inspirations ---------------------------------------------------------------------------------------------

    def _entries(self, entries: Sequence[Entry]) -> None:
        if not entries:
            self._nothing(Line("page_admin.no_inspirations"), "gallery.none_found")
        for entry in entries:
            with box(f"pb-entry {'' if entry.enabled else 'off'}", "article", aria_label=entry.title).mark(
                f"entry-{entry.id}"
            ):
                if entry.image:
                    picture = Picture(entry.image, entry.alt, 0, entry.width, entry.height)
                    shot(picture, (picture,), self._floor.stage, "preview")
                self._entry_words(entry)

    def _entry_words(self, entry: Entry) -> None:
        floor = self._floor
        with box("pb-entry-words"):
            with box("pb-entry-head"):
                Tag("h3", entry.title)
                if entry.uses:
                    Tag("small", floor.say("uses", n=entry.uses))
                if not entry.enabled:
                    Tag("small", floor.line(Line("admin.state_off")), "off")
            Tag("p", entry.line, "pb-entry-line")
            self._entry_buttons(entry)

    def _entry_buttons(self, entry: Entry) -> None:
        floor, subject = self._floor, str(entry.id)
        with box("pb-buttons small", role="group"):
            if entry.enabled:
                label = floor.line(Line("gallery.button_paint"))
                button(label, lambda: floor.act("inspire.paint", subject), "plain").mark(f"paint-{entry.id}")
            switch = "disable" if entry.enabled else "enable"
            label = floor.line(Line(f"admin.button_{switch}"))
            press = partial(floor.act, f"admin.inspirations.{switch}", subject)
            button(label, press, "quiet" if entry.enabled else "plain").mark(f"switch-{entry.id}")
            for verb, sign, about in (
                ("edit", "o_edit", subject),
                ("delete", "o_delete", subject),
            ):
                name = floor.line(Line(f"admin.button_{verb}"))
                press = partial(floor.act, f"admin.inspirations.{verb}", about)
                button("", press, "quiet", sign=sign, name=name).classes("pb-sign").mark(f"{verb}-{entry.id}")

    # -- all pictures ---------------------------------------------------------------------------------------------

    def _tiles(self, tiles: Sequence[Tile]) -> None:
        if not tiles:
            self._nothing(Line("page_admin.no_pictures"), "page_admin.no_such_pictures")
        pictures = [Picture(one.image, one.alt, one.number, one.width, one.height) for one in tiles]
        for at, tile in enumerate(tiles):
            ratio = tile.width / tile.height if tile.width and tile.height else 1.0
            with box("pb-tile", "figure").style(f"--ratio:{ratio:.4f}").mark(f"tile-{tile.id}-{tile.number}"):
                shot(replace(pictures[at], number=0), pictures, self._floor.stage, "preview")
                self._caption(tile)

    def _caption(self, tile: Tile) -> None:
        floor = self._floor
        with box("pb-tile-words", "figcaption"):
            opened = button(f"#{tile.id}", lambda: floor.open("admin.records.one", tile.id), "bare")
            opened.classes("pb-id").mark(f"open-{tile.id}-{tile.number}")
            Tag("span", floor.value((tile.member, *((tile.label,) if tile.label else ()))))
            if tile.adopted:
                icon("star").tooltip(floor.say("adopted"))
            name = floor.line(Line("admin_records.button_inspire"))
            add = button(
                "",
                lambda: floor.act("admin.inspirations.from", f"{tile.id}.{tile.number}"),
                "bare",
                sign="o_auto_awesome",
                name=name,
            )
            add.classes("pb-tile-add").mark(f"inspire-{tile.id}-{tile.number}")


def _joined(before: GalleryLook | WallLook | None, page: GalleryLook | WallLook) -> GalleryLook | WallLook:
    """One look of several pages."""
    if isinstance(before, GalleryLook) and isinstance(page, GalleryLook):
        return replace(page, entries=(*before.entries, *page.entries))
    if isinstance(before, WallLook) and isinstance(page, WallLook):
        return replace(page, tiles=(*before.tiles, *page.tiles))
    return page
