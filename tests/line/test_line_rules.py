"""The rules of the command line, one example each."""

from typing import Any

import pytest

from core.commands.line import FLAGS, Ordered, fill, gaps_in, parse
from core.errors import Refusal
from core.requests import Line
from core.texts import LANGUAGES, say


def ordered(prompt: str = "猫", **values: Any) -> Ordered:
    return Ordered(prompt=prompt, **values)


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("猫 --ar 16:9", ordered(ratio=(16, 9))),
        ("--aspect 16:9 猫", ordered(ratio=(16, 9))),
        ("猫 —ar １６：９", ordered(ratio=(16, 9))),
        ("猫 –n 2", ordered(count=2)),
        ("猫 －－ｎ　４", ordered(count=4)),
        ("猫 -n 3 --hd", ordered(count=3, tier="hd")),
        ("猫 --n=2 --seed:7", ordered(count=2, seed=7)),
        ("猫 --n4", ordered(count=4)),
        ("猫 16:9", ordered(ratio=(16, 9))),
        ("猫 横 ４张 标清", ordered(ratio=(16, 9), count=4, tier="sd")),
        ("猫 9:16", ordered(ratio=(9, 16))),
        ("猫 4:5", ordered(ratio=(4, 5))),
        ("猫 21:9", ordered(ratio=(21, 9))),
        ("猫 16:10", ordered(ratio=(16, 10))),
        ("车站 --ar 10:15", ordered("车站", ratio=(10, 15))),
        ("猫，竖", ordered("猫，竖")),
        ("横 猫", ordered("横 猫")),
        ("猫 方 --hd 2张", ordered(ratio=(1, 1), count=2, tier="hd")),
        ("猫 两张 横", ordered(count=2, ratio=(16, 9))),
        ("猫 --n 三", ordered(count=3)),
        ("猫 --n ４张", ordered(count=4)),
        ("猫 --n 3 张", ordered(count=3)),
        ("--n 两 幅 猫 --hd", ordered(count=2, tier="hd")),
        ("a cat --n=3 pics, on a mat", ordered("a cat on a mat", count=3)),
        ("猫 --n 3个", ordered(count=3)),
        ("猫 --n 3 张飞", ordered("猫 张飞", count=3)),
        ("猫 --n 3 --hd 张", ordered("猫 张", count=3, tier="hd")),
        ("猫 --n 2\n张", ordered("猫\n张", count=2)),
        ("猫 --seed 3 个", ordered("猫 个", seed=3)),
        ("猫 3 个", ordered("猫 3 个")),
        ("扑克牌三张", ordered("扑克牌三张")),
        ("猫 2k", ordered(size_class="2K")),
        ("猫 2048x1152", ordered(size=(2048, 1152))),
        ("猫 --size 4K --ar 3:2", ordered(size_class="4K", ratio=(3, 2))),
        ("猫 --h 1152 --w 2048", ordered(size=(2048, 1152))),
        ("猫 --draft", ordered(draft=True, tier="sd", count=4)),
        ("猫 --n 2 --draft", ordered(draft=True, tier="sd", count=2)),
        ("猫 草稿", ordered(draft=True, tier="sd", count=4)),
        ("猫 --q hd", ordered(tier="hd")),
        ("seed=1234 猫", ordered(seed=1234)),
        (
            "猫 --no 文字 水印 --for 春节 海报 --src 自有拍摄",
            ordered(avoid="文字 水印", label="春节 海报", source="自有拍摄"),
        ),
        ("猫 --no “text --hd” --sd", ordered(avoid="text --hd", tier="sd")),
        ("猫 禁用 文字 水印 横", ordered(avoid="文字 水印", ratio=(16, 9))),
        ("猫 用途：春节 来源 自有 私密", ordered(label="春节", source="自有", private=True)),
        ("猫 --禁用 文字", ordered(avoid="文字")),
        ("猫 --iw 0.7", ordered(weight=0.7)),
        ("猫 --scale 1", ordered(scale=1.0)),
        ("猫 --wm off --format JPEG --private", ordered(watermark=False, format="jpg", private=True)),
        ("--tpl “商品 图” 产品=“红 鞋” 色＝白", ordered("", template="商品 图", gaps={"产品": "红 鞋", "色": "白"})),
        ("模板 商品图 产品=鞋 高清", ordered("", template="商品图", gaps={"产品": "鞋"}, tier="hd")),
        ("猫 产品=鞋", ordered("猫 产品=鞋")),
        ("夜晚——霓虹灯", ordered("夜晚——霓虹灯")),
        ("夜晚 ——霓虹灯 - 雨", ordered("夜晚 ——霓虹灯 - 雨")),
        ('招牌写着"OPEN --hd now"', ordered('招牌写着"OPEN --hd now"')),
        ('a 5" pipe --hd and a 6" one', ordered('a 5" pipe and a 6" one', tier="hd")),
        ("猫\n\n  第二行\n--hd", ordered("猫\n\n  第二行", tier="hd")),
        ("猫 --no 狗\n第二行", ordered("猫\n第二行", avoid="狗")),
        ("--hd", ordered("", tier="hd")),
        ("", Ordered()),
    ],
)
def test_a_line_means(line: str, order: Ordered) -> None:
    """What is typed on the left asks for what stands on the right."""
    assert parse(line) == order


