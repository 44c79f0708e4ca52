"""The paper of a plan: what a committee asks, in order, and no number that stands in no table of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isclose

import pytest

from planner.figures.figure import Figure
from planner.papers.markdown import markdown
from planner.papers.paper import Paper
from planner.papers.plan.plan_paper import plan_paper
from planner.plan.plan import make_plan
from planner.plan.record import PlanRecord
from planner.report.language import language
from planner.report.tables import Table
from tests.report.small import small

HEADINGS = [
    "Summary", "Need and objectives", "Constraints and law", "Options", "Cost", "Benefits and value for money",
    "If nothing is bought", "What the answer hangs on", "Risks", "Delivery plan", "Assumptions",
]  # fmt: skip


def test_it_follows_the_order_in_which_committees_read(paper: Paper) -> None:
    assert [section.heading for section in paper.sections] == HEADINGS
    text = markdown(paper)
    assert "- To order now, in 2027q1: 4 × NVIDIA GeForce RTX 5090 D v2 for Hall, for HKD 312 k." in text
    assert "is not legal advice" in text
    assert "| us_3a090a1_dc |" in text


def test_every_source_is_referred_to_and_every_reference_has_a_source(paper: Paper) -> None:
    text = markdown(paper)
    marks = {int(mark) for mark in re.findall(r"\[\^(\d+)\](?!:)", text)}
    assert marks == set(range(1, len(paper.sources) + 1))


AMOUNT = re.compile(r"(-?)HKD ([\d,.]+)(?: (k|M|bn|tn))?|(?<![\w.,-])(\d[\d,]*(?:\.\d+)?)(?: (k|M|bn|tn|%))?(?![\w-])")
SIZES = {"k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12, "%": 0.01, None: 1.0, "": 1.0}


def amounts(text: str) -> Iterator[tuple[str, float, float]]:
    """Amounts in a text: as written, their value, and half of their last digit."""
    for match in AMOUNT.finditer(text):
        digits, size = (match[2], match[3]) if match[2] else (match[4], match[5])
        digits = digits.rstrip(".,")
        places = len(digits.partition(".")[2])
        yield match[0], float(digits.replace(",", "")) * SIZES[size], 0.5 * 10**-places * SIZES[size]


def numbers(value: object) -> Iterator[float]:
    """Every number in tables of a plan and in its case."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield abs(float(value))
    elif isinstance(value, str):
        yield from (abs(amount) for _, amount, _ in amounts(value))
    elif isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from numbers(part)


def sums(known: list[float]) -> set[float]:
    return {sum(known), max(known, default=0.0)}


def of_the_plan(plan: PlanRecord) -> set[float]:
    """Every number of the plan's tables, the sums of each column, whole and by each text that stands beside it, its cost, and
    every number of its case.
    """
    known = {plan.objective_hkd, *map(abs, plan.cost_hkd.values()), *numbers(plan.case.model_dump(mode="json"))}
    for rows in plan.rows.by_name.values():
        known.add(float(len(rows)))
        for column in rows[0] if rows else ():
            if not isinstance(rows[0][column], int | float):
                known |= set(numbers([row[column] for row in rows]))
                continue
            column_values = [row[column] or 0.0 for row in rows]
            known |= {*map(abs, column_values), *sums(column_values)}
            for by in rows[0]:
                for key in {row[by] for row in rows if isinstance(row[by], str)}:
                    known |= sums([row[column] or 0.0 for row in rows if row[by] == key])
    weights = [abs(row["price_hkd_per_unit"] * row["limit"]) for row in plan.rows.shadow_prices]
    for family in {row["family"] for row in plan.rows.shadow_prices}:
        rows_of_it = [row for row in plan.rows.shadow_prices if row["family"] == family]
        weights.append(sum(abs(row["price_hkd_per_unit"] * row["limit"]) for row in rows_of_it))
    return {abs(value) for value in (*known, *weights)}


def traced(text: str, known: set[float]) -> list[str]:
    """Amounts of a text of which no number is known that rounds to them."""
    return [
        written
        for written, amount, half in amounts(re.sub(r"\d{4}-\d\d(-\d\d)?|\d{4}q\d|\[\^\d+\]|[0-9a-f]{64}", "", text))
        if not any(isclose(amount, value, abs_tol=half * 1.02 + 1e-9) for value in known)
    ]


