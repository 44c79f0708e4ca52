"""Vandalism: a good small document, one cell broken at a time, the whole sentence with its place."""

from datetime import date
from typing import Literal

import pytest
from pydantic import Field, model_validator

from planner.domain.base import Id, Noun, Range
from planner.errors import InvalidInput, did_you_mean
from planner.intake.document import ANY
from planner.intake.strict_yaml import loads
from planner.intake.validate import Checks, validate


class Phase(Noun):
    from_date: date
    power_mw: float = Field(ge=0, description="power at the meter, MW")


class Site(Noun):
    name: str
    access: Literal["own", "rent", "both"]
    pue: float = Field(ge=1, le=3, description="facility power over IT power")
    tariff_hkd_per_kwh: Range
    racks: int | None = Field(None, gt=0)
    public: bool = False
    phases: tuple[Phase, ...] = ()
    facts: dict[str, bool | float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _owners_need_power(self) -> "Site":
        if self.access == "own" and not self.phases:
            raise ValueError("access own needs phases; give at least one")
        return self


class Town(Noun):
    version: Literal[1] = 1
    title: str
    budget_hkd: float | None = Field(None, ge=0, description="ceiling on all spending")
    start: str = Field("2027-01-05", pattern=r"^\d{4}-\d{2}-\d{2}$")
    tags: tuple[Id, ...] = ()
    sites: dict[Id, Site] = Field(min_length=1)


GOOD = """\
title: Two halls
budget_hkd: 1e6
start: 2027-01-05
tags: [a, b]
sites:
  north:
    name: North
    access: own
    pue: 1.5
    tariff_hkd_per_kwh: 1.2
    racks: 40
    public: true
    phases:
      - from_date: 2027-01-05
        power_mw: 2.5
    facts: {listed: true, share: 0.4, home: no}
  south:
    name: South
    access: rent
    pue: 2
    tariff_hkd_per_kwh: {low: 1, mid: 1.2, high: 1.4}
"""


def broken(old: str, new: str) -> list[str]:
    assert GOOD.count(old) == 1
    with pytest.raises(InvalidInput) as caught:
        validate(Town, loads(GOOD.replace(old, new), "town.yaml"))
    return [str(problem) for problem in caught.value.problems]


def test_the_good_document_is_good():
    town = validate(Town, loads(GOOD))
    assert town.budget_hkd == 1_000_000
    assert town.sites["north"].phases[0].from_date == date(2027, 1, 5)
    assert town.sites["north"].facts == {"listed": True, "share": 0.4, "home": "no"}
    assert town.sites["south"].tariff_hkd_per_kwh == Range(low=1, mid=1.2, high=1.4)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title: Two halls", "title: 2027", "1:8: 'title' is 2027, not text. Put it in quotes: '2027'."),
        ("title: Two halls", "title: true", "1:8: 'title' is true, not text. Put it in quotes: 'true'."),
        ("title: Two halls", "title: 1e6", "1:8: 'title' is 1e6, not text. Put it in quotes: '1e6'."),
        ("title: Two halls", "title: [x]", "1:8: 'title' is a list, not text. Write text."),
        (
            "title: Two halls",
            "title:",
            "1:7: 'title' is empty, not text. Write it, or remove the line if there is a default.",
        ),
        ("title: Two halls", "titel: Two halls", "1:1: unknown key 'titel'. Did you mean 'title'?"),
        (
            "budget_hkd: 1e6",
            "budget_hkd: 9,500",
            "2:13: 'budget_hkd' is '9,500', not a number. Write 9500, no separators.",
        ),
        (
            "budget_hkd: 1e6",
            "budget_hkd: 120 million",
            "2:13: 'budget_hkd' is '120 million', not a number. Write 120000000, no words and no separators.",
        ),
        (
            "budget_hkd: 1e6",
            "budget_hkd: HK$ 5",
            "2:13: 'budget_hkd' is 'HK$ 5', not a number. Write 5; the currency is in the name.",
        ),
        ("budget_hkd: 1e6", "budget_hkd: '12'", "2:13: 'budget_hkd' is '12', not a number. Write 12, without quotes."),
        (
            "budget_hkd: 1e6",
            "budget_hkd: true",
            "2:13: 'budget_hkd' is true, not a number. Write a number: ceiling on all spending.",
        ),
        (
            "budget_hkd: 1e6",
            "budget_hkd: -1",
            "2:13: 'budget_hkd' is -1, but must be at least 0. It means: ceiling on all spending.",
        ),
        ("start: 2027-01-05", "start: 5 Jan 2027", "3:8: 'start' is '5 Jan 2027', not a date. Write it as 2027-01-05."),
        ("tags: [a, b]", "tags: a", "4:7: 'tags' is 'a', not a list. Write [a, b], or begin each entry with `- `."),
        ("tags: [a, b]", "tags: [a, B c]", "4:11: 'B c' is no id. Write lower snake case, such as 'b_c'."),
        ("  north:", "  North-1:", "6:3: 'North-1' is no id. Write lower snake case, such as 'north_1'."),
        (
            "access: own",
            "access: onw",
            "8:13: 'access' is 'onw', which is none of own, rent, both. Did you mean 'own'?",
        ),
        ("access: own", "access: 3", "8:13: 'access' is 3, which is none of own, rent, both. Write one of them."),
        ("title: Two halls", "title: x\nversion: 2", "2:10: 'version' is 2, which is not 1. Did you mean '1'?"),
        (
            "pue: 1.5",
            "pue: 0.5",
            "9:10: 'pue' is 0.5, but must be at least 1. It means: facility power over IT power.",
        ),
        ("pue: 1.5", "pue: 010", "9:10: 010 begins with a zero. Write 10 for the number or '010' for the text."),
        ("pue: 1.5", "pue: 12:30", "9:10: 'pue' is '12:30', not a number. Write the number only."),
        ("pue: 1.5", "pue: .inf", "9:10: 'pue' is '.inf', not a number. Write the number only."),
        (
            "pue: 1.5",
            "pue: 1.5\n    pue: 1.6",
            "10:5: key 'pue' is given twice, first on line 9. Remove one of the two.",
        ),
        ("pue: 1.5\n", "\n", "6:3: 'pue' is missing in sites.north. Add a number: facility power over IT power."),
        (
            "tariff_hkd_per_kwh: 1.2\n",
            "tariff_hkd_per_kwh: {low: 3, mid: 2, high: 1}\n",
            "10:31: low, mid and high must rise: 3.0, 2.0, 1.0. Put them in order.",
        ),
        (
            "tariff_hkd_per_kwh: 1.2\n",
            "tariff_hkd_per_kwh: 1.2 HKD/kWh\n",
            "10:25: 'tariff_hkd_per_kwh' is '1.2 HKD/kWh', not a number. Write 1.2; the unit is in the name.",
        ),
        ("racks: 40", "racks: 40.5", "11:12: 'racks' is 40.5, not a whole number. Write a whole number: in racks."),
        ("public: true", "public: yes", "12:13: 'public' is 'yes', not true or false. Write true."),
        ("public: true", "public: off", "12:13: 'public' is 'off', not true or false. Write false."),
        ("public: true", "public: 1", "12:13: 'public' is 1, not true or false. Write true or false."),
        (
            "- from_date: 2027-01-05",
            "- from_date: 2027-02-30",
            "14:20: 2027-02-30 is no day of the calendar. Correct the date.",
        ),
        (
            "- from_date: 2027-01-05",
            "- from_date: 20270105",
            "14:20: 'from_date' is 20270105, not a date. Write it as 2027-01-05.",
        ),
        (
            "power_mw: 2.5",
            "power_mw: 10 MW",
            "15:19: 'power_mw' is '10 MW', not a number. Write 10; the unit is in the name.",
        ),
        (
            "power_mw: 2.5",
            "power_mw: 500 kW",
            "15:19: 'power_mw' is '500 kW', not a number. Write the number in MW, without its unit.",
        ),
        ("power_mw: 2.5", "power_kw: 2.5", "15:9: unknown key 'power_kw'. Did you mean 'power_mw'?"),
        (
            "share: 0.4",
            "share: [1]",
            "16:34: 'share' is a list, not true, false, a number or text. Write true, false, a number or text.",
        ),
        (
            "access: rent",
            "access: own",
            "19:13: access own needs phases. Give at least one.",
        ),
    ],
)
def test_one_broken_cell_one_sentence(old, new, sentence):
    found = broken(old, new)
    assert f"town.yaml:{sentence}" in found
    extra = [line for line in found if line != f"town.yaml:{sentence}"]
    # A misspelt key is missing under its right name too; nothing else may follow from one broken cell.
    assert all("is missing" in line for line in extra)
    assert len(extra) <= ("unknown key" in sentence)


