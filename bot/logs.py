"""The log: one line an event, JSON or for people, and never a secret in it, whoever wrote the line."""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[secret]"
SHORTEST = 6
"""Shorter registered values are not looked for: they would blank out half the log."""
DEEPEST = 6


def _without_colours(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Without uvicorn's second copy of its words, made for a terminal."""
    event.pop("color_message", None)
    return event


BEFORE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    _without_colours,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,  # plain text: frames with their locals would show prompts
)
"""What every line goes through, structlog's and the standard library's alike."""

QUIET = ("httpx", "httpcore", "aiogram.event", "apscheduler", "uvicorn.access", "asyncio")
"""Loggers that tell every request or tick: only their warnings are of interest."""

NAMES = (
    r"(?:access_?key(?:_?id)?|secret_?access_?key|secret_?key|client_?secret|signing_?secret|app_?token|bot_?token|"
    r"session_?token|access_?token|api_?key|password|passwd|secret|token|ak|sk|authorization|cookie|set-cookie|"
    r"x-security-token|x-slack-signature|x-telegram-bot-api-secret-token)"
)
SECRET_NAME = re.compile(rf"(?i)(?:\w+[_-])?{NAMES}")
"""A field or header whose value is never shown."""

SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # whole headers first: their values hold blanks
    (
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"\\]*\s*[:=,]\s*(?:b(?=['\"]))?['\"\\]*)[^'\"\\\r\n]+"
        ),
        r"\1\2" + HIDDEN,
    ),
    (re.compile(r"(?i)\b(Bearer|Basic)\s+[\w.~+/=-]{8,}"), r"\1 " + HIDDEN),
    (re.compile(r"\b(Credential|Signature)=[\w/+=-]+"), r"\1=" + HIDDEN),
    # platforms
    (re.compile(r"\bbot\d+:[\w-]+"), "bot" + HIDDEN),
    (re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}"), HIDDEN),
    (re.compile(r"\bxox[a-z](?:\.xox[a-z])?-[\w-]+"), HIDDEN),
    (re.compile(r"\bxapp-[\w-]+"), HIDDEN),
    (re.compile(r"(hooks\.slack\.com/\w+)/[\w/-]+"), r"\1/" + HIDDEN),
    # key pairs: an access key with what stands after it, a secret key alone (Volcengine's are long base64), a Fernet key
    (re.compile(r"\b(AKLT|AKTP)[\w-]{8,}(\W{1,4})[A-Za-z0-9+/]{30,}={0,2}"), r"\1" + HIDDEN + r"\2" + HIDDEN),
    (re.compile(r"\b(AKLT|AKTP|AKIA|ASIA)[\w-]{8,}"), r"\1" + HIDDEN),
    (re.compile(r"(?<![\w+/-])[A-Za-z0-9+/]{40,}=="), HIDDEN),
    (re.compile(r"(?<![\w+/-])[\w-]{43}=(?![\w=])"), HIDDEN),
    # named values, in queries, reprs and JSON
    (
        re.compile(
            rf"(?i)(?<![A-Za-z])({NAMES})(['\"\\]*\s*[=:]\s*(?:b(?=['\"]))?['\"\\]*)(?!\[secret\])[^\s'\"\\,;&<>{{}}()\[\]]+"
        ),
        r"\1\2" + HIDDEN,
    ),
    # signed addresses: Jimeng's results, buckets, our own links
    (re.compile(r"(?i)([?&;](?:x-[\w-]+|rk3s|sig|sign|signature|auth_key|login)=)[^&\s'\"\\<>]+"), r"\1" + HIDDEN),
    (re.compile(r"(/r/\w+\.[0-9a-f]+\.)[\w=.-]+"), r"\1" + HIDDEN),
    (re.compile(r"(/pictures/\w+/\w+/\d+/)[\w=-]+"), r"\1" + HIDDEN),
    (re.compile(r"(://[^\s/:@'\"]*:)[^\s/@'\"]+@"), r"\1" + HIDDEN + "@"),
)


class Scrubber:
    """Takes secrets out of text: the registered ones, and what looks like one. Works as a structlog processor too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Never show these from now on, not even quoted for an address or for JSON."""
        with self._lock:
            for secret in secrets:
                if len(secret) >= SHORTEST:
                    self._known |= {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
            longest_first = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """The text without its secrets. Scrubbing twice changes nothing more; valid JSON stays valid."""
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        for shape, instead in SHAPES:
            text = shape.sub(instead, text)
        return text

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: self._value(key, value, 0) for key, value in event.items()}

    def _value(self, name: object, value: Any, depth: int) -> Any:
        if isinstance(name, str) and value and SECRET_NAME.fullmatch(name):
            return HIDDEN
        match value:
            case str():
                return self.text(value)
            case None | bool() | int() | float():
                return value
            case Mapping() if depth < DEEPEST:
                return {key: self._value(key, one, depth + 1) for key, one in value.items()}
            case list() | tuple() | set() | frozenset() if depth < DEEPEST:
                return [self._value(None, one, depth + 1) for one in value]
            case _:
                return self.text(repr(value))


class ScrubbedFormatter(structlog.stdlib.ProcessorFormatter):
    """The last word on a line: what the processors did not see (a colour, a nested repr) is scrubbed as text."""

    def __init__(self, scrubber: Scrubber, renderer: Processor) -> None:
        last = (structlog.stdlib.ProcessorFormatter.remove_processors_meta, scrubber, renderer)
        super().__init__(processors=last, foreign_pre_chain=BEFORE)
        self._scrubber = scrubber

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, without secrets."""
        return self._scrubber.text(super().format(record))


class ScrubbedHandler(logging.StreamHandler[TextIO]):
    """Writes lines; says without its arguments when a line could not be made."""

    def __init__(self, stream: TextIO, scrubber: Scrubber) -> None:
        super().__init__(stream)
        self._scrubber = scrubber

    def handleError(self, record: logging.LogRecord) -> None:
        """A broken log call must neither stop the bot nor print its arguments as they are (as logging does)."""
        trouble = self._scrubber.text(traceback.format_exc())
        print(f"a log line of {record.name}:{record.lineno} could not be written\n{trouble}", file=sys.stderr)


def set_up(
    form: Literal["auto", "json", "console"] = "auto",
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> Scrubber:
    """Send structlog, the standard library's logging, warnings and uncaught exceptions to one stream (standard error).

    "auto" writes for people on a terminal and JSON elsewhere. Gives the scrubber, so that secrets learned later
    (key pools) can be added. ValueError for an unknown level.
    """
    out = stream or sys.stderr
    scrubber = Scrubber(secrets)
    handler = ScrubbedHandler(out, scrubber)
    handler.setFormatter(ScrubbedFormatter(scrubber, _renderer(form, out.isatty())))
    root = logging.getLogger()
    root.setLevel(level.upper())
    root.handlers = [handler]
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    return scrubber


def _renderer(form: str, terminal: bool) -> Processor:
    if form == "json" or (form == "auto" and not terminal):
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=terminal, exception_formatter=structlog.dev.plain_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("paintbot").critical("uncaught exception", exc_info=(kind, error, trace))
