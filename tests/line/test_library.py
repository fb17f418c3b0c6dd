"""The first examples are lines the parser takes, in both languages, and enough of them."""

import re
from collections import Counter

from core.commands.line import parse
from core.texts.library import SCENES, load_examples

HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_example_parses_and_means_the_same_in_both_languages() -> None:
    """Chinese and English differ in words, never in the flags or in what they would cost."""
    examples = load_examples()
    assert len(examples) >= 40
    assert min(Counter(example.scene for example in examples)[scene] for scene in SCENES) >= 8
    assert len({example.zh for example in examples}) == len({example.en for example in examples}) == len(examples)
    for example in examples:
        zh, en = parse(example.zh), parse(example.en)
        assert HAN.search(zh.prompt) and not HAN.search(en.prompt)
        assert (zh.ratio, zh.tier, zh.count, bool(zh.avoid)) == (en.ratio, en.tier, en.count, bool(en.avoid))
        assert zh.notes == en.notes == ()
