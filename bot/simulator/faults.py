"""Trouble on demand: faults queued through `/_control`, and words in a prompt that ask for one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

DOES = frozenset(
    (
        "drop_before",  # the connection drops before anything happens
        "drop_after",  # it happens, the answer is lost
        "html_502",
        "html_504",
        "invalid_json",  # it happens, the answer is cut in the middle
        "code",  # this business code, with `http` where given
        "gateway",  # this CodeN of the gateway
        "slow",  # `seconds` before the answer
        "no_status",
        "extra_keys",
        "result_wrapper",
    )
)


@dataclass(slots=True)
class Fault:
    """One fault: `on` "submit", "poll" or "download"; for prompts holding `prompt`, keys equal to `key`; `times`
    times."""

    on: str
    do: str
    code: int = 0
    http: int = 0
    seconds: float = 0.0
    times: int = 1
    prompt: str = ""
    key: str = ""
    req_key: str = ""

    def __post_init__(self) -> None:
        if self.on not in ("submit", "poll", "download") or self.do not in DOES:
            raise ValueError(f"no such fault: {self.do} on {self.on}")


def read(given: Mapping[str, Any]) -> Fault:
    """A fault as JSON. Raises ValueError for an unknown field or kind."""
    known = {field.name for field in fields(Fault)}
    if not {"on", "do"} <= set(given) <= known:
        raise ValueError(f"a fault has {sorted(known)}")
    return Fault(**given)


class Faults:
    """The queue of faults."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, on: str, prompt: str = "", key: str = "", req_key: str = "") -> list[Fault]:
        """The faults that happen to this call: the first that changes its outcome, and every one that only bends it."""
        taken: list[Fault] = []
        decided = False
        for fault in list(self.waiting):
            meant = fault.on == on and fault.prompt in prompt
            meant = meant and fault.key in ("", key) and fault.req_key in ("", req_key)
            bends = fault.do in ("slow", "no_status", "extra_keys", "result_wrapper")
            if not meant or (decided and not bends):
                continue
            decided = decided or not bends
            taken.append(fault)
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        return taken


@dataclass(frozen=True, slots=True)
class Wish:
    """What a word in a prompt asks for: a code at submit, a code at the end, a fault once a minute, or an odd life."""

    words: tuple[str, ...]
    submit: int = 0
    outcome: int = 0
    once: bool = False
    fault: str = ""
    fate: str = ""
    slower: float = 1.0


WISHES = (
    Wish(("违规图", "forbidden picture"), submit=50411),
    Wish(("侵权图", "stolen picture"), submit=50518),
    Wish(("违规", "forbidden"), submit=50412),
    Wish(("商标", "trademark"), submit=50413),
    Wish(("参数错", "bad parameters"), submit=50215),
    Wish(("未开通", "not activated"), submit=50400),
    Wish(("敏感画面", "nsfw"), outcome=50511),
    Wish(("再审", "second look"), outcome=50511, once=True),
    Wish(("版权", "copyright"), outcome=50519),
    Wish(("文字不过", "bad lettering"), outcome=50512),
    Wish(("模型坏", "model broken"), outcome=50500),
    Wish(("限流", "rate limit"), submit=50429, once=True),
    Wish(("并发", "concurrent limit"), submit=50430, once=True),
    Wish(("断线", "lost answer"), fault="drop_after", once=True),
    Wish(("坏页", "html page"), fault="html_502", once=True),
    Wish(("乱码", "broken json"), fault="invalid_json", once=True),
    Wish(("慢慢画", "very slow"), slower=10.0),
    Wish(("过期", "expired task"), fate="expired"),
    Wish(("丢失", "lost task"), fate="not_found"),
    Wish(("忙", "busy"), submit=50500, once=True),
)


def wish_of(prompt: str) -> Wish | None:
    """The first wish whose word stands in the prompt."""
    low = prompt.lower()
    return next((wish for wish in WISHES if any(word in low for word in wish.words)), None)
