"""The envelopes Jimeng answers with: the CV service's own, and the gateway's before it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from time import perf_counter
from typing import Any

from starlette.responses import JSONResponse

BEIJING = timezone(timedelta(hours=8))

BUSINESS: dict[int, tuple[int, str]] = {
    10000: (200, "Success"),
    50204: (400, "req_key not supported"),
    50215: (400, "Input invalid for this service."),
    50400: (401, "Access Denied: Internal Error"),
    50411: (400, "Pre Img Risk Not Pass"),
    50412: (400, "Text Risk Not Pass"),
    50413: (400, "Post Text Risk Not Pass"),
    50429: (429, "Request Has Reached API Limit, Please Try Later"),
    50430: (429, "Request Has Reached API Concurrent Limit, Please Try Later"),
    50500: (500, "Internal Error"),
    50501: (500, "Internal RPC Error"),
    50511: (400, "Post Img Risk Not Pass"),
    50512: (400, "Post Text Risk Not Pass"),
    50518: (400, "Pre Img Risk Not Pass: Copyright"),
    50519: (400, "Post Img Risk Not Pass: Copyright"),
    50520: (400, "Risk Internal Error"),
    50521: (400, "Antidirt Internal Error"),
    50522: (400, "Image Copyright Internal Error"),
}

GATEWAY: dict[int, tuple[int, str, str]] = {
    100002: (400, "MissingParameter", "The request is missing the Action or Version parameter."),
    100003: (401, "MissingAuthenticationToken", "The request is missing authentication token."),
    100004: (400, "MissingRequestInfo", "The request is missing X-Date."),
    100005: (401, "MissingSignature", "The request is missing a signature."),
    100006: (400, "InvalidTimestamp", "The timestamp of the request is invalid or expired."),
    100007: (404, "ServiceNotFound", "The service of the credential scope was not found."),
    100008: (404, "InvalidActionOrVersion", "Could not find operation for this version."),
    100009: (401, "InvalidAccessKey", "The access key is invalid."),
    100010: (401, "SignatureDoesNotMatch", "The request signature we calculated does not match the one you provided."),
    100012: (403, "LackPolicy", "The account has no policy for this."),
    100013: (403, "AccessDenied", "The account may not do this."),
    100014: (500, "InternalError", "The service has some internal error. Please contact administrator."),
    100015: (502, "FailToConnect", "Could not connect to the service."),
    100016: (504, "InternalServiceTimeout", "Internal service is timeout."),
    100018: (429, "FlowLimitExceeded", "The flow limit is exceeded."),
    100019: (503, "ServiceUnavailableTemp", "The service is unavailable for now."),
    100024: (400, "InvalidAuthorization", "The Authorization header is malformed."),
    100025: (400, "InvalidCredential", "The credential is malformed."),
    100026: (401, "InvalidSecretToken", "The security token is invalid or expired."),
}


class Business(Exception):
    """The CV service says no with this code."""

    def __init__(self, code: int, http: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.http = http


class Gateway(Exception):
    """The gateway says no with this CodeN."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Shape:
    """How an answer is bent by faults."""

    result_wrapper: bool = False
    no_status: bool = False
    extra_keys: bool = False


EXTRA = {
    "algorithm_base_resp": {"status_code": 0, "status_message": "Success"},
    "infer_ctx": None,
    "llm_result": "",
    "pe_result": "",
    "rephraser_result": "",
    "vlm_result": "",
    "aigc_meta_tagged": False,
}


@dataclass(slots=True)
class Desk:
    """Answers one request: knows when it began, under which action, and which request id it carries."""

    action: str
    version: str
    now: datetime
    shape: Shape
    request_id: str = ""
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = perf_counter()
        self.request_id = self.now.astimezone(BEIJING).strftime("%Y%m%d%H%M%S") + secrets.token_hex(10).upper()

    def business(self, code: int, data: dict[str, Any] | None = None, http: int = 0) -> JSONResponse:
        """The CV service's envelope; `data` is null unless the code is 10000."""
        status, message = BUSINESS.get(code, (400, "Unknown Error"))
        if data is not None and self.shape.extra_keys:
            data = {**data, **EXTRA, "request_id": self.request_id}
        told: dict[str, Any] = {"code": code, "data": data, "message": message, "request_id": self.request_id}
        if not self.shape.no_status:
            told["status"] = code
        told["time_elapsed"] = self._elapsed()
        if self.shape.result_wrapper:
            told = {"ResponseMetadata": self._metadata(), "Result": told}
        return JSONResponse(told, http or status)

    def gateway(self, code: int) -> JSONResponse:
        """The gateway's envelope."""
        status, name, message = GATEWAY[code]
        return JSONResponse(
            {"ResponseMetadata": {**self._metadata(), "Error": {"CodeN": code, "Code": name, "Message": message}}},
            status,
        )

    def _metadata(self) -> dict[str, str]:
        return {
            "RequestId": self.request_id,
            "Action": self.action,
            "Version": self.version,
            "Service": "cv",
            "Region": "cn-north-1",
        }

    def _elapsed(self) -> str:
        """A duration as Go writes it: µs below a millisecond."""
        spent = perf_counter() - self.began
        return f"{spent * 1e6:.3f}µs" if spent < 1e-3 else f"{spent * 1e3:.6f}ms"
