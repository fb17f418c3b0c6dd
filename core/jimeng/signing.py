"""Volcengine's signature V4: a pure function from one request and its keys to the headers that prove it."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

ALGORITHM = "HMAC-SHA256"
DEFAULT_PORTS = (":80", ":443")
UNRESERVED = "-_.~"


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    access_key_id: str,
    secret_access_key: str,
    x_date: str,
    session_token: str = "",
    region: str = "cn-north-1",
    service: str = "cv",
) -> dict[str, str]:
    """The headers to send, lower-case: those given, `host` (from the URL where not given), `x-date`,
    `x-content-sha256`, `x-security-token`, `authorization`.

    `x_date` is UTC as `20260115T080910Z`. Content-type, content-md5, host and every `x-` header are signed. The body
    must be sent exactly as signed.
    """
    parts = urlsplit(url)
    digest = hashlib.sha256(body).hexdigest()
    sent = {"host": parts.netloc, **{name.lower(): value.strip() for name, value in headers.items()}}
    sent |= {"x-date": x_date, "x-content-sha256": digest}
    if session_token:
        sent["x-security-token"] = session_token
    signed = {name: value for name, value in sorted(sent.items()) if _is_signed(name)}
    signed["host"] = _bare_host(signed["host"])
    canonical = _canonical(method, parts, signed, digest)
    scope = f"{x_date[:8]}/{region}/{service}/request"
    wording = "\n".join((ALGORITHM, x_date, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    signature = hmac.new(_key(secret_access_key, x_date[:8], region, service), wording.encode(), "sha256").hexdigest()
    sent["authorization"] = (
        f"{ALGORITHM} Credential={access_key_id}/{scope}, SignedHeaders={';'.join(signed)}, Signature={signature}"
    )
    return sent


def _canonical(method: str, parts: SplitResult, signed: Mapping[str, str], digest: str) -> str:
    """The request as both sides write it down to sign it."""
    return "\n".join(
        (
            method.upper(),
            quote(parts.path or "/", safe="/" + UNRESERVED),
            _query(parts.query),
            "".join(f"{name}:{value}\n" for name, value in signed.items()),
            ";".join(signed),
            digest,
        )
    )


def _is_signed(name: str) -> bool:
    return name in ("content-type", "content-md5", "host") or name.startswith("x-")


def _bare_host(host: str) -> str:
    """Default ports are not signed, as in the official SDKs; any other port is."""
    return next((host.removesuffix(port) for port in DEFAULT_PORTS if host.endswith(port)), host)


def _query(query: str) -> str:
    """Sorted by name, percent-encoded as RFC 3986 has it; repeated names keep their order."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
    return "&".join(f"{quote(name, safe=UNRESERVED)}={quote(value, safe=UNRESERVED)}" for name, value in pairs)


def _key(secret: str, *steps: str) -> bytes:
    key = secret.encode()
    for step in (*steps, "request"):
        key = hmac.new(key, step.encode(), "sha256").digest()
    return key