@pytest.mark.parametrize(
    ("line", "key", "values"),
    [
        ("猫 --rato 1:1", "line.unknown_flag", {"nearest": "--ratio"}),
        ("猫 --sed 5", "line.unknown_flag", {"nearest": "--seed"}),
        ("猫 --n 5", "line.out_of_range", {"low": 1, "high": 4}),
        ("猫 --n 0", "line.out_of_range", {"low": 1, "high": 4}),
        ("猫 9张", "line.out_of_range", {"low": 1, "high": 4}),
        ("猫 五张", "line.out_of_range", {"low": 1, "high": 4}),
        ("猫 －－ｎ ２ｘ", "line.bad_number", {"value": "2x"}),
        ("猫 --size 5x5", "line.out_of_range", {"flag": "--size"}),
        ("猫 --n two", "line.bad_number", {"value": "two"}),
        ("猫 --seed -1", "line.out_of_range", {"low": 0}),
        ("猫 seed=x", "line.bad_number", {"value": "x"}),
        ("猫 --iw 1.5", "line.out_of_range", {"low": 0, "high": 1}),
        ("猫 --iw nan", "line.bad_share", {}),
        ("猫 --iw 0.5 --scale 0.5", "line.iw_and_scale", {}),
        ("猫 --ar 1.5:1", "line.bad_value", {"flag": "--ar"}),
        ("猫 --ar 0:1", "line.bad_value", {"flag": "--ar"}),
        ("猫 --ar --hd", "line.value_missing", {"flag": "--ar"}),
        ("猫 --no", "line.value_missing", {"flag": "--no"}),
        ("猫 --hd=1", "line.takes_nothing", {"flag": "--hd"}),
        ("猫 --w 2048", "line.half_size", {"missing": "--h"}),
        ("猫 --size 20x20", "line.out_of_range", {"flag": "--size"}),
        ("猫 --format gif", "line.bad_value", {"flag": "--format"}),
        ("猫" * 700 + " --no " + "字" * 101, "line.too_long", {"count": 801, "over": 1}),
    ],
)
def test_a_wrong_line_is_told(line: str, key: str, values: dict[str, object]) -> None:
    """Nothing wrong is swallowed: the refusal names the flag, the range, the nearest or the count, in both languages."""
    with pytest.raises(Refusal) as told:
        parse(line)
    assert told.value.key == key
    assert values.items() <= told.value.values.items()
    for language in LANGUAGES:
        assert said(told.value, language)


@pytest.mark.parametrize(
    ("line", "order", "note"),
    [
        ("猫 --n 2 --n 3", ordered(count=3), "line.repeated"),
        ("猫 竖 --ar 16:9", ordered(ratio=(16, 9)), "line.repeated"),
        ("猫 --draft --hd", ordered(tier="hd"), "line.repeated"),
        ("猫 --no 狗 --no 鸟", ordered(avoid="鸟"), "line.repeated"),
        ("猫 --size 2048x1152 --ar 1:1", ordered(size=(2048, 1152)), "line.size_over_ratio"),
        ("一只猫--hd", ordered("一只猫--hd"), "line.kept_flag"),
        ("一只猫——ar=16:9 晚上", ordered("一只猫——ar=16:9 晚上"), "line.kept_flag"),
        ("车站的钟 10:15", ordered("车站的钟 10:15", ratio=None), "line.kept_ratio"),
        ("早上 9:30", ordered("早上 9:30", ratio=None), "line.kept_ratio"),
        ("主队赢了 22:9", ordered("主队赢了 22:9", ratio=None), "line.kept_ratio"),
        ("闹钟指着 7:45", ordered("闹钟指着 7:45", ratio=None), "line.kept_ratio"),
    ],
)
def test_what_the_parser_decides_is_noted(line: str, order: Ordered, note: str) -> None:
    """The last of a repeated flag wins, an exact size rules the ratio, a time of day is no ratio; the card can say each."""
    found = parse(line)
    assert found == order
    assert [line.key for line in found.notes] == [note]
    assert all(say(line, language) for line in found.notes for language in LANGUAGES)


def test_gaps_are_filled_once_and_missing_ones_named() -> None:
    """A template's gaps take their words; a gap without a word, or a word without a gap, is told."""
    prompt = "{产品} 放在 {场景}，{产品} 居中"
    assert gaps_in(prompt) == ("产品", "场景")
    assert fill(prompt, {"产品": "{场景}", "场景": "木桌"}) == "{场景} 放在 木桌，{场景} 居中"
    with pytest.raises(Refusal) as missing:
        fill(prompt, {"产品": "杯子"})
    assert missing.value.key == "line.gaps_missing" and missing.value.values["gaps"] == "场景"
    for gaps, key, template in (({"色": "红"}, "line.gaps_unknown", "{a} 猫"), ({"色": "红"}, "line.gaps_none", "猫")):
        with pytest.raises(Refusal) as unknown:
            fill(template, {**gaps, "a": "1"} if "{a}" in template else gaps)
        assert unknown.value.key == key
        assert all(said(unknown.value, language) for language in LANGUAGES)


def test_every_flag_is_explained_with_a_sample_that_parses() -> None:
    """Completion and help never offer what the parser refuses."""
    for info in FLAGS:
        for language in LANGUAGES:
            assert say(info.meaning, language)
        for value in info.values:
            if info.flag not in ("--w", "--h"):
                parse(f"猫 {info.flag} {value}")


def said(refusal: Refusal, language: str) -> str:
    return say(Line(refusal.key, refusal.values), language)
