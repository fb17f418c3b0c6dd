"""The sentences: both languages say the same things, nothing asked for is missing, nothing is there for nobody."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from core.texts import GAP, LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
CALLS = ("Line", "Refusal", "PictureGone")
ANY = r"[\w.]+"


@cache
def trees() -> Mapping[Path, ast.Module]:
    files = [path for floor in ("bot", "adapters", "core") for path in (ROOT / floor).rglob("*.py")]
    return {path: ast.parse(path.read_text("utf-8")) for path in files if "simulator" not in path.parts}


def pattern(node: ast.expr) -> str | None:
    """A regular expression of the keys an expression can be: a literal, an f-string, a choice between two."""
    match node:
        case ast.Constant(value=str() as text):
            return re.escape(text)
        case ast.JoinedStr(values=values):
            return "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else ANY for v in values)
        case ast.IfExp(body=body, orelse=orelse):
            both = (pattern(body), pattern(orelse))
            return f"(?:{both[0]}|{both[1]})" if all(both) else None
        case _:
            return None


def asked() -> Iterator[tuple[str, str]]:
    """(where, pattern) of every key that is the first argument of a Line or a Refusal."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                found = pattern(node.args[0])
                if found is not None and found != ANY:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", found


def written() -> Iterator[str]:
    """Patterns of every string in the code that could be a key."""
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                found = pattern(node)
                if found is not None and r"\." in found and len(found) < 120:
                    yield found


def gaps(text: str | Mapping[str, str]) -> set[str]:
    return set(GAP.findall(text if isinstance(text, str) else text["other"]))


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    first, second = (catalogue(language) for language in LANGUAGES)
    assert sorted(first) == sorted(second)
    assert {key: gaps(first[key]) for key in first} == {key: gaps(second[key]) for key in second}


def test_plural_sentences_have_all_forms_of_their_language() -> None:
    forms = {"zh": {"other"}, "en": {"one", "other"}}
    for language in LANGUAGES:
        for key, text in catalogue(language).items():
            assert isinstance(text, str) or forms[language] <= set(text) or not text, key


def test_every_sentence_asked_for_is_there() -> None:
    keys = list(catalogue("en"))
    missing = [f"{where}: {key}" for where, key in asked() if not any(re.fullmatch(key, known) for known in keys)]
    assert not missing, "\n".join(missing)


def test_every_sentence_is_said_somewhere() -> None:
    literal: set[str] = set()
    pieces: set[str] = set()
    for found in written():
        (pieces if ANY in found else literal).add(found)
    loose = re.compile("|".join(pieces) or "(?!)")
    unused = [key for key in catalogue("en") if re.escape(key) not in literal and not loose.fullmatch(key)]
    assert not unused, "\n".join(unused)


def test_chinese_is_written_with_chinese_punctuation() -> None:
    wrong = [
        key
        for key, text in catalogue("zh").items()
        for said in ([text] if isinstance(text, str) else text.values())
        if re.search(r"[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]\.(?!\w)", said)
    ]
    assert not wrong, "\n".join(wrong)
