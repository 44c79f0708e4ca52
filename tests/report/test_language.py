"""Every standard sentence of reports, figures, papers and the page with sliders is in every catalogue, with the same places for values."""

from __future__ import annotations

import ast
import re
import string
from functools import cache

import pytest
from source import FILES, PACKAGE, nodes

from planner.errors import UsageError
from planner.report.language import LANGUAGES, language

ROOMS = ("report", "figures", "papers", "app")


@cache
def sentences() -> frozenset[str]:
    """What is said: the first argument of every call of `say`, in code and templates."""
    said = {
        node.args[0].value
        for path in FILES
        if path.relative_to(PACKAGE).parts[0] in ROOMS
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == "say" or getattr(node.func, "attr", "") == "say")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    for template in (PACKAGE / "papers").glob("*.jinja"):
        said |= set(re.findall(r"say\([\"'](.*?)[\"']\)", template.read_text(encoding="utf-8")))
    return frozenset(said)


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.slow
def test_there_are_sentences() -> None:
    assert len(sentences()) > 150


@pytest.mark.parametrize("tag", LANGUAGES[1:])
def test_each_sentence_is_in_the_catalogue_with_its_places(tag: str) -> None:
    words = language(tag).words
    assert sorted(sentences() - set(words)) == []
    assert {text: other for text, other in words.items() if places(text) != places(other)} == {}


def test_amounts_are_said_as_the_language_does() -> None:
    chinese, english = language("zh-Hant-HK"), language()
    assert (english.money(-1.234e9), chinese.money(-1.234e9)) == ("-HKD 1.23 bn", "-12.3 億港元")
    assert (english.short(45_600), chinese.short(45_600)) == ("45.6 k", "4.56 萬")
    assert chinese.heading("power_mw") == "功率 (MW)"
    assert chinese.listed(list("abcdef"), 2) == "a、b等 6 項"
    assert chinese("no such sentence {x}", x=1) == "no such sentence 1"


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="There are en, zh-Hant-HK"):
        language("fr")
