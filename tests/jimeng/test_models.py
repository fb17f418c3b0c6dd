"""The capability table: who paints what, in which size, and how configuration changes it."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.jimeng.models import BUILT_IN, Model, NoLink, Tier, scale_for, seed_for, table
from core.jimeng.sizes import size_for

TABLE = table()
SIZED = [row for row in BUILT_IN if not row.resolution]


def test_the_request_chooses_the_model() -> None:
    """Text SD 3.1, text HD 4.0, one reference by link 4.0 or by bytes i2i 3.0, several by link, finals by their
    kind."""
    chosen = {
        ("sd", 0, False, ""): "jimeng_t2i_v31",
        ("hd", 0, False, ""): "jimeng_t2i_v40",
        ("sd", 1, True, ""): "jimeng_t2i_v40",
        ("hd", 1, False, ""): "jimeng_i2i_v30",
        ("hd", 4, True, ""): "jimeng_t2i_v40",
        ("hd", 0, False, "again"): "jimeng_t2i_v31",
        ("hd", 1, False, "again"): "jimeng_i2i_v30",
        ("hd", 1, True, "upscale"): "jimeng_i2i_seed3_tilesr_cvtob",
    }
    for (tier, references, link, final), req_key in chosen.items():
        assert TABLE.choose(tier, references, can_link=link, final=final).req_key == req_key  # type: ignore[arg-type]


def test_several_references_need_a_link_and_have_a_limit() -> None:
    """Without a link a typed no that the caller words; beyond the model's number a Refusal that names it."""
    with pytest.raises(NoLink):
        TABLE.choose("sd", 2, can_link=False)
    with pytest.raises(Refusal) as no:
        TABLE.choose("sd", 11, can_link=True)
    assert (no.value.key, no.value.values) == ("jimeng.too_many_references", {"most": 10, "given": 11})


@pytest.mark.parametrize(
    ("row", "tier", "ratio", "size"),
    [
        ("v31", "sd", (1, 1), (1328, 1328)),
        ("v31", "sd", (16, 9), (1664, 936)),
        ("v31", "sd", (9, 16), (936, 1664)),
        ("v31", "hd", (16, 9), (2560, 1440)),
        ("v40", "hd", (21, 9), (3024, 1296)),
        ("v40", "sd", (4032, 3024), (1472, 1104)),
        ("i2i", "sd", (16, 9), (1536, 864)),
        ("i2i", "hd", (2, 3), (1024, 1536)),
        ("upscale", "hd", (1664, 936), (4096, 2304)),
        ("upscale", "hd", (936, 1664), (2304, 4096)),
    ],
)
def test_known_ratios_have_the_recommended_sizes(
    row: str, tier: Tier, ratio: tuple[int, int], size: tuple[int, int]
) -> None:
    """A tier's list, portrait swapped, and a photo's own numbers read as their ratio."""
    assert size_for(TABLE.row(row), tier, ratio) == size


@given(
    row=st.sampled_from(SIZED),
    tier=st.sampled_from(["sd", "hd"]),
    wide=st.integers(1, 5000),
    high=st.integers(1, 5000),
)
def test_any_ratio_has_a_size_within_the_rules(row: Model, tier: Tier, wide: int, high: int) -> None:
    """Steps, area, sides and ratio hold for every shape; a typed shape out of range is refused, a reference's is
    brought in."""
    width, height = size_for(row, tier, (wide, high), nearest=True)
    assert width % row.step == 0 and height % row.step == 0
    assert row.area[0] <= width * height <= row.area[1]
    assert all(row.side[0] <= side <= row.side[1] for side in (width, height))
    assert 1 / 3 - 1e-9 <= width / height <= 3 + 1e-9
    if 1 / 3 <= wide / high <= 3:
        assert isclose(width / height, wide / high, rel_tol=0.02)
        assert size_for(row, tier, (wide, high)) == (width, height)
    elif not 0.33 <= wide / high <= 3.01:
        with pytest.raises(Refusal, match=r"jimeng\.ratio_range"):
            size_for(row, tier, (wide, high))


def test_an_exact_size_is_kept_or_refused_with_its_range() -> None:
    """4.0 takes 2048x1152 as it is; i2i 3.0 rounds to 16; too small, too large and too long are told apart."""
    big, small, image = TABLE.row("v40"), TABLE.row("v31"), TABLE.row("i2i")
    assert size_for(big, "hd", exact=(2048, 1152)) == (2048, 1152)
    assert size_for(image, "sd", exact=(1010, 700)) == (1008, 704)
    for row, exact, key, least, most in (
        (big, (800, 600), "jimeng.size_area", "1024×1024", "4096×4096"),
        (small, (4096, 4096), "jimeng.size_area", "512×512", "2048×2048"),
        (image, (2048, 2048), "jimeng.size_side", "512", "1536"),
        (big, (6000, 1000), "jimeng.ratio_range", "1:3", "3:1"),
    ):
        with pytest.raises(Refusal) as no:
            size_for(row, "hd", exact=exact)
        assert (no.value.key, no.value.values["least"], no.value.values["most"]) == (key, least, most)


def test_scale_and_seed_are_in_the_units_of_the_model() -> None:
    """A float for 4.0, a whole number for 4.6 and upscaling, nothing where there is none."""
    assert scale_for(TABLE.row("v40"), 0.333) == 0.33
    assert scale_for(TABLE.row("v46"), 0.0) == 1
    assert (scale_for(TABLE.row("upscale"), 0.5), type(scale_for(TABLE.row("upscale"), 0.5))) == (50, int)
    assert scale_for(TABLE.row("v31"), 0.5) is None
    assert (seed_for(TABLE.row("v31"), 2**40), seed_for(TABLE.row("v40"), 7)) == (2**31 - 1, None)


def test_a_new_model_is_one_row_of_configuration() -> None:
    """It takes over the role it names; a known row is changed field by field; nonsense names the row."""
    changed = table(
        {
            "v50": {
                "req_key": "jimeng_t2i_v50",
                "roles": ["text.hd"],
                "area": [1048576, 16777216],
                "force_single": True,
            },
            "v31": {"sd": [[1024, 1024]]},
            "jimeng_t2i_v40": {"prompt_longest": 600},
        }
    )
    assert changed.choose("hd", 0, can_link=False).req_key == "jimeng_t2i_v50"
    assert changed.choose("hd", 1, can_link=True).prompt_longest == 600
    assert size_for(changed.row("jimeng_t2i_v31"), "sd") == (1024, 1024)
    assert changed.row("v31").seed
    for wrong in ({"v31": {"seeds": True}}, {"v50": {"roles": ["text.hd"]}}, {"v31": {"scale": "0..2"}}):
        with pytest.raises(ValueError, match=r"^v"):
            table(wrong)
