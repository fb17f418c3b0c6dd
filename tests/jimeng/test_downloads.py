"""Pictures fetched from Jimeng's addresses: the same bytes, from nowhere inside our own network, and a failure that says whether to try again."""

import httpx
import pytest

from core.jimeng.errors import JimengError, Kind
from tests.jimeng.asked import Answer, client_of

FINAL, GONE, NETWORK = Kind.FINAL, Kind.GONE, Kind.NETWORK


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([httpx.Response(403)], GONE),
        ([httpx.Response(404)], GONE),
        ([httpx.Response(500)], NETWORK),
        ([httpx.Response(429)], NETWORK),
        ([httpx.ReadTimeout("slow")], NETWORK),
        ([httpx.Response(200, content=b"x" * 101)], GONE),
        ([httpx.Response(302, headers={"location": "http://10.0.0.8/secret"})], GONE),
        ([httpx.Response(302, headers={"location": "https://169.254.169.254/latest"})], GONE),
        ([httpx.Response(302, headers={"location": "/again"})] * 4, GONE),
    ],
)
async def test_a_download_that_fails_says_whether_to_try_again(answers: list[Answer], kind: Kind) -> None:
    """Expired, too large or led astray is gone; trouble on the way is the network."""
    with pytest.raises(JimengError) as no:
        await client_of(*answers).download("https://pictures.example/1", most=100)
    assert (no.value.kind, no.value.call) == (kind, "download")
    assert "10.0.0.8" not in str(no.value)


async def test_a_download_is_a_plain_get_of_the_same_bytes() -> None:
    """No signature goes to the picture host; a redirect within the host or to a trusted one is followed."""
    seen: list[httpx.Request] = []
    onward = [httpx.Response(302, headers={"location": to}) for to in ("/2", "http://127.0.0.1:9/3")]
    client = client_of(*onward, httpx.Response(200, content=b"\x89PNG"), seen=seen)
    assert await client.download("https://pictures.example/1?x-signature=a") == b"\x89PNG"
    assert [request.method for request in seen] == ["GET"] * 3
    assert not any("authorization" in request.headers for request in seen)
    with pytest.raises(JimengError):
        await client_of().download("file:///etc/passwd")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/a", "https://[::1]/a", "http://169.254.169.254/x", "http://localhost/"]
)
async def test_a_link_into_our_own_network_is_never_asked(url: str) -> None:
    """Only a door of a credential, or what wiring trusts, may be private."""
    seen: list[httpx.Request] = []
    client = client_of(httpx.Response(200, content=b"\x89PNG"), seen=seen)
    client._trusted.clear()
    with pytest.raises(JimengError) as no:
        await client.download(url)
    assert no.value.kind is Kind.GONE and not seen
