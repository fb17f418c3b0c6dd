"""Key pools: complete or refused at the missing field, tested, switched, bound; every trouble of Jimeng's seen as its own state; no secret anywhere."""

import dataclasses
import logging
from collections.abc import Mapping

import httpx
import pytest
import sqlalchemy as sa

from core import keypools
from core.desk import Desk
from core.jimeng.client import JimengClient
from core.jimeng.errors import NETWORK, business_error, made
from core.records.tables import metadata
from core.replies import Form
from core.requests import FieldValue
from tests.conftest import Clock
from tests.desk.admin import KEY, SECRET, acts, add_key, dumped, fill, filled, last, refused
from tests.desk.stage import ADMIN, Stage, presses, words

T2I = "jimeng_t2i_v31"


@pytest.fixture(autouse=True)
async def _admin(stage: Stage) -> None:
    await stage.admin()


def answering(stage: Stage, clock: Clock, http: int, body: Mapping[str, object] | str) -> None:
    """From now on Jimeng says this to every call."""

    def answer(request: httpx.Request) -> httpx.Response:
        stage.jimeng.append(request)
        return httpx.Response(http, json=body) if isinstance(body, Mapping) else httpx.Response(http, text=body)

    client = JimengClient(httpx.AsyncClient(transport=httpx.MockTransport(answer)), clock)
    stage.desk = Desk(dataclasses.replace(stage.tools, client=client))


async def test_a_key_is_added_edited_and_shown_without_its_secret(stage: Stage) -> None:
    key = await add_key(stage)
    assert await last(stage) == (
        "keys.add",
        "main",
        None,
        {
            "pool": "default",
            "alias": "main",
            "access_key": "…4F2A",
            "api_url": "https://visual.volcengineapi.com",
            "region": "cn-north-1",
            "at_once": 2,
            "per_second": 1.5,
            "enabled": True,
        },
    )
    shown = await stage.ask("admin.keys.one", subject=str(key), who=ADMIN)
    assert "…4F2A" in words(shown) and "AKLTexample" not in words(shown)
    form = await stage.form("admin.keys.edit", subject=f"{key}.1", who=ADMIN)
    assert not {getattr(one, "value", "") for one in form.fields} & {SECRET, "AKLTexample4F2A"}
    edited: dict[str, FieldValue] = KEY | {"alias": "spare", "access_key_id": "", "secret_access_key": "", "at_once": 3}
    await filled(stage, "admin.keys.edit", edited, subject=f"{key}.1")
    async with stage.records.read() as tx:
        opened = await keypools.open_credential(tx, stage.tools.vault, key)
    assert (opened.secret_access_key, opened.access_key_id) == (SECRET, "AKLTexample4F2A")
    act, _, before, after = await last(stage)
    assert (act, before["alias"], after["alias"], after["at_once"]) == ("keys.edit", "main", "spare", 3)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"access_key_id": ""}, ("access_key_id", "keys.no_access_key")),
        ({"secret_access_key": " "}, ("secret_access_key", "keys.no_secret")),
        ({"api_url": ""}, ("api_url", "keys.no_url")),
        ({"api_url": "visual.volcengineapi.com"}, ("api_url", "keys.bad_url")),
        ({"alias": ""}, ("alias", "keys.no_alias")),
        ({"at_once": 0}, ("at_once", "admin.number")),
        ({"per_second": "fast"}, ("per_second", "keys.bad_rate")),
    ],
)
async def test_an_incomplete_key_is_refused_at_the_missing_field(
    stage: Stage, values: dict[str, FieldValue], problem: tuple[str, str]
) -> None:
    assert await refused(stage, "admin.keys.add", KEY | values) == problem
    async with stage.records.read() as tx:
        assert not await keypools.views(tx, tx.now)


async def test_two_admins_edit_one_key_the_second_learns_who_was_first(stage: Stage) -> None:
    key = await add_key(stage)
    other = await stage.admin("page:other")
    both = [await stage.form("admin.keys.edit", subject=f"{key}.1", who=who) for who in (other, ADMIN)]
    values = KEY | {"secret_access_key": ""}
    await stage.ask(both[0].verb, subject=both[0].subject, values=values | {"at_once": 5}, who=other)
    late = await stage.ask(both[1].verb, subject=both[1].subject, values=values | {"at_once": 9}, who=ADMIN)
    assert "other" in words(late, "en")
    async with stage.records.read() as tx:
        assert (await keypools.view(tx, key, tx.now)).at_once == 5


async def test_a_test_is_one_signed_call_and_counts_for_the_keys_health(stage: Stage, clock: Clock) -> None:
    key = str(await add_key(stage))
    answering(stage, clock, 200, {"code": 10000, "message": "Success", "data": {"status": "not_found"}})
    works = await stage.ask("admin.keys.test", subject=key, who=ADMIN)
    assert "通过" in words(works, "zh") and "HMAC-SHA256" in stage.jimeng[-1].headers["Authorization"]
    refusal = {
        "ResponseMetadata": {
            "RequestId": "r",
            "Error": {"CodeN": 100010, "Code": "SignatureDoesNotMatch", "Message": "bad"},
        }
    }
    answering(stage, clock, 401, refusal)
    fails = await stage.ask("admin.keys.test", subject=key, who=ADMIN)
    assert "100010" in words(fails)
    shown = await stage.ask("admin.keys.one", subject=key, who=ADMIN)
    assert "已隔离" in words(shown, "zh") and f"admin.keys.reset:{key}" in presses(shown)
    assert "100010" in words(await stage.ask("admin.status", who=ADMIN))
    assert (await last(stage))[0] == "keys.test"
    await stage.press(shown, "admin.keys.reset", who=ADMIN)
    assert "已隔离" not in words(await stage.ask("admin.keys.one", subject=key, who=ADMIN), "zh")


