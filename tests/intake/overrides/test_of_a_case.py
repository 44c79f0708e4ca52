"""Overrides that a case file gives itself: carried out once all else is read, and told at their place where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import planner
from planner.report.words import overridden
from planner.study.whatif.variant import as_overrides, changed

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
CASE = (EXAMPLES / "1_power_limit" / "case.yaml").read_text(encoding="utf-8")


def written(folder: Path, *lines: str) -> Path:
    path = folder / "case.yaml"
    path.write_text("\n".join([CASE.rstrip(), "overrides:", *(f"  {line}" for line in lines), ""]), encoding="utf-8")
    return path


def test_they_are_what_set_does(tmp_path: Path) -> None:
    base = planner.read_case(EXAMPLES / "1_power_limit" / "case.yaml")
    assert planner.read_case(written(tmp_path, '"sites.*.power_mw": "*2"')) == changed(base, {"sites.*.power_mw": "*2"})


def test_each_that_is_wrong_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "sites.*.power_mw: 1", "sites.*.powr_mw: 2", "budget_hkd: much")
    with pytest.raises(planner.InvalidInput) as raised:
        planner.read_case(path)
    line = CASE.rstrip().count("\n") + 3
    assert [(p.file, p.line, p.column) for p in raised.value.problems] == [
        (str(path), line + 1, 3),
        (str(path), line + 2, 3),
    ]
    assert "Did you mean 'power_mw'?" in str(raised.value)


@pytest.mark.parametrize("folder", ["15_hedge", "scenarios"])
def test_a_future_known_from_the_start_is_an_override_too(folder: str, tmp_path: Path) -> None:
    base = planner.read_case(EXAMPLES / folder / "case.yaml")
    for future in base.rulebook.scenarios:
        sets = {"economics.carbon_price_hkd_per_tonne": 100.0}
        same = changed(base, as_overrides(base, sets, future))
        assert same.model_copy(update={"overrides": sets}) == changed(base, sets, future)
        assert f"{future} known from the start" in overridden(same)
