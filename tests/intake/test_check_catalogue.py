"""Entries that the catalogue has not: one problem with the nearest name, not a list of missing fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InvalidInput
from planner.intake import read_case

HEAD = "schema_version: 1\ntitle: x\nhorizon: {start: 2026q4, end: 2027q1}\nworkloads: {}\n"


def said(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "case.yaml"
    file.write_text(HEAD + text)
    with pytest.raises(InvalidInput) as raised:
        read_case(file)
    return [str(problem).removeprefix(f"{file}:") for problem in raised.value.problems]


@pytest.mark.parametrize("entry", ["", "{}", "{power_mw: 3}"])
def test_a_misspelt_site_is_told_once_with_the_nearest_name(tmp_path: Path, entry: str) -> None:
    problems = said(tmp_path, f"sites:\n  hk_asic: {entry}\n")
    own = "One of the case's own needs name, destination, legal_zone, operator_parent, access, pue, …."
    assert problems == [f"6:3: 'hk_asic' is no site of the catalogue. Did you mean 'hk_aisc'? {own}"]


def test_every_section_that_takes_from_the_catalogue_is_asked(tmp_path: Path) -> None:
    sections = {"offers": "h200_licenced", "funds": "hkairdy", "stacks": "cudda", "accelerators": "nvidia_h20_96"}
    text = "sites: {hk_aisc: {}}\n" + "".join(f"{section}: {{{name}: {{}}}}\n" for section, name in sections.items())
    near = ("h200_licensed", "hkairdi", "cuda", "nvidia_h20_96gb")
    for problem, name in zip(said(tmp_path, text), near, strict=True):
        assert f"of the catalogue. Did you mean '{name}'?" in problem


def test_what_resembles_nothing_is_pointed_to_the_list(tmp_path: Path) -> None:
    (problem,) = said(tmp_path, "sites: {zzzqq: {}}\n")
    assert "'zzzqq' is no site of the catalogue. `planner catalog sites` lists what there is." in problem


def test_an_entry_of_the_cases_own_is_told_field_by_field(tmp_path: Path) -> None:
    problems = said(tmp_path, "sites: {hk_aisc: {}, own: {power_mw: 3, pue: 1.3}}\n")
    assert any("'tariff_hkd_per_kwh' is missing in sites.own. Add a number" in problem for problem in problems)
    assert not any("of the catalogue" in problem for problem in problems)
