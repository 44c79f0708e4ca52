"""Every standard sentence of reports, figures, papers and the page with sliders is in every catalogue, with the same places for values."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable
from functools import cache
from itertools import chain

import pytest
from source import FILES, PACKAGE, nodes

from planner.app.jobs import PROGRESS
from planner.app.work.fields import SERVE, TRAIN
from planner.app.workers import CRASHED, TOO_MANY
from planner.errors import UsageError
from planner.figures.law_map import CATEGORY
from planner.intake.catalogue import regimes
from planner.intake.catalogue_records import LISTINGS
from planner.law.words import TRUTHS
from planner.report import serve_options, train_families, train_options
from planner.report.assumed import ASSUMED
from planner.report.controls import IN_FULL, MEANT, WHY_NOT
from planner.report.language import LANGUAGES, language
from planner.report.options import LAW, PLACES, REASONS
from planner.report.problems import PROBLEMS
from planner.report.screen import CONDITIONS
from planner.report.serve import BINDS
from planner.report.train_reverse import SURE
from planner.report.train_time import METHODS
from planner.training import market

ROOMS = ("figures", "papers", "app", "report")
WORDS: tuple[Iterable[str], ...] = (
    PROBLEMS, (CRASHED, TOO_MANY), ASSUMED, REASONS, PLACES, LAW.values(), CONDITIONS.values(), METHODS.values(), SURE.values(), BINDS, BINDS.values(), serve_options.DATA.values(),
    market.PLACES, train_options.KINDS, train_options.COLUMNS, ("needs",), serve_options.COLUMNS, train_families.COLUMNS,
    (words for words, _ in train_options.UNITS), TRAIN.values(), SERVE.values(), PROGRESS,
    ("CHOSEN", "unfit", "law", "data", "licence", "not let", "too late", "no price", "too dear", "not yet", "ended", "ends", "too few"),
    ("application", "queue", "application and queue", "lead time", "lead time and licence", "fit-out of the hall", "data formalities"),
    ("allow", "condition", "deny", *CATEGORY, "the AI Subsidy Scheme"),
    WHY_NOT, MEANT, (topic.replace("-", " ") for topic in LISTINGS), chain.from_iterable(TRUTHS.values()), regimes().scenarios, ("high", "medium", "low", "purchase", "cloud"), IN_FULL,
    ("stochastic", "expected_value", "cvar", "minimax_regret", "myopic", "status_quo", "cost", "regret", "money"),
    ("hard targets missed, at a made-up price", "targets missed, at their own price"),
)  # fmt: skip
"""What is said by name: patterns of sentences that come worded, words of tables."""


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
    said |= {
        f"{{count}} {node.args[1].value}s"
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "count"
        and getattr(node.func.value, "id", "") == "say"
        and isinstance(node.args[1], ast.Constant)
    }
    said |= {word.replace("_", " ") for words in WORDS for word in words if word}
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


def test_things_are_counted_as_the_language_does() -> None:
    chinese, english = language("zh-Hant-HK"), language()
    assert (english.count(1, "device"), english.count(2_400, "device")) == ("1 device", "2,400 devices")
    assert chinese.count(2_400, "device") == "2,400 部設備"
    assert (english.billions(70), chinese.billions(70)) == ("70 B", "700 億")


def test_what_came_in_english_is_said_again_by_the_sentence_that_it_fills() -> None:
    chinese, reason = language("zh-Hant-HK"), "case_by_case by us_h20_mi308_15pct"
    assert chinese.again(reason, REASONS) == "個別審批（us_h20_mi308_15pct）"
    assert language().again(reason, REASONS) == reason
    assert chinese.again("what nobody has foreseen", REASONS) == "what nobody has foreseen"
    many = "architecture guessed from 70 B parameters of which 7 B active: 48 layers of width 3072, 8 of 64 experts"
    assert chinese.again(many, ASSUMED) == "按 70 B 參數（啟用 7 B）推測架構：48 層，寬 3072，64 個專家中用 8 個"


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="There are en, zh-Hant-HK"):
        language("fr")
