"""The gateway's check of a signature V4, in the order the real one answers; borrows nothing from the client it
checks."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from bot.simulator.answers import Gateway
from bot.simulator.config import Config, Key

AUTHORIZATION = re.compile(r"HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})")
SKEW = 15 * 60
ACTIONS = {
    ("CVSync2AsyncSubmitTask", "2022-08-31"),
    ("CVSync2AsyncGetResult", "2022-08-31"),
    ("CVProcess", "2022-08-31"),
    ("CVSubmitTask", "2022-08-31"),
    ("CVGetResult", "2022-08-31"),
}


def check(config: Config, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Key:
    """The key that signed this request; `headers` have lower-case names. Raises Gateway with the code of the first
    thing wrong."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if not asked.get("Action") or not asked.get("Version"):
        raise Gateway(100002)
    given = headers.get("authorization", "")
    if not given:
        raise Gateway(100003)
    if "Signature=" not in given:
        raise Gateway(100005)
    found = AUTHORIZATION.fullmatch(given.strip())
    if not found:
        raise Gateway(100024)
    credential, names, signature = found.groups()
    scope = credential.split("/")
    if len(scope) != 5 or scope[4] != "request" or not re.fullmatch(r"\d{8}", scope[1]):
        raise Gateway(100025)
    _check_time(config, headers, scope[1])
    if scope[3] != "cv":
        raise Gateway(100007)
    key = next((key for key in config.keys if key.access_key_id == scope[0]), None)
    if key is None:
        raise Gateway(100009)
    if key.session_token and headers.get("x-security-token") != key.session_token:
        raise Gateway(100026)
    if not hmac.compare_digest(signature, _signature(key, method, path, query, headers, body, names, scope)):
        raise Gateway(100010)
    if (asked["Action"], asked["Version"]) not in ACTIONS:
        raise Gateway(100008)
    return key


def _check_time(config: Config, headers: Mapping[str, str], day: str) -> None:
    given = headers.get("x-date", "")
    if not given:
        raise Gateway(100004)
    try:
        at = datetime.strptime(given, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Gateway(100006) from error
    if abs((at - config.clock()).total_seconds()) > SKEW or day != given[:8]:
        raise Gateway(100006)


def _signature(
    key: Key, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, names: str, scope: list[str]
) -> str:
    """What the signature must be over the headers the client says it signed. 100010 where a needed one is missing."""
    signed = names.split(";")
    digest = hashlib.sha256(body).hexdigest()
    whole = {"host", "x-date"} <= set(signed) <= set(headers)
    if not whole or headers.get("x-content-sha256", digest) != digest:
        raise Gateway(100010)
    lines = {name: headers[name].strip() for name in signed}
    lines["host"] = re.sub(r":(80|443)$", "", lines["host"])
    pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
    canonical = "\n".join(
        (
            method,
            quote(path, safe="/-_.~"),
            "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs),
            "".join(f"{name}:{lines[name]}\n" for name in sorted(signed)),
            ";".join(sorted(signed)),
            digest,
        )
    )
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    step = key.secret_access_key.encode()
    for part in scope[1:]:
        step = hmac.new(step, part.encode(), "sha256").digest()
    wording = f"HMAC-SHA256\n{headers['x-date']}\n{'/'.join(scope[1:])}\n{hashed}"
    return hmac.new(step, wording.encode(), "sha256").hexdigest()