async def test_an_answer_that_is_not_jimengs_is_told_in_words(stage: Stage, clock: Clock) -> None:
    """The test said "HTTP 200 unreadable answer", in either language."""
    key = str(await add_key(stage))
    for http in (200, 401):
        answering(stage, clock, http, "<html>a proxy</html>")
        tested = await stage.ask("admin.keys.test", subject=key, who=ADMIN)
        assert f"HTTP {http} 回来的不是即梦的回答" in words(tested, "zh")
        assert "no answer of Jimeng" in words(tested) and "unreadable" not in words(tested)


async def test_each_trouble_is_its_own_state_and_mends_as_it_should(stage: Stage, clock: Clock) -> None:
    key = await add_key(stage)
    full = business_error("submit", 429, 50430, "concurrency", "r")
    for error in (
        business_error("submit", 429, 50429, "qps", "r"),
        full,
        made(NETWORK, "submit", message="ConnectTimeout"),
    ):
        async with stage.records.write() as tx:
            await keypools.react(tx, key, T2I, error)
        assert "冷却中" in words(await stage.ask("admin.keys.one", subject=str(key), who=ADMIN), "zh")
        clock.forward(seconds=3)
        lowered = "并发降到" in words(await stage.ask("admin.keys.one", subject=str(key), who=ADMIN), "zh")
        assert lowered == (error is full), "after a moment's rest"
        clock.forward(minutes=11)
        shown = words(await stage.ask("admin.keys.one", subject=str(key), who=ADMIN), "zh")
        assert "冷却中" not in shown and "并发降到" not in shown
    async with stage.records.write() as tx:
        await keypools.react(tx, key, T2I, business_error("submit", 500, 50500, "busy", "r"))
    assert "正常" in words(await stage.ask("admin.keys", who=ADMIN), "zh")
    async with stage.records.write() as tx:
        await keypools.react(tx, key, T2I, business_error("submit", 400, 50400, "not open", "r"))
    assert "已隔离" in words(await stage.ask("admin.keys", who=ADMIN), "zh")
    async with stage.records.write() as tx:
        await keypools.react(tx, key, T2I, business_error("submit", 400, 50400, "account overdue", "r"))
    clock.forward(hours=48)
    assert "额度用完" in words(await stage.ask("admin.keys", who=ADMIN), "zh")


async def test_keys_are_switched_removed_and_a_pool_is_bound(stage: Stage) -> None:
    first, second = await add_key(stage), await add_key(stage, alias="second", pool="spare")
    await stage.ask("admin.keys.disable", subject=str(second), who=ADMIN)
    assert await refused(stage, "admin.keys.bind", {"pool": "spare"}) == ("pool", "admin_keys.pool_off")
    await stage.ask("admin.keys.enable", subject=str(second), who=ADMIN)
    await filled(stage, "admin.keys.bind", {"pool": "spare"})
    assert await last(stage) == ("rules.pool", "", {"pool": "default"}, {"pool": "spare"})
    sure = await stage.ask("admin.keys.remove", subject=str(first), who=ADMIN)
    await stage.press(sure, "admin.keys.remove.sure", who=ADMIN)
    assert "main" not in words(await stage.ask("admin.keys", who=ADMIN))
    gone = await stage.ask("admin.keys.one", subject=str(first), who=ADMIN)
    assert "不在" in words(gone, "zh")
    named = [one.act for one in reversed(await acts(stage))]
    assert named == ["keys.add", "keys.add", "keys.disable", "keys.enable", "rules.pool", "keys.remove"]


async def test_a_planted_secret_is_nowhere_but_sealed(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = await add_key(stage)
    rejected = await fill(stage, "admin.keys.add", KEY)
    assert isinstance(rejected, Form) and SECRET not in dumped(stage.answered)
    stage.answered.clear()  # the id an admin just typed may stand in the form that came back, and nowhere else
    answering(stage, clock, 401, {"code": 50400, "message": "no"})
    for verb in ("admin.keys", "admin.keys.one", "admin.keys.test", "admin.keys.edit", "admin.audit", "admin.status"):
        await stage.ask(verb, subject=str(key) if verb.startswith("admin.keys.") else "", who=ADMIN)
    async with stage.records.read() as tx:
        rows = [[dict(row) for row in await tx.all(sa.select(table))] for table in metadata.sorted_tables]
    everything = dumped(rows) + dumped(stage.answered) + caplog.text
    everything += dumped([(one.headers.raw, one.content) for one in stage.jimeng])
    everything += dumped([one.told + one.shown for one in stage.messengers.values()])
    assert len(everything) > 10_000
    assert SECRET not in everything
    assert "AKLTexample4F2A" not in dumped(stage.answered) + caplog.text
