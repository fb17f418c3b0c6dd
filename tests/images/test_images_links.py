"""Links through which a stranger may fetch one picture for a short while."""

from datetime import UTC, datetime, timedelta

import pytest

from core.images import KINDS, ROUTE, Links

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
IMAGE = "0123456789abcdef0123456789abcdef"
LINKS = Links(b"a secret of sixteen bytes or more", "https://paint.example/")


def parts(path: str) -> tuple[str, str, str, str]:
    """What the web server's route makes of a path."""
    empty, root, kind, image, until, signature = path.split("/")
    assert (empty, root) == ("", ROUTE.split("/")[1])
    return kind, image, until, signature


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_gives_its_picture_until_it_expires(kind: str) -> None:
    signed = parts(LINKS.sign(IMAGE, kind, 600, NOW))
    assert LINKS.verify(*signed, NOW) == LINKS.verify(*signed, NOW + timedelta(seconds=599)) == IMAGE
    assert LINKS.verify(*signed, NOW + timedelta(seconds=600)) is None


def test_changing_any_part_makes_a_link_worthless() -> None:
    kind, image, until, signature = parts(LINKS.sign(IMAGE, "thumb", 600, NOW))
    assert LINKS.verify("original", image, until, signature, NOW) is None
    assert LINKS.verify(kind, "f" * 32, until, signature, NOW) is None
    assert LINKS.verify(kind, image, str(int(until) + 1), signature, NOW) is None
    assert LINKS.verify(kind, image, until, signature[:-1] + "!", NOW) is None
    assert Links(b"another secret of many bytes", "").verify(kind, image, until, signature, NOW) is None


@pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 400, "１７", "🐱", "\udcff", "a\nb"])
def test_nonsense_is_no_link_and_no_crash(junk: str) -> None:
    kind, image, until, signature = parts(LINKS.sign(IMAGE, "thumb", 600, NOW))
    assert LINKS.verify(junk, image, until, signature, NOW) is None
    assert LINKS.verify(kind, junk, until, signature, NOW) is None
    assert LINKS.verify(kind, image, junk, signature, NOW) is None
    assert LINKS.verify(kind, image, until, junk, NOW) is None


def test_the_whole_address_needs_a_public_base() -> None:
    assert LINKS.url(IMAGE, "reference", 60, NOW) == "https://paint.example" + LINKS.sign(IMAGE, "reference", 60, NOW)
    with pytest.raises(ValueError, match="public"):
        Links(bytes(32), "").url(IMAGE, "reference", 60, NOW)


def test_links_that_should_not_be_are_not_signed() -> None:
    for image, kind, seconds in (
        (IMAGE, "secret", 60),
        ("../etc", "thumb", 60),
        (IMAGE, "thumb", 0),
        (IMAGE, "thumb", 1e9),
    ):
        with pytest.raises(ValueError, match="link"):
            LINKS.sign(image, kind, seconds, NOW)
    with pytest.raises(ValueError, match="16 bytes"):
        Links(b"short", "")
