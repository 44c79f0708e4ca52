"""What answers and problems name on the page: its fields, in its language, and no option of the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from source import PACKAGE

from planner.app.work.fields import SERVE, TRAIN, for_fields
from planner.app.work.told import Told
from planner.app.work.train import served, trained
from planner.errors import InvalidInput, UsageError
from planner.intake.catalogue import sites
from planner.report.language import LANGUAGES, language
from planner.report.tables import Heading, Table

SERVICE = {"model": "Llama-3.1-70B", "tokens_per_s": "20000", "tokens_in": "2000", "tokens_out": "500", "accelerators": "nvidia_h20_96gb"}  # fmt: skip
TRAINING = {"model": "llama2-7b", "tokens_b": "100", "devices": "256", "accelerators": "huawei_ascend_910b2"}
MONEY = {"spend_hkd": "2000000", "by": "2029-12-31", "accelerators": "nvidia_h800_sxm"}


def lines(told: Told) -> list[str]:
    """All that is said, figures too; cells of tables but for their first, which are names."""
    said = [text for figure in told.figures.values() for text in (figure.title, figure.alt, figure.note)]
    for part in told.words:
        if isinstance(part, Table):
            said += [part.title, part.note, *part.columns, *(cell for row in part.rows for cell in row[1:])]
        else:
            said.append(part.words if isinstance(part, Heading) else part)
    return said


def answer(work: Any, fields: Mapping[str, str], lang: str) -> str:
    said = "\n".join(lines(work(None, fields, lang)))
    for site in sites().values():
        said = said.replace(site.name, "")
    return said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "fields"),
    [
        (trained, TRAINING),
        (trained, {**TRAINING, "by": "2026-12-20", "spend_hkd": "500"}),
        (trained, MONEY),
        (trained, {**MONEY, "spend_hkd": "5"}),
        (served, SERVICE),
        (served, {**SERVICE, "tokens_per_s": "", "spend_hkd": "2000000", "us_exposure": "yes"}),
    ],
)
def test_chinese_pages_answer_in_chinese_and_name_no_option(work: Any, fields: Mapping[str, str]) -> None:
    assert "--" not in answer(work, fields, "en")
    chinese = answer(work, fields, "zh-Hant-HK")
    assert "--" not in chinese
    assert re.findall(r"[a-z]+ [a-z]+ [a-z]+", chinese) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_problems_name_fields(lang: str) -> None:
    say = language(lang)
    with pytest.raises(InvalidInput) as raised:
        served(None, {**SERVICE, "cached_share": "7"}, lang)  # type: ignore[arg-type]
    (problem,) = raised.value.problems
    assert say(SERVE["--cached-share"]) in problem.what
    with pytest.raises(UsageError) as refused:
        for_fields(lambda: refuse("where? Add --site aisc"), TRAIN, say)
    assert str(refused.value) == "where? Add site aisc"


@pytest.mark.parametrize(
    ("work", "fields", "said"),
    [
        (
            trained,
            {**TRAINING, "model": ""},
            "沒有指明模型。請填「或其他模型的參數（十億）」，或在「模型」選擇目錄中的名稱。",
        ),
        (trained, {**TRAINING, "devices": "0"}, "0 部設備無法訓練。請把「設備數量」設為 1 或以上。"),
        (served, {**SERVICE, "cached_share": "7"}, "「提示中保留的比例（0 至 1）」7 並非比例。請填 0 至 1，例如 0.3。"),
    ],
)
def test_problems_are_told_in_the_language_of_the_page(work: Any, fields: Mapping[str, str], said: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        work(None, fields, "zh-Hant-HK")
    assert list(map(str, raised.value.problems)) == [said]


def test_what_is_no_day_is_told_in_the_language_of_the_page() -> None:
    with pytest.raises(UsageError, match=re.escape("'tomorrow' 並非日期；請寫成 2027-06-30。")):
        trained(None, {**TRAINING, "by": "tomorrow"}, "zh-Hant-HK")  # type: ignore[arg-type]


def refuse(words: str) -> Told:
    raise UsageError(words)


@pytest.mark.parametrize(("page", "labels"), [("train", TRAIN), ("serve", SERVE)])
def test_every_field_named_is_on_its_page(page: str, labels: Mapping[str, str]) -> None:
    text = "".join((PACKAGE / "app" / "pages" / f"{name}.py").read_text(encoding="utf-8") for name in (page, "train"))
    assert [label for label in labels.values() if f'"{label}"' not in text] == []
