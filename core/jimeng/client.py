"""The one way to Jimeng on Volcengine: submit a drawing, poll its task, download its pictures. Every foreign error
leaves here as a JimengError."""

import base64
import binascii
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.jimeng import errors, signing
from core.jimeng.downloads import fetch
from core.jimeng.errors import Call, JimengError

VERSION = "2022-08-31"
SUBMIT = "CVSync2AsyncSubmitTask"
POLL = "CVSync2AsyncGetResult"
FAKE_TASK = "1"
ANSWER_TIME = httpx.Timeout(30, connect=10)
DOWNLOAD_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """One AK/SK pair and the door it opens; `api_url` such as https://visual.volcengineapi.com. Its repr shows no
    secret."""

    alias: str
    access_key_id: str
    secret_access_key: str
    api_url: str = "https://visual.volcengineapi.com"
    region: str = "cn-north-1"
    session_token: str = ""

    def __repr__(self) -> str:
        return f"Credential({self.alias!r}, …{self.access_key_id[-4:]})"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture to ask for, in the units of its `req_key` (see models.scale_for, models.seed_for): None and 0 are
    not sent.

    `width` and `height` in pixels are sent together or not at all; `image_links` are addresses Jimeng fetches,
    `image_bytes` encoded JPEG or PNG files; `resolution` ("4k") is an upscaler's. `extra` holds further fields of a
    model of the configuration (`Model.extra`).
    """

    req_key: str
    prompt: str = ""
    width: int = 0
    height: int = 0
    seed: int | None = None
    scale: float | int | None = None
    use_pre_llm: bool | None = None
    force_single: bool | None = None
    image_links: tuple[str, ...] = ()
    image_bytes: tuple[bytes, ...] = ()
    resolution: str | None = None
    extra: Mapping[str, str | int | float | bool] | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """The AI label Jimeng draws on the picture: `language` "zh" or "en", `position` 0 bottom right, 1 bottom left, 2
    top left, 3 top right, `opacity` 0..1.

    `producer` is the id of the implicit label (metadata), "" for none.
    """

    add: bool
    language: str = "zh"
    position: int = 0
    opacity: float = 1.0
    text: str = ""
    producer: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Jimeng has the task: its 19-digit id (a string, never a number) and the request id."""

    task_id: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not finished: `status` is "in_queue", "generating", or whatever Jimeng said."""

    status: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Done:
    """Finished: links that live 24 h, or the pictures' bytes where Jimeng sent those; at least one of the two is not
    empty."""

    urls: tuple[str, ...]
    images: tuple[bytes, ...]
    request_id: str


class JimengClient:
    """Speaks to any number of credentials over one httpx client; remembers only which doors it has asked.

    `clock` gives aware UTC. `trusted_hosts` are private hosts ("127.0.0.1") a download may lead to; so are the doors'.
    """

    def __init__(
        self, http: httpx.AsyncClient, clock: Callable[[], datetime], trusted_hosts: frozenset[str] = frozenset()
    ) -> None:
        # httpx writes every address it asks into the log, and a result's address opens the picture
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = http
        self._clock = clock
        self._trusted = set(trusted_hosts)

    async def submit(self, credential: Credential, drawing: Drawing) -> Submitted:
        """Ask for one picture. Raises JimengError; kind NETWORK_UNKNOWN when the request left and no answer came
        back."""
        data, request_id, http = await self._ask("submit", credential, SUBMIT, body_of(drawing))
        task_id = data.get("task_id")
        if not isinstance(task_id, str) or not task_id:
            raise errors.made(
                errors.UNKNOWN, "submit", code=10000, message="no task_id", request_id=request_id, http=http
            )
        return Submitted(task_id, request_id)

    async def poll(self, credential: Credential, req_key: str, task_id: str, label: Label) -> Waiting | Done:
        """How a task stands. Raises JimengError: GONE when Jimeng has it no more, the task's own failure, or trouble
        with this poll (`repoll`)."""
        body = {"req_key": req_key, "task_id": task_id, "req_json": json.dumps(wishes_of(label), ensure_ascii=False)}
        data, request_id, http = await self._ask("poll", credential, POLL, body)
        status = str(data.get("status") or "")
        if status in ("not_found", "expired"):
            raise errors.made(errors.GONE, "poll", code=10000, message=status, request_id=request_id, http=http)
        urls = tuple(url for url in data.get("image_urls") or () if isinstance(url, str) and url)
        images = tuple(
            _decoded(text) for text in data.get("binary_data_base64") or () if isinstance(text, str) and text
        )
        if urls or images:
            return Done(urls, images, request_id)
        if status == "done":
            raise errors.made(
                errors.GONE, "poll", code=10000, message="done without a picture", request_id=request_id, http=http
            )
        return Waiting(status, request_id)

    async def download(self, url: str, *, most: int = DOWNLOAD_MOST) -> bytes:
        """The bytes behind a result link, at most `most`. Raises JimengError (call "download"): GONE when the link
        has expired or is too large, else NETWORK."""
        return await fetch(self._http, url, most, self._trusted)

    async def probe(self, credential: Credential, req_key: str) -> None:
        """Check a credential without cost: poll a task that does not exist. Returns when the key works for this
        `req_key`, raises JimengError when not."""
        try:
            await self.poll(credential, req_key, FAKE_TASK, Label(add=False))
        except JimengError as error:
            if error.kind is not errors.Kind.GONE:
                raise

    async def _ask(
        self, call: Call, credential: Credential, action: str, body: Mapping[str, Any]
    ) -> tuple[dict[str, Any], str, int]:
        """One signed call: its `data`, request id and HTTP status."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        url = f"{credential.api_url.rstrip('/')}/?Action={action}&Version={VERSION}"
        self._trusted.add(urlsplit(url).hostname or "")
        headers = signing.sign(
            "POST",
            url,
            {"content-type": "application/json"},
            content,
            access_key_id=credential.access_key_id,
            secret_access_key=credential.secret_access_key,
            session_token=credential.session_token,
            region=credential.region,
            x_date=self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
        )
        try:
            answer = await self._http.post(
                url, content=content, headers=headers, timeout=ANSWER_TIME, follow_redirects=False
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise errors.made(errors.NETWORK, call, message=type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            lost = errors.UNKNOWN if call == "submit" and isinstance(error, httpx.TransportError) else errors.NETWORK
            raise errors.made(lost, call, message=type(error).__name__) from error
        return _read(call, answer)


def body_of(drawing: Drawing) -> dict[str, Any]:
    """The JSON of a submit: only what is set."""
    body: dict[str, Any] = {"req_key": drawing.req_key, **(drawing.extra or {})}
    if drawing.prompt:
        body["prompt"] = drawing.prompt
    if drawing.width and drawing.height:
        body |= {"width": drawing.width, "height": drawing.height}
    for name in ("seed", "scale", "use_pre_llm", "force_single", "resolution"):
        if (value := getattr(drawing, name)) is not None:
            body[name] = value
    if drawing.image_links:
        body["image_urls"] = list(drawing.image_links)
    if drawing.image_bytes:
        body["binary_data_base64"] = [base64.b64encode(image).decode() for image in drawing.image_bytes]
    return body


def wishes_of(label: Label) -> dict[str, Any]:
    """The `req_json` of a poll: links wanted, and the label."""
    wishes: dict[str, Any] = {"return_url": True}
    if label.add:
        wishes["logo_info"] = {
            "add_logo": True,
            "position": label.position,
            "language": 1 if label.language == "en" else 0,
            "opacity": label.opacity,
            **({"logo_text_content": label.text} if label.text else {}),
        }
    if label.producer:
        wishes["aigc_meta"] = {"producer_id": label.producer}
    return wishes


def _read(call: Call, answer: httpx.Response) -> tuple[dict[str, Any], str, int]:
    """The body decides, before the status: errors come as HTTP 4xx with JSON, and the inner envelope may be wrapped
    in `Result`."""
    http = answer.status_code
    try:
        told = json.loads(answer.content)
    except ValueError as error:
        raise errors.unreadable(call, http) from error
    if not isinstance(told, dict):
        raise errors.unreadable(call, http)
    meta = told.get("ResponseMetadata")
    meta = meta if isinstance(meta, dict) else {}
    refused = meta.get("Error")
    if isinstance(refused, dict):
        code, name, message = (refused.get(part) for part in ("CodeN", "Code", "Message"))
        raise errors.gateway_error(
            call, http, _whole(code), str(name or ""), str(message or ""), str(meta.get("RequestId") or "")
        )
    inner = told.get("Result")
    envelope = inner if isinstance(inner, dict) else told
    request_id = str(envelope.get("request_id") or meta.get("RequestId") or "")
    if "code" not in envelope:
        raise errors.unreadable(call, http)
    code = _whole(envelope["code"])
    if code != 10000:
        raise errors.business_error(call, http, code, str(envelope.get("message") or ""), request_id)
    data = envelope.get("data")
    return (data if isinstance(data, dict) else {}), request_id, http


def _whole(value: object) -> int:
    """A code as an int: Jimeng sends numbers, a relay may send digits; 0 for anything else."""
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else 0


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise errors.made(errors.NETWORK, "poll", message="a picture came damaged") from error
