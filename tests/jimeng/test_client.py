"""The client at the wire: every code becomes a cause and a kind, odd answers are understood, secrets stay inside."""

import base64
import json
import logging
from collections.abc import Callable

import httpx
import pytest

from core.errors import Cause
from core.jimeng import errors
from core.jimeng.client import Done, Drawing, Label, Waiting, body_of
from core.jimeng.errors import JimengError, Kind
from core.texts import LANGUAGES, say
from tests.jimeng import official
from tests.jimeng.asked import CREDENTIAL, DRAWING, LABEL, Answer, client_of, failure, told

FINAL, ONCE, RATE, CONCURRENCY = Kind.FINAL, Kind.RESUBMIT_ONCE, Kind.RATE, Kind.CONCURRENCY
KEY, BUSY, GONE, UNKNOWN, NETWORK = Kind.CREDENTIAL, Kind.BUSY_MODEL, Kind.GONE, Kind.NETWORK_UNKNOWN, Kind.NETWORK
UNSUPPORTED, CONFIGURATION, MODEL, QUEUE = Cause.UNSUPPORTED, Cause.CONFIGURATION, Cause.MODEL, Cause.QUEUE


@pytest.mark.parametrize(
    ("http", "codes", "cause", "kind"),
    [
        (400, (50411, 50412, 50413, 50512, 50518, 50218, 50513, 50514), UNSUPPORTED, FINAL),
        (400, (50511, 50519, 50516, 50517), Cause.REFUSED, ONCE),
        (429, (50429,), QUEUE, RATE),
        (429, (50430,), QUEUE, CONCURRENCY),
        (401, (50400, 50204), CONFIGURATION, KEY),
        (500, (50500, 50501), MODEL, BUSY),
        (400, (50520, 50521, 50522), MODEL, BUSY),
        (400, (59999,), UNSUPPORTED, FINAL),
        (429, (59999,), QUEUE, RATE),
        (503, (59999,), MODEL, BUSY),
    ],
)
async def test_every_business_code_means_the_same_on_both_calls(
    http: int, codes: tuple[int, ...], cause: Cause, kind: Kind
) -> None:
    """The code decides before the status; unknown ones by status; every error has its sentence in both languages."""
    for code in codes:
        for call in ("submit", "poll"):
            error = await failure(call, told(code, http=http))
            assert (error.cause, error.kind, error.code, error.http) == (cause, kind, code, http), code
            assert (error.request_id, error.message) == ("R1", f"m{code}")
            assert all(say(error.line, language) for language in LANGUAGES)


async def test_invalid_input_is_final_on_submit_and_a_lost_task_on_poll() -> None:
    """50215 speaks of my parameters, or of a task id that is no more."""
    submit, poll = await failure("submit", told(50215, http=400)), await failure("poll", told(50215, http=400))
    assert (submit.cause, submit.kind) == (UNSUPPORTED, FINAL)
    assert (poll.cause, poll.kind, poll.repoll) == (MODEL, GONE, False)


@pytest.mark.parametrize(
    ("http", "code", "name", "kind"),
    [
        *(
            (status, number, "X", KEY)
            for status, number in ((400, 100002), (401, 100003), (400, 100004), (401, 100005))
        ),
        *(
            (status, number, "X", KEY)
            for status, number in ((400, 100006), (404, 100007), (404, 100008), (401, 100009))
        ),
        *(
            (status, number, "X", KEY)
            for status, number in ((401, 100010), (403, 100012), (403, 100013), (401, 100026))
        ),
        *((400, number, "X", KEY) for number in (100024, 100025)),
        (500, 100014, "InternalError", BUSY),
        (502, 100015, "FailToConnect", BUSY),
        (504, 100016, "InternalServiceTimeout", UNKNOWN),
        (429, 0, "FlowLimitExceeded", RATE),
        (503, 0, "ServiceUnavailableTemp", BUSY),
        (403, 0, "SomethingNew", KEY),
        (400, 0, "SomethingNew", FINAL),
    ],
)
async def test_gateway_errors_are_understood(http: int, code: int, name: str, kind: Kind) -> None:
    """Errors before the CV service, with and without CodeN."""
    error = {"Code": name, "Message": "no", **({"CodeN": code} if code else {})}
    got = await failure("submit", httpx.Response(http, json={"ResponseMetadata": {"RequestId": "G1", "Error": error}}))
    assert (got.kind, got.code, got.request_id, got.message) == (kind, code, "G1", f"{name}: no")


