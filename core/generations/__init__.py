"""Paintings as rows: written once when accepted, changed only by fenced transitions, read as frozen views."""

from core.generations.listing import Filter, count, listed, waiting_ahead
from core.generations.rows import (
    NewGeneration,
    add_image,
    drop_generation,
    insert,
    new_id,
    stored_image,
    touch,
    unused_images,
)
from core.generations.view import ENDED, UNFINISHED, GenerationView, ImageRow, TaskView, load, load_many

__all__ = [
    "ENDED",
    "UNFINISHED",
    "Filter",
    "GenerationView",
    "ImageRow",
    "NewGeneration",
    "TaskView",
    "add_image",
    "count",
    "drop_generation",
    "insert",
    "listed",
    "load",
    "load_many",
    "new_id",
    "stored_image",
    "touch",
    "unused_images",
    "waiting_ahead",
]
