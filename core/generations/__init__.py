"""Paintings as rows: written once when accepted, changed only by fenced transitions, read as frozen views."""

from core.generations.listing import Filter, count, listed, waiting_ahead
from core.generations.rows import (
    NewGeneration,
    add_image,
    adopt,
    children,
    drop_generation,
    hand_over,
    insert,
    known_reference,
    new_id,
    note_download,
    note_shown,
    stored_image,
    touch,
    unused_images,
)
from core.generations.view import ENDED, UNFINISHED, GenerationView, TaskView, load, load_many

__all__ = [
    "ENDED",
    "UNFINISHED",
    "Filter",
    "GenerationView",
    "NewGeneration",
    "TaskView",
    "add_image",
    "adopt",
    "children",
    "count",
    "drop_generation",
    "hand_over",
    "insert",
    "known_reference",
    "listed",
    "load",
    "load_many",
    "new_id",
    "note_download",
    "note_shown",
    "stored_image",
    "touch",
    "unused_images",
    "waiting_ahead",
]
