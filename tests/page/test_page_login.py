"""Who gets in, and who is handed which picture."""

from adapters.page.login import Login, page_of
from core.requests import Account
from core.texts import LANGUAGES
from tests.page.conftest import Studio, opened
from tests.page.scene import talk

EVERYWHERE = ("/", "/page/look", "/page/look.css", "/page/images/a/thumb", "/page/dropped/b", "/_nicegui_ws/socket.io/")


class Links:
    """One-time tokens, each good once."""

    def __init__(self) -> None:
        self.left = {"once": Account("slack", "T1", "U1")}

    async def claim(self, token: str) -> Account | None:
        return self.left.pop(token, None)


async def test_without_a_login_every_route_turns_strangers_away() -> None:
    async with opened(Login(token="secret")) as studio:
        web = studio.web("https://paint.example")
        for path in EVERYWHERE:
            assert (await web.get(path)).status_code == 401, path
            assert (await web.get(path, headers={"accept": "text/html"})).headers["location"] == "/page/login"


async def test_a_link_waits_for_a_press_and_is_good_once() -> None:
    async with opened(Login(claim=Links().claim)) as studio:
        preview = await studio.web().get("/page/login", params={"token": "once"})
        assert preview.status_code == 200 and 'value="once"' in preview.text
        assert "有效" not in preview.text  # nobody has looked yet whether it is
        web, late = studio.web(), studio.web()
        assert (await web.post("/page/login", data={"token": "once"})).headers["location"] == "/"
        assert "U1" in (await web.get("/")).text
        assert (await late.post("/page/login", data={"token": "once"})).status_code == 403
        await web.get("/page/logout")
        assert (await web.get("/")).status_code == 401


async def test_a_configured_token_logs_in_and_guessing_is_slow() -> None:
    async with opened(Login(claim=Links().claim, token="secret")) as studio:
        web = studio.web()
        assert (await web.post("/page/login", data={"token": "secret"})).status_code == 303
        assert (await web.get("/page/as", params={"account": "page:zhouzhou"})).status_code == 403
        guesser = studio.web()
        codes = [(await guesser.post("/page/login", data={"token": str(n)})).status_code for n in range(12)]
        assert codes[0] == 403 and codes[-1] == 429
        assert (await guesser.post("/page/login", data={"token": "secret"})).status_code == 429
        assert (await guesser.post("/page/login", data={"token": "x" * 5000})).status_code == 413
        assert (await studio.web().post("/page/login", data={"token": "once"})).status_code == 303


async def test_the_login_keeps_the_theme_and_language_its_reader_chose_also_after_they_left() -> None:
    """It followed the system's theme, and leaving forgot both."""
    async with opened(Login(token="secret")) as studio:
        web = studio.web()
        assert "body--auto" in (await web.get("/page/login")).text
        await web.post("/page/login", data={"token": "secret"})
        await web.get("/page/look", params={"theme": "dark", "language": "en"})
        await web.get("/page/logout")
        shown = (await web.get("/page/login")).text
        assert "body--dark" in shown and '<html lang="en">' in shown
        assert (await web.get("/")).status_code == 401


def test_the_login_names_only_ways_in_that_there_are() -> None:
    """It spoke of a chat where the page was the only platform, and asked for a token where none was configured."""
    for login, link, field in (
        (Login(token="secret"), False, True),
        (Login(token="secret", chats=True), True, True),
        (Login(claim=Links().claim, chats=True), True, False),
    ):
        for language in LANGUAGES:
            shown = page_of(login, language, "auto")
            assert ("/paint-admin link" in shown, 'id="token"' in shown) == (link, field), (login, language)


async def test_members_are_switched_on_this_machine_only(studio: Studio) -> None:
    assert (await studio.web().get("/")).status_code == 200
    assert (await studio.web("http://rebound.example").get("/")).status_code == 403


async def test_pictures_are_handed_to_whom_they_were_shown(studio: Studio) -> None:
    await talk(studio.page, studio.chat)
    lin, zhou = studio.web(), studio.web()
    await lin.get("/page/as", params={"account": "page:xiaolin"})
    await zhou.get("/page/as", params={"account": "page:zhouzhou"})
    address = studio.page._given.addresses.image
    thumb = await lin.get(address("page:xiaolin", "K7Q2-1", "thumb"))
    assert (thumb.status_code, thumb.headers["content-type"]) == (200, "image/jpeg")
    original = await lin.get(address("page:xiaolin", "K7Q2-1", "original"))
    assert original.headers["content-disposition"] == "attachment; filename*=UTF-8''K7Q2-1.jpg"
    assert (await zhou.get(address("page:xiaolin", "K7Q2-1", "thumb"))).status_code == 404
    assert (await lin.get(address("page:xiaolin", "gone", "thumb"))).status_code == 404


async def test_a_browser_asks_before_it_shows_a_picture_it_kept(studio: Studio) -> None:
    """A deleted picture was shown from there for another day."""
    web = studio.web()
    await web.get("/page/as", params={"account": "page:xiaolin"})
    marks = set()
    for kind in ("thumb", "preview"):
        address = studio.page._given.addresses.image("page:xiaolin", "K7Q2-1", kind)
        first = await web.get(address)
        assert first.headers["cache-control"] == "private, no-cache"
        known = {"If-None-Match": first.headers["etag"]}
        again = await web.get(address, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert (await web.get(address, headers={"If-None-Match": '"other"'})).content == first.content
        gone = studio.page._given.addresses.image("page:xiaolin", "gone", kind)
        assert (await web.get(gone, headers=known)).status_code == 404
        marks.add(first.headers["etag"])
    assert len(marks) == 2


async def test_a_dropped_file_that_is_no_picture_is_never_served(studio: Studio) -> None:
    uploads, web = studio.page._given.uploads, studio.web()
    await web.get("/page/as", params={"account": "page:xiaolin"})
    for content, status in ((b"<svg onload=alert(1)>", 404), (b"\x89PNG....", 200)):
        kept = await uploads.keep("a.png", "image/png", content)
        path = studio.page._given.addresses.dropped("page:xiaolin", kept.handle)
        assert (await web.get(path)).status_code == status


async def test_a_way_back_never_leads_to_another_site(studio: Studio) -> None:
    for back in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = await studio.web().get("/page/look", params={"theme": "dark", "back": back})
        assert answer.headers["location"] == "/"
