"""What stands on the page before its scripts have come: the reader's theme, and the logo in place of a word about old browsers."""

from collections.abc import Mapping

from nicegui import ui

DARK: Mapping[str, bool | None] = {"auto": None, "light": False, "dark": True}
"""A theme as NiceGUI calls it."""
SYSTEM = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
# NiceGUI says after a second that the browser cannot do modules, also where they are only on their way: that is for those who really cannot
HTML = """<script>document.body.classList.add('body--' + (%s))</script>
<script nomodule>document.body.classList.add('pb-old')</script>"""


def draw_curtain(theme: str) -> None:
    """Draw it into the page that is being made."""
    ui.add_body_html(HTML % (SYSTEM if DARK[theme] is None else f"'{theme}'"))
