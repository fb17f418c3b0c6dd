"""Replies and questions -> what the Bot API takes: text with entities, keyboards, pictures; pure."""

from adapters.telegram.render.cut import CAPTION, TEXT, cut, units
from adapters.telegram.render.drawn import Drawn, File, Page, Shown
from adapters.telegram.render.keyboard import Rows, button, copy_key, keyboard
from adapters.telegram.render.reply import draw
from adapters.telegram.render.speech import plain, sentence

__all__ = [
    "CAPTION",
    "TEXT",
    "Drawn",
    "File",
    "Page",
    "Rows",
    "Shown",
    "button",
    "copy_key",
    "cut",
    "draw",
    "keyboard",
    "plain",
    "sentence",
    "units",
]
