"""The record as a file: every painting with what it was asked, cost and became, and no secret."""

import csv
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TextIO

from bot.clock import now
from bot.database import opened
from bot.settings import Settings
from core import audit
from core.cards.evidence import cell, evidence
from core.errors import PaintbotError
from core.generations import Filter, listed
from core.records import Records
from core.requests import Line

PAGE = 200
Write = Callable[[Mapping[str, Any]], None]


class CannotWrite(PaintbotError):
    """The file cannot be written: one line that says why."""


async def export(
    settings: Settings, form: Literal["csv", "json"], file: Path | None, days: int | None, words: bool
) -> Sequence[Line]:
    """Write all paintings (of the last `days`), newest first, to a file or standard output.

    JSON is one object a line. `words` shows prompts, and leaves a trace in the audit. Raises CannotWrite.
    """
    until = now()  # what is accepted meanwhile must not push the pages apart
    wanted = Filter(since=until - timedelta(days=days) if days else None, until=until, deleted=True)
    async with opened(settings, now) as records:
        if words:
            async with records.write() as tx:
                await audit.note(tx, None, "records.export", after={"days": days, "words": True})
        with _writing(file, form) as out:
            write = _csv(out) if form == "csv" else _json(out)
            number = 0
            async for record in _paintings(records, wanted, words):
                write(record)
                number += 1
    return [Line("cli.exported", {"n": number, "file": str(file)})] if file else []


async def _paintings(records: Records, wanted: Filter, words: bool) -> AsyncIterator[dict[str, Any]]:
    offset = 0
    while True:
        async with records.read() as tx:
            page = await listed(tx, wanted, offset=offset, most=PAGE)
        for view in page:
            yield evidence(view, words=words)
        if len(page) < PAGE:
            return
        offset += PAGE


@contextmanager
def _writing(file: Path | None, form: Literal["csv", "json"]) -> Iterator[TextIO]:
    """The file to write, or standard output; a table in a file begins with the mark by which spreadsheets know its signs."""
    if file is None:
        yield sys.stdout
        return
    try:
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        with open(file, "w", encoding=encoding, newline="", opener=_private) as out:
            yield out
    except OSError as error:
        raise CannotWrite(f"{file}: cannot be written: {error.strerror}") from error


def _private(path: str, flags: int) -> int:
    """A new file is its operator's alone: prompts may stand in it."""
    return os.open(path, flags, 0o600)


def _json(out: TextIO) -> Write:
    return lambda record: print(json.dumps(record, ensure_ascii=False), file=out)


def _csv(out: TextIO) -> Write:
    """Columns are those of the first record; what is no plain value stands as JSON."""
    writer: list[csv.DictWriter[str]] = []

    def write(record: Mapping[str, Any]) -> None:
        if not writer:
            writer.append(csv.DictWriter(out, list(record)))
            writer[0].writeheader()
        writer[0].writerow({name: cell(value) for name, value in record.items()})

    return write
