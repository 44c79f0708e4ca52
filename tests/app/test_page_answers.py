"""Answers that workers make for pages, and what fields mean."""

from __future__ import annotations

import re
from datetime import date

import pytest
from page_server import ROOT

from planner.app.cases import from_path, options_from_path
from planner.app.numbers import day, number, number_or_none
from planner.app.work.catalogue import MOST, looked_up
from planner.app.work.compare import compared
from planner.app.work.law import QUARTERS, looked_at
from planner.app.work.stress import stressed
from planner.errors import UsageError
from planner.intake.catalogue import accelerators
from planner.intake.catalogue_records import LISTINGS
from planner.report.language import LANGUAGES
from planner.report.tables import Heading, Table

OPTIONS = ROOT / "examples" / "midscale_grant" / "options.yaml"
FIRST = date(2026, 11, 21)


class Nobody:
    """Hears what a work tells."""

    def __call__(self, words: str) -> None: ...


@pytest.mark.parametrize(("text", "value"), [("", None), (" 3 ", 3.0), ("1e3", 1000.0)])
def test_numbers_are_read(text: str, value: float | None) -> None:
    assert number_or_none({"n": text}, "n") == value
    assert number({"n": text}, "n", 7.0) == (7.0 if value is None else value)


@pytest.mark.parametrize("text", ["much", "nan", "inf", "<b>"])
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no number"):
        number_or_none({"n": text}, "n")
    with pytest.raises(UsageError, match="is no day"):
        day({"n": text}, "n")


def test_the_catalogue_is_searched_by_every_word() -> None:
    heading, table = looked_up(Nobody(), {"topic": "accelerators", "search": "huawei 910c"}, "en").words[:2]  # type: ignore[arg-type]
    assert isinstance(heading, Heading)
    assert isinstance(table, Table)
    assert {row[0] for row in table.rows} >= {"huawei_ascend_910c"}
    assert all("huawei" in str(row[0]) for row in table.rows)
    whole = looked_up(Nobody(), {"topic": "accelerators"}, "en").words[1]  # type: ignore[arg-type]
    assert isinstance(whole, Table)
    assert len(whole.rows) == MOST
    with pytest.raises(UsageError, match="Did you mean"):
        looked_up(Nobody(), {"topic": "accelerators", "record": "nvidia_h20_96g"}, "en")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", LISTINGS)
def test_every_topic_is_told_in_every_language(topic: str, lang: str) -> None:
    first = next(iter(LISTINGS[topic].records()))
    whole, table = (
        part for part in looked_up(Nobody(), {"topic": topic, "record": first}, lang).words if isinstance(part, Table)
    )  # type: ignore[arg-type]
    assert (whole.rows[0][1], table.rows[0][0]) == (first, first)


@pytest.mark.slow
def test_the_map_of_law_tells_each_device_in_each_quarter() -> None:
    answer = looked_at(Nobody(), {"maker": "Cambricon", "scenario": "tightening"}, FIRST, "en")  # type: ignore[arg-type]
    figure = answer.figures["law"]
    cambricon = [device for device in accelerators().values() if device.vendor == "Cambricon"]
    assert [len(row) for row in figure.traces[0]["z"]] == [QUARTERS] * len(cambricon)
    assert answer.words == ()


def test_one_answer_of_law_is_told_in_full() -> None:
    answer = looked_at(Nobody(), {"maker": "Cambricon", "device": "nvidia_h20_96gb", "on": "2026-11-20"}, FIRST, "en")  # type: ignore[arg-type]
    table = answer.words[0]
    assert isinstance(table, Table)
    assert ("rule", "us_h20_mi308_15pct") in [tuple(row) for row in table.rows]
    with pytest.raises(UsageError):
        looked_at(Nobody(), {"maker": "Cambricon", "to": "Atlantis"}, FIRST, "en")  # type: ignore[arg-type]


def test_law_is_told_in_the_language_of_the_page_but_for_rules_and_citations() -> None:
    answer = looked_at(
        Nobody(), {"maker": "Cambricon", "device": "nvidia_h20_96gb", "on": "2026-11-20"}, FIRST, "zh-Hant-HK"
    )  # type: ignore[arg-type]
    table = answer.words[0]
    assert isinstance(table, Table)
    assert ("結果", "個別審批") in [tuple(row) for row in table.rows]
    lines = table.note.splitlines()
    assert "假設並非維修；若屬維修：不受管制（us_rpl_repair）。" in lines
    assert "未適用原因：同樣符合，但其優先次序 324 低於 431。" in table.note


@pytest.mark.slow
def test_futures_are_told_in_the_language_of_the_page() -> None:
    files = from_path(ROOT / "examples" / "15_hedge" / "case.yaml")
    answer = stressed(Nobody(), files, {}, "zh-Hant-HK")  # type: ignore[arg-type]
    said = [
        part.title if isinstance(part, Table) else part.words if isinstance(part, Heading) else part
        for part in answer.words
    ]
    said += [column for part in answer.words if isinstance(part, Table) for column in part.columns]
    said += [text for figure in answer.figures.values() for text in (figure.title, figure.alt, figure.note)]
    assert [text for text in said if re.search(r"[a-z]+ [a-z]+ [a-z]+", text)] == []
    assert "在任何情景下，各計劃均完成全部工作。" in said


@pytest.mark.slow
def test_the_same_weights_tell_the_same() -> None:
    files = options_from_path(OPTIONS)
    stated = compared(Nobody(), files, {}, "en")  # type: ignore[arg-type]
    again = compared(Nobody(), files, {"weight_cost": "30"}, "en")  # type: ignore[arg-type]
    assert stated.words == again.words
    moved = compared(Nobody(), files, {"weight_cost": "0"}, "en")  # type: ignore[arg-type]
    assert moved.words != stated.words
    with pytest.raises(UsageError, match="weight above zero"):
        compared(
            Nobody(),
            files,
            {
                f"weight_{name}": "0"
                for name in ("cost", "months", "law", "data", "carbon", "expansion", "local_benefit")
            },
            "en",
        )  # type: ignore[arg-type]
