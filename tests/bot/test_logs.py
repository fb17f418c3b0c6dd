"""No secret reaches the log, whoever writes the line and however it is wrapped."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.logs import HIDDEN, QUIET, ScrubbedHandler, Scrubber, set_up

OWN = 'pass "word"/ü+1'
SHAPED = {
    "telegram token": (
        "https://api.telegram.org/bot123456789:AAE_x-abcdefghijklmnopqrstuvwxyz12345/getMe",
        "AAE_x-abc",
    ),
    "bare telegram token": ("token 123456789:AAE_x-abcdefghijklmnopqrstuvwxyz12345", "AAE_x-abc"),
    "slack bot token": ("using xoxb-1234-5678-abcDEF today", "1234-5678"),
    "slack user token": ("xoxe.xoxp-1-Mi0yLTEyMzQ", "Mi0y"),
    "slack app token": ("xapp-1-A012-345-abcdef", "A012"),
    "slack hook": ("https://hooks.slack.com/commands/T01/123/AbCdEf", "AbCdEf"),
    "bearer": ("Authorization: Bearer abc.def-ghi_jkl", "abc.def"),
    "jimeng header": (
        "{'Authorization': 'HMAC-SHA256 Credential=AKLTabcdef123456/20260115/cn-north-1/cv/request, "
        "SignedHeaders=host, Signature=0badc0de'}",
        "0badc0de",
    ),
    "raw header": ("[(b'authorization', b'Bearer zzz.yyy.xxx')]", "zzz.yyy"),
    "loose signature": ("got Signature=0badc0de and Credential=AKID/2026", "0badc0de"),
    "key pair": ("AKLTNzE4abcdef12 / TVRJek5EVTJOemM0T1RBeE1qTTBOVFkzT0Rrdw", "TVRJek5EVTJ"),
    "secret key alone": ("sk was TVRJek5EVTJOemM0T1RBeE1qTTBOVFkzT0RrdzEyMzQ1Njc4OTA==", "TVRJek5EVTJ"),
    "named pair": ("AccessKeyID=whatever SecretAccessKey: 'hunter22'", "hunter22"),
    "named in json": ('{"sk": "hunter22", "name": "pool"}', "hunter22"),
    "named in a model": ("Pool(secret_key='hunter22', alias='a')", "hunter22"),
    "result link": ("https://p9.example/x~tplv.image?rk3s=8031ce6d&x-expires=1&x-signature=c2lnbmVk%3D", "c2lnbmVk"),
    "bucket link": ("https://b.example/k.jpg?X-Amz-Credential=AK&X-Amz-Signature=0badc0de", "0badc0de"),
    "our link": ("GET /r/0123abcd.65f.c2lnbmVkX3Bh HTTP/1.1", "c2lnbmVk"),
    "our link with two signatures": ("GET /r/0123abcd.65f.Zm9vYmFyYmF6.c2lnbmVkX3Bh HTTP/1.1", "c2lnbmVk"),
    "our other link": ("GET /pictures/thumb/0123abcd/1700000000/c2lnbmVkX3Bh HTTP/1.1", "c2lnbmVk"),
    "login link": ("GET /page/login?token=c2lnbmVkX3Bh", "c2lnbmVk"),
    "database password": ("postgresql+asyncpg://paint:hunter22@db/paintbot", "hunter22"),
    "fernet key": ("key ZmDfcTF7_60GrrY167zsiPd67pEvs0aGOv2oasOM1Pg=", "ZmDfcTF7"),
    "registered": (f"login with {OWN} failed", OWN),
    "registered and quoted": ("?q=pass%20%22word%22%2F%C3%BC%2B1", "%22word%22"),
}
PLAIN = (
    "painted K7Q2.3 in 12.5 s, 1664×936, seed 1234567890",
    "POST https://visual.volcengineapi.com/?Action=CVSync2AsyncSubmitTask&Version=2022-08-31",
    "task 7392616336519610409 asked 3 tokens, request 20240720103939AF0029465CF6A74E51EC",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "slack:T012/U345 at 2026-11-30T09:22:00Z in C77:1700000000.123456",
    "ab/abcdef0123456789abcdef0123456789.preview.jpg",
    "夜晚——霓虹灯 任务: 3",
)


@pytest.fixture
def restored() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    before = (root.handlers, root.level)
    yield
    root.handlers, root.level = before
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture(params=["json", "console"])
def out(request: pytest.FixtureRequest, restored: None) -> io.StringIO:
    """What a log of either form says."""
    stream = io.StringIO()
    form: Literal["json", "console"] = request.param
    set_up(form, "INFO", [OWN], stream)
    return stream


@pytest.mark.parametrize("name", SHAPED)
def test_what_looks_like_a_secret_is_hidden_and_scrubbing_again_changes_nothing(name: str) -> None:
    scrubber = Scrubber([OWN])
    text, secret = SHAPED[name]
    once = scrubber.text(text)
    assert secret in text and secret not in once and HIDDEN in once
    assert scrubber.text(once) == once
    assert json.loads(scrubber.text(json.dumps({"event": text})))["event"]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert Scrubber([OWN, ""]).text(text) == text


def test_every_way_into_the_log_is_scrubbed(out: io.StringIO) -> None:
    log, plain = structlog.get_logger("paintbot.test"), logging.getLogger("foreign.library")
    for text, _secret in SHAPED.values():
        log.info("own line", said=text, deep={"headers": [{"x": (text,)}]}, odd=ValueError(text))
        log.info(text)
        plain.warning("foreign line %s", text)
        plain.warning("foreign extra", extra={"said": text})
        try:
            raise RuntimeError(text) from ValueError(text)
        except RuntimeError:
            log.exception("own failure")
            plain.exception("foreign failure")
    written = out.getvalue()
    assert written.count("own line") == len(SHAPED) and "Traceback" in written
    for name, (_text, secret) in SHAPED.items():
        assert secret not in written, name
        assert json.dumps(secret)[1:-1] not in written, name


def test_values_under_a_telling_name_are_hidden_whatever_they_are(out: io.StringIO) -> None:
    structlog.get_logger().info(
        "x", password="aaaa", headers={"Authorization": "zzzz", "X-Slack-Signature": "yyyy"}, sk=b"wwww"
    )
    written = out.getvalue()
    assert "aaaa" not in written and "zzzz" not in written and "yyyy" not in written and "wwww" not in written


def test_secrets_learned_later_are_hidden_from_then_on(restored: None) -> None:
    stream = io.StringIO()
    scrubber = set_up("json", "INFO", (), stream)
    log = structlog.get_logger()
    scrubber.add("learned-later", "")
    log.info("now learned-later")
    assert json.loads(stream.getvalue())["event"] == f"now {HIDDEN}"


def test_a_json_line_says_who_what_and_when(restored: None) -> None:
    stream = io.StringIO()
    set_up("auto", "INFO", [OWN], stream)
    with structlog.contextvars.bound_contextvars(generation="K7Q2"):
        structlog.get_logger("paintbot.studio").info("claimed", task=3, 中文="好")
    logging.getLogger("foreign").debug("not asked for")
    line = json.loads(stream.getvalue())
    assert {**line, "timestamp": ""} == {
        **{"event": "claimed", "task": 3, "中文": "好", "generation": "K7Q2"},
        **{"level": "info", "logger": "paintbot.studio", "timestamp": ""},
    }


def test_warnings_and_uncaught_exceptions_are_lines_too(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"careless {OWN}", stacklevel=1)
    sys.excepthook(RuntimeError, RuntimeError(f"died of {OWN}"), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    def die() -> None:
        raise RuntimeError(f"thread died of {OWN}")

    thread = threading.Thread(target=die)
    thread.start()
    thread.join(30)
    written = out.getvalue()
    assert "careless" in written and "thread died of" in written and written.count("uncaught exception") == 2
    assert "word" not in written


def test_a_broken_log_call_shows_no_arguments(out: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.makeLogRecord({"name": "foreign", "msg": "%d pictures", "args": (OWN,)})
    next(handler for handler in logging.getLogger().handlers if isinstance(handler, ScrubbedHandler)).handle(record)
    said = capsys.readouterr().err
    assert "foreign" in said and "could not be written" in said and OWN not in said + out.getvalue()


def test_chatty_libraries_are_heard_only_when_they_warn(out: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://example")
    logging.getLogger("httpx").warning("trouble")
    assert "HTTP Request" not in out.getvalue() and "trouble" in out.getvalue()


def test_an_unknown_level_is_refused(restored: None) -> None:
    with pytest.raises(ValueError, match="LOUD"):
        set_up("json", "loud")