def test_every_number_in_a_figure_stands_in_its_table(paper: Paper, plan: PlanRecord) -> None:
    known = of_the_plan(plan)
    for figure in paper.figures:
        table = {abs(float(cell)) for row in figure.table.rows for cell in row if isinstance(cell, int | float)}
        drawn = list(numbers([trace.get("customdata") is None and trace.get("y") for trace in figure.traces]))
        assert table
        assert not [v for v in table if v > 100 and not any(isclose(v, k, rel_tol=1e-6) for k in known)], figure.name
        if figure.name in ("fleet", "capacity"):
            assert not [v for v in drawn if not any(isclose(v, k, rel_tol=1e-6) for k in known)], figure.name


def test_every_amount_in_the_words_is_one_of_the_plan_its_tables_or_its_case(paper: Paper, plan: PlanRecord) -> None:
    known = of_the_plan(plan)
    # What the paper itself adds up stands in its own tables: money by year, risks, value for money.
    for section in paper.sections:
        for part in section.parts:
            if isinstance(part, Table):
                known |= {abs(float(cell)) for row in part.rows for cell in row if isinstance(cell, int | float)}
                known.add(float(len(part.rows)))
            if isinstance(part, Figure):
                known |= {abs(float(c)) for row in part.table.rows for c in row if isinstance(c, int | float)}
                known |= {float(len(part.table.rows))}
    known |= {float(plan.checks), float(plan.solver["columns"]), float(plan.solver["rows"])}  # type: ignore[arg-type]
    known |= {float(len(plan.case.offers)), float(len(plan.case.workloads)), 1.0, 0.0}
    done = 1 - sum(r["unserved_pflops_days"] for r in plan.rows.unserved) / sum(r["asked_pflops_days"] for r in plan.rows.unserved)  # fmt: skip
    known |= {done, sum(v for c, v in plan.cost_hkd.items() if c not in ("unserved", "shortfall"))}
    words = [part for section in paper.sections for part in section.parts if isinstance(part, str)]
    words += [value for _, value in paper.facts]
    assert traced("\n".join(words), known) == []


def test_a_wrong_amount_would_be_noticed(paper: Paper, plan: PlanRecord) -> None:
    assert traced("It costs HKD 123 M and 77.7 % is done.", of_the_plan(plan)) == ["HKD 123 M", "77.7 %"]


def test_a_plan_that_takes_nothing_still_has_a_paper() -> None:
    idle = make_plan(small(workloads={"service": {"unserved_hkd_per_pflops_day": 1.0}})).record
    assert idle.rows.orders == []
    text = markdown(plan_paper(idle))
    assert "Nothing has to be ordered in 2027q1" in text
    assert "Nothing is bought or rented." in text


def test_business_as_usual_stands_beside_the_plan(paper: Paper, plan: PlanRecord) -> None:
    section = next(each for each in paper.sections if each.heading == "If nothing is bought")
    (table,) = [part for part in section.parts if isinstance(part, Table)]
    assert [row[2] for row in table.rows] == [0.0, 0.0, pytest.approx(plan.usual.unserved_hkd), 0.0]  # type: ignore[union-attr]
    assert all(row[3] == pytest.approx(row[1] - row[2]) for row in table.rows)
    text = markdown(paper)
    assert "does 0 of 275 PFLOP/s-days asked for" in text
    assert "is not kept with this plan" in markdown(plan_paper(replace(plan, usual=None)))


def test_the_order_of_tables_lines_changes_nothing(plan: PlanRecord, paper: Paper) -> None:
    rows = plan.rows
    backwards = replace(rows, **{name: lines[::-1] for name, lines in rows.by_name.items() if name != "spend"})
    assert markdown(plan_paper(replace(plan, rows=backwards))) == markdown(paper)


def test_in_chinese_it_holds_the_same_tables_under_other_words(plan: PlanRecord, paper: Paper) -> None:
    chinese = plan_paper(plan, language("zh-Hant-HK"))
    assert [section.heading for section in chinese.sections][:3] == ["摘要", "需要與目標", "限制與法律"]
    numbers_of = [
        [[cell for row in part.rows for cell in row if isinstance(cell, int | float)] for s in each.sections for part in s.parts if isinstance(part, Table)]
        for each in (paper, chinese)
    ]  # fmt: skip
    assert numbers_of[0] == numbers_of[1]
    text = markdown(chinese)
    assert "- 現須訂購（2027q1）：4 部 NVIDIA GeForce RTX 5090 D v2（Hall），合共 31.2 萬港元。" in text
