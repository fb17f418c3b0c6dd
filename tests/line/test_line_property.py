"""Whatever is typed: the parser answers or refuses, keeps the prompt, and its own writing reads back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.commands.line import FLAGS, Ordered, parse, write
from core.commands.line.flags import BARE, BY_NAME, KEYWORDS, MEASURES
from core.errors import Refusal

DASHED = ["-", "—", "–", "－－", "——", "---"]
ENDS = [
    "两张",
    "十张",
    "猫--hd",
    "🐱--n 2",
    "４张",
    "4张",
    "张",
    "pics",
    "16:9",
    "１６：９",
    "7:45",
    "2048x1152",
    "seed=7",
    "禁用：",
    "--禁用",
    "--tpl=x",
    "a=1",
    "颜色＝红",
]
VALUES = [
    "0.5",
    "2",
    "on",
    "png",
    "猫",
    "夜晚——霓虹灯",
    "it's",
    '5"',
    "\n",
    "  ",
    '"--hd"',
    "'a b'",
    "“x y”",
    "k=“x y”",
]
PIECES = st.one_of(
    st.sampled_from([flag.flag for flag in FLAGS]),
    st.builds(lambda dash, name: dash + name, st.sampled_from(DASHED), st.sampled_from(sorted(BY_NAME))),
    st.sampled_from([*BARE, *KEYWORDS, *ENDS]),
    st.sampled_from(VALUES),
    st.sampled_from(list("\"“”「」『』«»'‘’＂-—=:：\n \u3000,，")),
    st.text(max_size=6),
)
LINES = st.one_of(
    st.text(max_size=120),
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=10).map("".join),
)
LETTERS = st.sampled_from("abc猫狗19-–—:=xX张\"“”「'‘’(){},，横 ")
WORDS = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
TEXTS = ["", "文字 水印", "a -- b", "--hd", '12" print', "“引用” 和 「书名」", "it's"]


WIDE = {code: code + 0xFEE0 for code in range(33, 127)}
BETWEEN = ["一只猫", "a cat 🐱", "夜晚——霓虹灯", '招牌 "--hd"', "👩‍🎨 画家"]


@settings(max_examples=200, deadline=None)
@given(
    words=st.sampled_from(BETWEEN),
    dash=st.sampled_from(["--", "—", "–", "－－", "——", "-"]),
    name=st.sampled_from(["n", "ar", "seed", "hd"]),
    wide=st.booleans(),
    first=st.booleans(),
)
def test_a_flag_is_the_same_flag_however_it_is_typed(words: str, dash: str, name: str, wide: bool, first: bool) -> None:
    """Any dash, either width, before or after the words: one meaning, and the words stay as they were."""
    value = {"n": "3", "ar": "16:9", "seed": "7", "hd": ""}[name]
    typed = f"{name} {value}".strip()
    flag = dash + (typed.translate(WIDE) if wide else typed)
    meant = {"n": {"count": 3}, "ar": {"ratio": (16, 9)}, "seed": {"seed": 7}, "hd": {"tier": "hd"}}[name]
    line = f"{flag} {words}" if first else f"{words} {flag}"
    assert parse(line) == Ordered(prompt=words, **meant)  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(
    words=st.sampled_from(BETWEEN),
    number=st.sampled_from(["3", "３", "三"]),
    flag=st.sampled_from(["--n ", "-n ", "—count ", "--n=", "--n"]),
    blank=st.sampled_from(["", " ", "\u3000", "  "]),
    measure=st.sampled_from([*MEASURES, "Pics", "张，"]),
    first=st.booleans(),
)
def test_a_lone_measure_word_after_the_number_is_never_part_of_the_prompt(
    words: str, number: str, flag: str, blank: str, measure: str, first: bool
) -> None:
    """`--n 3 张` asks for three, stuck or apart, before or after the words, which stay as they were."""
    if flag == "--n" and number == "三":
        return
    count = f"{flag}{number}{blank}{measure}"
    line = f"{count} {words}" if first else f"{words} {count}"
    assert parse(line) == Ordered(prompt=words, count=3)


@settings(max_examples=100, deadline=None)
@given(typed=st.text(st.sampled_from("0123456789xX０２张两十.-+ "), min_size=1, max_size=4), stuck=st.booleans())
def test_a_count_is_understood_or_told_never_one_in_silence(typed: str, stuck: bool) -> None:
    """What follows --n is a count from 1 to 4, or refused."""
    try:
        order = parse(f"猫 --n{'=' if stuck else ' '}{typed}")
    except Refusal:
        return
    assert order.count in (1, 2, 3, 4)


def read(line: str) -> Ordered | None:
    try:
        return parse(line)
    except Refusal:
        return None


@settings(max_examples=600, deadline=None)
@given(LINES)
def test_any_line_is_read_or_refused_and_reads_back(line: str) -> None:
    """Only a Refusal is ever raised, and the line written for an order gives the same order."""
    order = read(line)
    if order is not None:
        assert parse(write(order)) == order


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_the_prompt_is_the_words_typed_in_their_order(line: str) -> None:
    """Nothing is added to a prompt, reordered or rewritten."""
    order = read(line)
    if order is not None:
        typed = iter(line)
        assert all(letter in typed for letter in order.prompt if not letter.isspace())


@settings(max_examples=200, deadline=None)
@given(
    prompt=st.sampled_from(["", "一只橘猫", "a cat\n  on a mat", 'a sign "--hd"', "夜晚——霓虹灯"]),
    count=st.none() | st.integers(1, 4),
    shape=st.sampled_from([{}, {"ratio": (16, 9)}, {"size": (2048, 1152)}, {"size_class": "4K", "ratio": (1, 3)}]),
    tier=st.sampled_from([{}, {"tier": "sd"}, {"tier": "hd"}]),
    seed=st.none() | st.integers(0, 2_147_483_647),
    share=st.sampled_from([{}, {"weight": 0.35}, {"scale": 1.0}, {"weight": 0.000001}]),
    texts=st.lists(st.sampled_from(TEXTS), min_size=3, max_size=3),
    rest=st.sampled_from(
        [
            {},
            {"private": True, "watermark": False, "format": "webp"},
            {"template": "商品 图", "gaps": {"颜色": "大 红", "brand": "O'Neil", "empty": ""}},
        ]
    ),
)
def test_every_order_survives_writing(prompt, count, shape, tier, seed, share, texts, rest) -> None:  # type: ignore[no-untyped-def]
    """parse(write(order)) == order for orders made of every parameter."""
    avoid, label, source = texts
    said = {"avoid": avoid, "label": label, "source": source, **shape, **tier, **share, **rest}
    order = Ordered(prompt=prompt, count=count, seed=seed, **said)
    assert parse(write(order)) == order


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=6).map(" ".join), WORDS)
def test_words_without_a_flag_stay_the_prompt(start: str, last: str) -> None:
    """A line whose last word is plain and that holds no flag is its own prompt."""
    line = f"{start} {last} 完".strip()
    order = read(line)
    if order is not None and order == Ordered(prompt=order.prompt):
        assert order.prompt == line
