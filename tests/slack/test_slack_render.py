"""Everything the bot can draw, against slack_sdk's models and Slack's limits, in both languages."""

import pytest

from adapters.slack.blocks import MOST_WEIGHT, cut, shortened, units_of, weight_of
from adapters.slack.payload import Meta
from adapters.slack.render import draw
from adapters.slack.views import form_view, reply_view, with_preview, words_view
from core.replies import (
    Button,
    Choice,
    ChoiceField,
    Document,
    Facts,
    FileField,
    Form,
    Item,
    LinkButton,
    Meter,
    NumberField,
    Picture,
    Pictures,
    Quote,
    Reply,
    TextField,
)
from core.requests import Line
from tests.slack.limits import check_message, check_view, units

LONGEST = "🐈‍⬛ *bold* _it_ <!channel> <@U1> `x` & --ar 16:9 夜晚——霓虹灯\n" * 20
NAME = Line("slack.file_below", {"name": "a cat"})
LONG = Line("slack.file_below", {"name": LONGEST * 4})
CAT = Picture("img1", NAME, 1, 640, 480)
PARTS = (
    Line("slack.file_below", {"name": "title"}, tone="title"),
    Line("slack.file_below", {"name": LONGEST}, tone="title"),
    NAME,
    LONG,
    Line("slack.more", {"n": 3}, tone="fact"),
    Line("slack.more", {"n": 3}, tone="money"),
    Line("slack.more", {"n": 3}, tone="alert"),
    Quote(LONGEST),
    Quote(LONGEST * 5),
    Quote(""),
    Facts(((NAME, 1), (NAME, LONGEST), (NAME, ""))),
    Facts(()),
    Pictures((CAT, Picture("img2", LONG, 2))),
    Pictures((CAT,), originals=True),
    Document("export.csv", "text/csv", b"a,b"),
    Meter(1, 4),
    Meter(0, 0),
    Item((NAME, Quote(LONGEST)), CAT, (Button(NAME, "again", "K7Q2"), LinkButton(NAME, "https://a.example"))),
)
BUTTONS = tuple(Button(LONG, "final", f"K7Q2.{n}", ("primary", "plain", "danger")[n % 3]) for n in range(30))
UPLOADS = {("img1", "preview"): "F000000001", ("img2", "preview"): "F000000002", ("img1", "thumb"): "F000000003"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_element_stays_within_slacks_limits_with_the_longest_prompt(language: str) -> None:
    for uploads in ({}, UPLOADS):
        for part in PARTS:
            drawn = draw(Reply((NAME, part)), language, uploads)
            check_message({"text": drawn.text, "blocks": drawn.blocks}, 4000)
        whole = draw(Reply(PARTS, BUTTONS, copy=LONGEST), language, uploads)
        check_message({"text": whole.text, "blocks": whole.blocks}, 4000)
        check_view(reply_view(draw(Reply(PARTS, BUTTONS), language, uploads, 100).blocks, language, Meta()))
    for key in ("slack.loading", "slack.working", "slack.accepted"):
        check_view(words_view(key, language))


def test_a_long_list_ends_in_words_and_keeps_its_buttons() -> None:
    items = tuple(
        Item((Line("slack.file_below", {"name": str(n)}),), None, (Button(NAME, "show", str(n)),)) for n in range(40)
    )
    drawn = draw(Reply(items, BUTTONS[:2]), "en")
    check_message({"text": drawn.text, "blocks": drawn.blocks}, 4000)
    assert drawn.blocks[-1]["type"] == "actions" and len(drawn.blocks[-1]["elements"]) == 2
    assert drawn.blocks[-2]["elements"][0]["text"] == "… 16 more"


def test_a_message_stays_below_the_weight_slack_takes_and_says_how_much_more_there_is() -> None:
    """Slack answers msg_blocks_too_long to fewer blocks, and shorter texts, than its published limits allow."""
    prompts = tuple(Quote(f"{n} " + "猫" * 800) for n in range(30))
    drawn = draw(Reply(prompts, BUTTONS[:2]), "en")
    check_message({"text": drawn.text, "blocks": drawn.blocks}, 4000)
    assert weight_of(drawn.blocks) <= MOST_WEIGHT and drawn.blocks[-1]["type"] == "actions"
    shown = len(drawn.blocks) - 2
    assert drawn.blocks[-2]["elements"][0]["text"] == f"… {30 - shown} more" and shown >= 8
    assert len(draw(Reply(prompts), "en", most=100).blocks) == 30, "a modal has no such limit"


def test_a_message_cut_short_keeps_its_pictures_and_buttons() -> None:
    blocks = draw(Reply(PARTS[:-1], BUTTONS), "en", UPLOADS, most=100).blocks
    short = shortened(blocks)
    assert [one["type"] for one in short] == [one["type"] for one in blocks]
    assert next(one for one in short if one["type"] == "image")["slack_file"] == {"id": "F000000001"}
    assert [one["value"] for one in short[-1]["elements"]] == [one["value"] for one in blocks[-1]["elements"]]
    assert weight_of(short) < weight_of(blocks) / 2


def test_a_prompt_is_shown_verbatim_and_never_interpreted() -> None:
    shown = draw(Reply((Quote("*not bold* <!channel>"), Item((Quote("<@U1>"),)))), "en").blocks
    assert shown[0]["elements"][0] == {
        "type": "rich_text_quote",
        "elements": [{"type": "text", "text": "*not bold* <!channel>"}],
    }
    assert shown[1]["text"] == {"type": "plain_text", "text": "<@U1>", "emoji": False}
    assert draw(Reply((Line("slack.file_below", {"name": "<!channel>"}),)), "en").text == "📎 &lt;!channel&gt;"


def test_neighbouring_paragraphs_share_a_block_and_items_do_not() -> None:
    drawn = draw(Reply((NAME, NAME, Item((NAME,)), Item((NAME,)), NAME)), "en").blocks
    assert [block["text"]["text"].count("\n") for block in drawn] == [1, 0, 0, 0]


def test_texts_are_cut_by_the_units_slack_counts() -> None:
    assert cut("short", 10) == "short"
    for text in ("🐈" * 50, "猫" * 50, "ab🐈" * 30):
        assert units(cut(text, 21)) <= 21 and cut(text, 21).endswith("…")
        assert units_of(text) == units(text)


FORM = Form(
    "paint",
    LONG,
    (
        TextField("prompt", LONG, LONGEST * 9, LONG, 6, longest=9000),
        TextField("sk", NAME, "was", secret=True),
        NumberField("count", NAME, 2, 1, 4),
        ChoiceField("tier", NAME, (Choice("sd", NAME), Choice("", LONG)), "", NAME),
        ChoiceField(
            "labels", NAME, tuple(Choice(str(n), NAME) for n in range(130)), ("3", "4"), several=True, required=False
        ),
        FileField("references", NAME, 14),
        FileField("list", NAME, pictures=False),
    ),
    "K7Q2",
    submit=LONG,
    preview="paint.price",
    intro=PARTS * 9,
    problems=(("prompt", LONG), ("", NAME), ("gone", NAME)),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_with_everything_is_a_valid_modal_and_so_is_its_preview(language: str) -> None:
    view = form_view(
        FORM, language, Meta("paint", "K7Q2", "paint.price", hook="h" * 200), {"references": 2}, Reply((NAME,))
    )
    check_view(view)
    blocks = {block["block_id"]: block for block in view["blocks"] if "block_id" in block}
    assert blocks["tier"]["element"]["initial_option"]["value"] == "=" and blocks["tier"]["dispatch_action"]
    assert "initial_value" not in blocks["sk"]["element"] and "dispatch_action" not in blocks["prompt"]
    fresh = with_preview({**view, "id": "V1", "hash": "h"}, Reply((Line("slack.more", {"n": 7}),)), language)
    check_view(fresh)
    assert "7" in fresh["blocks"][-1]["text"]["text"] and len(fresh["blocks"]) == len(view["blocks"])