@pytest.mark.parametrize("text", ["", "3", "- a", "# only a comment"])
def test_what_is_no_mapping_is_told_its_keys(text):
    with pytest.raises(InvalidInput) as caught:
        validate(Town, loads(text, "town.yaml"))
    assert "Give it these keys: version, title, budget_hkd, start, tags, sites." in str(caught.value)


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = "sites:\n  a: {name: x, access: own, pue: 9, tariff_hkd_per_kwh: 1}\n  a: 3\nbudget_hkd: 9,500\npwer: 010\n"
    with pytest.raises(InvalidInput) as caught:
        validate(Town, loads(text, "town.yaml"))
    places = [(problem.line, problem.column) for problem in caught.value.problems]
    assert places == sorted(places)
    assert [line.split(": ", 1)[0] for line in str(caught.value).splitlines()] == [
        "town.yaml:1:1",
        "town.yaml:2:34",
        "town.yaml:3:3",
        "town.yaml:4:13",
        "town.yaml:5:1",
        "town.yaml:5:7",
    ]


def test_checks_run_with_the_other_problems_and_name_the_nearest():
    def tags_are_sites(checks: Checks) -> None:
        known = tuple(checks.document.unchecked["sites"])
        for path, name in checks.document.each("tags", ANY):
            if name not in known:
                checks.problem(path, f"'{name}' is no site", did_you_mean(name, known, "Add it under `sites`."))

    text = GOOD.replace("[a, b]", "[north, suoth, xyz]").replace("pue: 2", "pue: two")
    with pytest.raises(InvalidInput) as caught:
        validate(Town, loads(text, "town.yaml"), checks=[tags_are_sites])
    assert [str(problem) for problem in caught.value.problems] == [
        "town.yaml:4:15: 'suoth' is no site. Did you mean 'south'?",
        "town.yaml:4:22: 'xyz' is no site. Add it under `sites`.",
        "town.yaml:20:10: 'pue' is 'two', not a number. Write the number only.",
    ]


