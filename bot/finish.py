"""The webhook on finish: a signed POST for each painting that has ended, to an address of the team's own."""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from bot.settings import Settings
from core.studio.finishing import Finished

log = logging.getLogger(__name__)
SECONDS = 10.0


def sender(settings: Settings, http: httpx.AsyncClient, clock: Callable[[], datetime]) -> Finished | None:
    """What posts endings to `web.finish_webhook`; None while that is empty.

    Headers: X-Paintbot-Time (epoch seconds) and X-Paintbot-Signature, `sha256=` HMAC of `TIME.BODY` under `web.finish_secret`.
    """
    url, secret = settings.web.finish_webhook, settings.web.finish_secret.get_secret_value().encode()
    if not url:
        return None

    async def send(told: Mapping[str, Any]) -> bool:
        body, at = json.dumps(told, ensure_ascii=False).encode(), str(int(clock().timestamp()))
        signature = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-paintbot-time": at,
            "x-paintbot-signature": f"sha256={signature}",
        }
        try:
            answer = await http.post(url, content=body, headers=headers, timeout=SECONDS)
        except httpx.HTTPError as error:
            log.warning("the finish webhook did not answer: %s", type(error).__name__)
            return False
        return answer.is_success

    return send