@pytest.mark.parametrize(
    ("answer", "submit", "poll"),
    [
        (httpx.ConnectError("refused"), NETWORK, NETWORK),
        (httpx.ConnectTimeout("slow"), NETWORK, NETWORK),
        (httpx.ReadTimeout("slow"), UNKNOWN, NETWORK),
        (httpx.ReadError("reset"), UNKNOWN, NETWORK),
        (httpx.WriteError("reset"), UNKNOWN, NETWORK),
        (httpx.RemoteProtocolError("closed"), UNKNOWN, NETWORK),
        (httpx.Response(502, html="<html>502</html>"), NETWORK, NETWORK),
        (httpx.Response(504, html="<html>504</html>"), UNKNOWN, NETWORK),
        (httpx.Response(200, content=b'{"code":100'), UNKNOWN, NETWORK),
        (httpx.Response(200, json=["?"]), UNKNOWN, NETWORK),
        (httpx.Response(200, json={"hello": 1}), UNKNOWN, NETWORK),
        (httpx.Response(302, headers={"location": "http://10.0.0.1/"}), UNKNOWN, NETWORK),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value),
)
async def test_a_lost_answer_is_told_from_one_never_asked(answer: Answer, submit: Kind, poll: Kind) -> None:
    """Only a submit that left and was not answered may have made a paid task."""
    first, second = await failure("submit", answer), await failure("poll", answer)
    assert (first.kind, second.kind) == (submit, poll)
    assert first.cause == second.cause == Cause.NETWORK
    assert second.repoll


async def test_the_envelope_may_be_wrapped_bare_or_full_of_surprises() -> None:
    """`Result` around it, `status` missing, extra keys, a task id beyond 2**53 kept digit by digit."""
    extra = {"task_id": "9007199254740993123", "infer_ctx": None, "request_id": "x"}
    wrapped = httpx.Response(
        200, json={"ResponseMetadata": {"RequestId": "G"}, "Result": {"code": 10000, "data": extra}}
    )
    bare = httpx.Response(200, json={"code": 10000, "data": extra, "message": "Success"})
    for answer, request_id in ((wrapped, "G"), (bare, ""), (told(data=extra), "R1")):
        got = await client_of(answer).submit(CREDENTIAL, DRAWING)
        assert (got.task_id, got.request_id) == ("9007199254740993123", request_id)
    assert (await failure("submit", told(data=None))).kind is UNKNOWN


async def test_a_poll_waits_is_done_or_gone() -> None:
    """All documented states, links or bytes, and a `done` that brought nothing."""
    links = {"status": "done", "image_urls": ["https://a/1", "https://a/2"], "binary_data_base64": None}
    coded = {"status": "done", "image_urls": None, "binary_data_base64": [base64.b64encode(b"png").decode()]}
    states = [{"status": "in_queue"}, {"status": "generating", "image_urls": None}, {}, None, {"status": "painting"}]
    client = client_of(*(told(data=data) for data in (*states, links, coded)))
    for status in ("in_queue", "generating", "", "", "painting"):
        assert await client.poll(CREDENTIAL, "k", "1", LABEL) == Waiting(status, "R1")
    assert await client.poll(CREDENTIAL, "k", "1", LABEL) == Done(("https://a/1", "https://a/2"), (), "R1")
    assert await client.poll(CREDENTIAL, "k", "1", LABEL) == Done((), (b"png",), "R1")
    for status in ("not_found", "expired", "done"):
        error = await failure("poll", told(data={"status": status}))
        assert (error.kind, error.cause, error.request_id) == (GONE, MODEL, "R1")
    assert (await failure("poll", told(data={"status": "done", "binary_data_base64": ["%%"]}))).kind is NETWORK


