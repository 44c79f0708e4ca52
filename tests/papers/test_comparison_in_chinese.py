"""The comparison of examples/midscale_grant in Chinese: no English is left in any form of it but what is listed here, and why it may stay."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from planner.figures import figures_of_comparison
from planner.figures.narrow import narrow
from planner.papers.comparison_paper import comparison_paper
from planner.papers.writers import write
from planner.report.compare import page
from planner.report.language import language
from planner.report.tables import text
from planner.study.compare.compare import Compared, compare

OPTIONS = Path(__file__).parents[2] / "examples" / "midscale_grant" / "options.yaml"
CHINESE = language("zh-Hant-HK")
UNITS_AND_TERMS = {
    "HKD", "PFLOP/s", "PFLOP", "PF", "PF-", "PFLOP/s-", "MW", "kW", "kt", "t", "k", "s", "days", "B", "pct", "p10", "p50", "p90", "IT", "BF16",
    "FP8", "PFLOP/s/kW", "JavaScript", "token", "tokens", "GPU", "SHA-256", "SHA",
}  # fmt: skip
"""Symbols of units, precisions and terms that Hong Kong writes in Latin letters."""
COMMANDS_AND_FILES = ("planner catalog rules ID", "--json", "data/public_clusters.csv")
"""What a reader types or opens, as it is spelt."""


@cache
def answer() -> Compared:
    return compare(OPTIONS)


@cache
def own_words() -> tuple[str, ...]:
    """What the file of options and its case say, ids of the catalogue, rules and citations; the longest first."""
    given = answer()
    asked = given.comparison
    words = [asked.title, asked.decision, asked.weights.set_by, given.sha256, *given.mix, *COMMANDS_AND_FILES]
    for key, bid in asked.options.items():
        words += [key, bid.name, bid.bidder, bid.note, bid.source, *bid.commitments, *bid.parts]
        words += [name for part in bid.parts.values() for name in (part.accelerator, part.site)]
    words += [job.model for job in asked.reference_jobs]
    words += [part.rule or "" for option in given.options for part in option.legal.parts]
    words += [word.replace("_", " ") for word in words]
    return tuple(sorted(filter(None, words), key=len, reverse=True))


def english_left(told: str) -> set[str]:
    """Latin words that are neither listed above nor the file's own."""
    told = re.sub(r"\s+", " ", told)
    for words in own_words():
        told = (
            told.replace(words, " ").replace(words[:12], " ") if words == answer().sha256 else told.replace(words, " ")
        )
    return set(re.findall(r"[A-Za-z][A-Za-z0-9/-]*", told)) - UNITS_AND_TERMS


class Shown(HTMLParser):
    """What a page shows or reads aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.texts += [value or "" for name, value in attrs if name in ("aria-label", "alt", "title")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def drawn(spec: Any) -> Iterator[str]:
    """What a figure writes: names, texts, titles, ticks, and what stands under the pointer."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("name", "text", "title", "ticktext", "hovertemplate", "x", "y", "customdata"):
                yield from strings(value)
            elif isinstance(value, dict | list):
                yield from drawn(value)
    elif isinstance(spec, list):
        for each in spec:
            yield from drawn(each)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield re.sub(r"%\{[^}]*\}|</?\w+>", " ", value)
    elif isinstance(value, dict):
        yield from (each for inside in value.values() for each in strings(inside))
    elif isinstance(value, list | tuple):
        yield from (each for inside in value for each in strings(inside))


def as_html() -> str:
    shown = Shown()
    shown.feed(str(write(comparison_paper(answer(), CHINESE), "html")))
    return "\n".join(shown.texts)


def as_workbook() -> str:
    """Every text of every sheet, and the names of the sheets."""
    with zipfile.ZipFile(io.BytesIO(write(comparison_paper(answer(), CHINESE), "xlsx"))) as book:  # type: ignore[arg-type]
        cells = re.findall(r"<t[^>]*>(.*?)</t>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    return "\n".join([*cells, *names]).replace("&apos;", "'")


def as_figures() -> str:
    figures = figures_of_comparison(answer(), CHINESE).values()
    texts = [text for figure in figures for part in (figure.spec, narrow(figure)) for text in drawn(part)]
    return "\n".join([*texts, *(f"{figure.title}\n{figure.alt}\n{figure.note}" for figure in figures)])


FORMS = {
    "html": as_html,
    "workbook": as_workbook,
    "figures": as_figures,
    "markdown": lambda: str(write(comparison_paper(answer(), CHINESE), "markdown")),
    "screen": lambda: text(page(answer(), CHINESE), say=CHINESE),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_no_english_is_left(form: str) -> None:
    told = FORMS[form]()
    assert len(re.findall("[\u4e00-\u9fff]", told)) > 300
    assert english_left(told) == set()


@pytest.mark.slow
def test_the_test_sees_english() -> None:
    assert english_left("mixed, for HKD 538 M: Left out") == {"for", "M", "Left", "out"}
    assert "Summary" in english_left(str(write(comparison_paper(answer()), "markdown")))


@pytest.mark.slow
def test_figures_are_the_same_in_both_languages() -> None:
    """A million here, a hundred million there: amounts apart, each number of the English paper is in the Chinese one."""
    english, chinese = (str(write(comparison_paper(answer(), say), "markdown")) for say in (language(), CHINESE))
    numbers = re.compile(r"(?<![A-Z\d])\d+(?:,\d{3})*(?:\.\d+)?(?= %| PFLOP/s| MW)")
    assert sorted(numbers.findall(english)) == sorted(numbers.findall(chinese))


@pytest.mark.slow
def test_what_the_default_says_of_weights_is_said_in_chinese() -> None:
    from planner.domain.bid import DEFAULT_SET_BY

    weights = answer().comparison.weights.model_copy(update={"set_by": DEFAULT_SET_BY})
    asked = answer().comparison.model_copy(update={"weights": weights})
    told = str(write(comparison_paper(replace(answer(), comparison=asked), CHINESE), "markdown"))
    assert DEFAULT_SET_BY not in told
