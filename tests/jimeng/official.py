"""The official SDK's signer as a judge of any signed request."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from volcengine.auth.SignerV4 import SignerV4
from volcengine.base.Request import Request
from volcengine.Credentials import Credentials

CASE = {"content-type": "Content-Type", "content-md5": "Content-Md5", "host": "Host"}
ADDED = ("x-date", "x-content-sha256", "x-security-token")
AUTHORIZATION = re.compile(
    r"HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}"
)


def authorization(method: str, url: str, headers: Mapping[str, str], body: bytes, secret: str, token: str = "") -> str:
    """What the official signer would have put into `authorization` for these lower-case headers."""
    found = AUTHORIZATION.fullmatch(headers["authorization"])
    assert found, headers["authorization"]
    access, region, service, signed = found.groups()
    request = Request()
    request.set_method(method)
    request.set_path(urlsplit(url).path or "/")
    request.set_body(body)
    request.set_query(OrderedDict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))
    names = [name for name in signed.split(";") if name not in ADDED]
    cased = (CASE.get(name, "-".join(part.capitalize() for part in name.split("-"))) for name in names)
    request.set_headers(OrderedDict(zip(cased, (headers[name] for name in names), strict=True)))
    saved = SignerV4.get_current_format_date
    SignerV4.get_current_format_date = staticmethod(lambda: headers["x-date"])
    try:
        SignerV4.sign(request, Credentials(access, secret, service, region, token))
    finally:
        SignerV4.get_current_format_date = saved
    assert headers["x-content-sha256"] == request.headers["X-Content-Sha256"]
    given: str = request.headers["Authorization"]
    return given
