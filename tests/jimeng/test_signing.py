"""The signature: five official vectors, the official signer as oracle, and any request at all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator import auth
from bot.simulator.answers import Gateway
from bot.simulator.config import Config, Key
from core.jimeng.signing import sign
from tests.jimeng import official

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


def _url(given: dict[str, Any]) -> str:
    return f"{given['scheme']}://{given['headers_before_signing']['Host']}{given['path']}?{urlencode(given['query'])}"


def _signed(given: dict[str, Any]) -> dict[str, str]:
    return sign(
        given["method"],
        _url(given),
        given["headers_before_signing"],
        given["body_utf8"].encode(),
        access_key_id=given["access_key"],
        secret_access_key=given["secret_key"],
        session_token=given["session_token"],
        region=given["region"],
        service=given["service"],
        x_date=given["x_date"],
    )


def _simulator(given: dict[str, Any]) -> Config:
    at = datetime.strptime(given["x_date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    key = Key(given["access_key"], given["secret_key"], given["session_token"])
    return Config(file=Path("unused"), keys=(key,), clock=lambda: at)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_signs_as_the_official_vectors(vector: dict[str, Any]) -> None:
    """Our Authorization is the vector's, and every header it lists has its value."""
    sent = _signed(vector["input"])
    assert sent["authorization"] == vector["output"]["authorization"]
    assert sent == {name.lower(): value for name, value in vector["output"]["headers_after_signing"].items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
@pytest.mark.parametrize("sdk", ["output", "output_node_sdk"])
def test_the_simulator_accepts_the_official_vectors(vector: dict[str, Any], sdk: str) -> None:
    """With a frozen clock, from both SDKs; the Node SDK signs a default port, so with one the Python vector is
    taken."""
    asked = vector["input"]
    headers = {name.lower(): value for name, value in vector["output"]["headers_after_signing"].items()}
    if ":443" not in headers["host"]:
        headers["authorization"] = vector[sdk]["authorization"]
    query, body = urlencode(asked["query"]), asked["body_utf8"].encode()
    found = auth.check(_simulator(asked), "POST", asked["path"], query, headers, body)
    assert found.access_key_id == asked["access_key"]


@settings(max_examples=60, deadline=None)
@given(
    query=st.dictionaries(WORD.filter(bool), WORD, max_size=4),
    body=st.binary(max_size=200),
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40),
    token=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    host=st.sampled_from(["visual.volcengineapi.com", "127.0.0.1:8080", "localhost:80", "a.example:443"]),
)
def test_any_request_is_signed_as_the_official_signer_does(
    query: dict[str, str], body: bytes, secret: str, token: str, host: str
) -> None:
    """Any query, body, secret and host: the same Authorization, and the simulator agrees with both."""
    told = urlencode({"Action": "CVProcess", "Version": "2022-08-31", **query})
    url = f"https://{host}/?{told}"
    sent = sign(
        "POST",
        url,
        {"Content-Type": "application/json"},
        body,
        access_key_id="AK",
        secret_access_key=secret,
        session_token=token,
        x_date="20260115T080910Z",
    )
    assert sent["authorization"] == official.authorization("POST", url, sent, body, secret, token)
    config = Config(
        file=Path("unused"), keys=(Key("AK", secret),), clock=lambda: datetime(2026, 1, 15, 8, 10, tzinfo=UTC)
    )
    assert auth.check(config, "POST", "/", told, sent, body).access_key_id == "AK"


def _broken(change: dict[str, str], **other: Any) -> int:
    """The code the simulator's gateway gives to a good request after a change."""
    asked = VECTORS[0]["input"]
    headers = {name: value for name, value in {**_signed(asked), **change}.items() if value}
    query = other.get("query", urlencode(asked["query"]))
    with pytest.raises(Gateway) as no:
        auth.check(_simulator(asked), "POST", "/", query, headers, other.get("body", asked["body_utf8"].encode()))
    return no.value.code


def test_the_gateway_names_what_is_wrong() -> None:
    """Each flaw of a request has its code, in the order of the real gateway."""
    good = _signed(VECTORS[0]["input"])["authorization"]
    assert _broken({}, query="Action=CVProcess") == 100002
    assert _broken({"authorization": ""}) == 100003
    assert _broken({"authorization": good.split(", Signature")[0]}) == 100005
    assert _broken({"authorization": good.replace("HMAC-SHA256", "HMAC-MD5")}) == 100024
    assert _broken({"authorization": good.replace("/request", "/aws4_request")}) == 100025
    assert _broken({"x-date": ""}) == 100004
    assert _broken({"x-date": "20260115T090910Z"}) == 100006
    assert _broken({"authorization": good.replace("/cv/", "/iam/")}) == 100007
    assert _broken({"authorization": good.replace("AKLTTEST", "AKLTNONE")}) == 100009
    assert _broken({"authorization": good.replace("host;", "")}) == 100010
    assert _broken({}, body=b"{}") == 100010
    assert _broken({"content-type": "text/plain"}) == 100010


def test_an_unknown_action_is_told_after_the_signature() -> None:
    """100008 for an action or version the service does not have."""
    asked = {**VECTORS[0]["input"], "query": {"Action": "CVPaint", "Version": "2022-08-31"}}
    with pytest.raises(Gateway) as no:
        auth.check(
            _simulator(asked), "POST", "/", urlencode(asked["query"]), _signed(asked), asked["body_utf8"].encode()
        )
    assert no.value.code == 100008