async def test_requests_are_signed_and_hold_only_what_was_asked() -> None:
    """The bytes sent are the bytes signed, in UTF-8; `req_json` is a string; nothing unset is sent."""
    seen: list[httpx.Request] = []
    client = client_of(told(data={"task_id": "7"}), told(data={"status": "in_queue"}), seen=seen)
    await client.submit(CREDENTIAL, DRAWING)
    await client.poll(CREDENTIAL, "jimeng_t2i_v31", "7", Label(add=True, language="en", position=3, producer="P1"))
    for request, action in zip(seen, ("CVSync2AsyncSubmitTask", "CVSync2AsyncGetResult"), strict=True):
        assert request.url == f"https://jimeng.example/?Action={action}&Version=2022-08-31"
        sent = {name.lower(): value for name, value in request.headers.items()}
        judged = official.authorization("POST", str(request.url), sent, request.content, "very-secret-key", "sts-token")
        assert sent["authorization"] == judged
    asked, polled = (json.loads(request.content) for request in seen)
    assert asked == {
        "req_key": "jimeng_t2i_v31",
        "prompt": "雪地里的红狐狸",
        "width": 1664,
        "height": 936,
        "seed": 7,
        "use_pre_llm": False,
    }
    assert "狐狸" in seen[0].content.decode()
    assert json.loads(polled["req_json"]) == {
        "return_url": True,
        "logo_info": {"add_logo": True, "position": 3, "language": 1, "opacity": 1.0},
        "aigc_meta": {"producer_id": "P1"},
    }
    whole = Drawing(
        "k", width=1024, scale=50, image_links=("https://a",), image_bytes=(b"x",), resolution="4k", extra={"z": 1}
    )
    assert body_of(whole) == {
        "req_key": "k",
        "scale": 50,
        "image_urls": ["https://a"],
        "binary_data_base64": ["eA=="],
        "resolution": "4k",
        "z": 1,
    }


async def test_nothing_secret_can_be_read_from_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """Reprs, messages and log lines hold no key, token, prompt or link."""
    assert repr(CREDENTIAL) == "Credential('main', …4F2A)"
    errors_seen = [
        await failure("submit", httpx.ReadTimeout("to https://jimeng.example with very-secret-key")),
        await failure("poll", told(50500, http=500)),
    ]
    texts = [f"{error} {error!r} {error.message}" for error in errors_seen]
    with caplog.at_level(logging.DEBUG):
        client = client_of(told(data={"task_id": "7"}), httpx.Response(200, content=b"x"))
        await client.submit(CREDENTIAL, DRAWING)
        await client.download("https://pictures.example/1?x-signature=mine")
    for text in (*texts, caplog.text):
        assert not [word for word in ("very-secret", "sts-token", "狐狸", "https://") if word in text]


async def test_a_probe_costs_nothing_and_tells_a_good_key_from_a_bad_one() -> None:
    """A fake task that is not found (either way) is a good key; anything else is raised."""
    seen: list[httpx.Request] = []
    good = (told(data={"status": "not_found"}), told(50215, http=400), told(data={"status": "in_queue"}))
    client = client_of(*good, told(50400, http=401), seen=seen)
    for _ in good:
        await client.probe(CREDENTIAL, "jimeng_t2i_v40")
    with pytest.raises(JimengError) as no:
        await client.probe(CREDENTIAL, "jimeng_t2i_v40")
    assert no.value.kind is KEY
    assert all("GetResult" in str(request.url) for request in seen)


def test_every_fate_has_its_sentence() -> None:
    """No error can be made that no catalogue knows."""
    fates = [
        *errors.BUSINESS.values(),
        *errors.ON_POLL.values(),
        *errors.GATEWAY.values(),
        *errors.GATEWAY_NAMES.values(),
    ]
    make: Callable[[errors.Fate], JimengError] = lambda fate: errors.made(fate, "poll")  # noqa: E731
    for fate in [*fates, errors.UNKNOWN, errors.NETWORK, errors.GONE]:
        assert all(say(make(fate).line, language) for language in LANGUAGES)
