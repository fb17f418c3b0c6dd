"""Paintings as rows: written once when accepted, changed only by fenced transitions, read as frozen views."""

from core.generations.listing import Filter, count, listed
from core.generations.pictures import (
    add_image,
    all_there,
    expect_image,
    forget_image,
    idle_images,
    known_reference,
    stored_image,
    unused_images,
)
from core.generations.rows import (
    NewGeneration,
    adopt,
    children,
    drop_generation,
    hand_over,
    insert,
    new_id,
    note_download,
    note_shown,
    standing,
    touch,
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
    "all_there",
    "children",
    "count",
    "drop_generation",
    "expect_image",
    "forget_image",
    "hand_over",
    "idle_images",
    "insert",
    "known_reference",
    "listed",
    "load",
    "load_many",
    "new_id",
    "note_download",
    "note_shown",
    "standing",
    "stored_image",
    "touch",
    "unused_images",
]