def test_merged_data_are_checked_in_place_of_the_documents():
    document = loads("title: x\nsites:\n  a:\n", "town.yaml")
    merged = {"title": "x", "sites": {"a": {"name": "A", "access": "rent", "pue": 9, "tariff_hkd_per_kwh": 1}}}
    with pytest.raises(InvalidInput) as caught:
        validate(Town, document, data=merged)
    assert str(caught.value).startswith("town.yaml:3:3: 'pue' is 9, but must be at most 3.")


@pytest.mark.slow
def test_a_wrong_file_is_not_told_for_ever():
    with pytest.raises(InvalidInput) as caught:
        validate(Town, loads("".join(f"k{n}: 1\n" for n in range(1500)), "town.yaml"))
    assert len(caught.value.problems) == 1001
    # 1,500 unknown keys, and two that are missing.
    assert "town.yaml:1:1: 502 more problems are not told. Right the others first." in str(caught.value)
    with pytest.raises(InvalidInput) as caught:
        loads("a: 1\n" * 1500, "town.yaml")
    assert len(caught.value.problems) == 1000


def test_any_type_that_pydantic_knows_can_be_asked_for():
    assert validate(list[Phase], loads("- {from_date: 2027-01-05, power_mw: 1}\n"))[0].power_mw == 1
    with pytest.raises(InvalidInput) as caught:
        validate(list[Phase], loads("- {from_date: 2027-01-05, power_mw: -1}\n- 3\n", "p.yaml"))
    assert [str(problem) for problem in caught.value.problems] == [
        "p.yaml:1:37: 'power_mw' is -1, but must be at least 0. It means: power at the meter, MW.",
        "p.yaml:2:3: entry 2 is 3, not a mapping. Indent its keys below it: from_date, power_mw.",
    ]
