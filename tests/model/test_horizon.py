"""Time: periods, dates and the tree of nodes."""

from __future__ import annotations

from datetime import date

import pytest
from proof import SNAP, plan_of
from pydantic import ValidationError
from tiny import case

from planner.domain.horizon import Horizon, Period, Scenario, build_tree
from planner.domain.horizon import add_months as later


@pytest.mark.parametrize(
    ("text", "start", "end", "days"),
    [
        ("2027q1", "2027-01-01", "2027-04-01", 90),
        ("2028q1", "2028-01-01", "2028-04-01", 91),
        ("2027q4", "2027-10-01", "2028-01-01", 92),
        ("2028m02", "2028-02-01", "2028-03-01", 29),
        ("2027m12", "2027-12-01", "2028-01-01", 31),
        ("2027", "2027-01-01", "2028-01-01", 365),
        ("2028", "2028-01-01", "2029-01-01", 366),
    ],
)
def test_periods(text: str, start: str, end: str, days: int) -> None:
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat(), period.days, str(period)) == (start, end, days, text)


@pytest.mark.parametrize("text", ["2027q5", "2027q0", "2027m13", "2027-01", "27q1", "", "2027Q1"])
def test_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is no period: write 2027q1, 2027m03 or 2027"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-11-20", 3, "2028-02-20"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-01-01", 1.5, "2027-02-16"),  # a month and half of 30.4375 days, 15.2
        ("2027-01-01", 0.5, "2027-01-16"),
        ("2027-01-15", 0, "2027-01-15"),
        ("2027-01-15", -2, "2026-11-15"),
        ("2026-12-01", 12, "2027-12-01"),
    ],
)
def test_months_later(day: str, months: float, result: str) -> None:
    assert later(date.fromisoformat(day), months).isoformat() == result


def test_steps_of_a_horizon() -> None:
    assert [str(p) for p in Horizon(start="2027m11", end="2028m02").periods] == [
        "2027m11",
        "2027m12",
        "2028m01",
        "2028m02",
    ]
    assert [str(p) for p in Horizon(start="2027", end="2029").periods] == ["2027", "2028", "2029"]
    horizon = Horizon(start="2026q4", end="2032q4")
    assert len(horizon.periods) == 25
    assert horizon.end_date == date(2033, 1, 1)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"start": "2027q1", "end": "2027m12"}, "must have the same form"),
        ({"start": "2027q2", "end": "2027q1"}, "the end 2027q1 lies before the start 2027q2"),
        ({"start": "2027q1", "end": "2027q2", "decision_date": "2027-04-01"}, "lies after the first period 2027q1"),
    ],
)
def test_impossible_horizons(values: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Horizon.model_validate(values)


def test_no_order_is_dated_before_the_decision() -> None:
    horizon = Horizon(start="2026q4", end="2027q2", decision_date=date(2026, 11, 20))
    assert [horizon.order_date(p).isoformat() for p in horizon.periods] == ["2026-11-20", "2027-01-01", "2027-04-01"]


def scenarios(**probabilities: float) -> tuple[Scenario, ...]:
    return tuple(Scenario(id=name, probability=share) for name, share in probabilities.items())


def test_no_or_one_scenario_is_a_chain() -> None:
    horizon = Horizon(start="2027q1", end="2027q4")
    for some, known in (((), None), (scenarios(only=1.0), "only")):
        tree = build_tree(horizon, some, {"only": date(2027, 5, 1)})
        assert [n.id for n in tree] == ["2027q1", "2027q2", "2027q3", "2027q4"]
        assert [n.probability for n in tree] == [1, 1, 1, 1]
        assert {n.scenario for n in tree} == {known}
        assert [n.id for n in tree.leaves] == ["2027q4"]


def test_branches_part_in_the_first_period_that_begins_after_the_reveal() -> None:
    # What changes nothing is the trunk, wherever it is listed; `dark` is known from 2027-04-01 on, at once in q2; `late` from 07-02 on, so in q4.
    revealed = {"calm": date(2027, 1, 1), "dark": date(2027, 4, 1), "late": date(2027, 7, 2)}
    tree = build_tree(
        Horizon(start="2027q1", end="2027q4"), scenarios(late=0.2, dark=0.3, calm=0.5), revealed, {"calm"}
    )
    assert {n.id: (n.parent.id if n.parent else None, n.probability, n.scenario) for n in tree} == {
        "2027q1": (None, 1.0, "calm"),
        "2027q2": ("2027q1", 0.7, "calm"),
        "2027q2_dark": ("2027q1", 0.3, "dark"),
        "2027q3": ("2027q2", 0.7, "calm"),
        "2027q3_dark": ("2027q2_dark", 0.3, "dark"),
        "2027q4": ("2027q3", 0.5, "calm"),
        "2027q4_dark": ("2027q3_dark", 0.3, "dark"),
        "2027q4_late": ("2027q3", 0.2, "late"),
    }
    for position in range(4):
        assert sum(n.probability for n in tree.at(position)) == pytest.approx(1)
    for node in tree:
        below = tree.children[node.id]
        assert not below or sum(n.probability for n in below) == pytest.approx(node.probability)


def test_the_root_is_never_split() -> None:
    revealed = {"calm": date(2020, 1, 1), "dark": date(2020, 1, 1)}
    tree = build_tree(Horizon(start="2027q1", end="2027q2"), scenarios(dark=0.5, calm=0.5), revealed, {"calm"})
    assert [n.id for n in tree] == ["2027q1", "2027q2", "2027q2_dark"]


def test_ways_along_a_branch() -> None:
    tree = case(scenarios=SNAP).tree
    leaf = tree.leaves[-1]
    assert [n.id for n in leaf.path] == ["2027q1", "2027q2_snap_embargo", "2027q3_snap_embargo", "2027q4_snap_embargo"]
    assert leaf.at(date(2027, 4, 1)).id == "2027q2_snap_embargo"
    assert leaf.at(date(2027, 3, 31)).id == "2027q1"
    assert leaf.at(date(2020, 1, 1)).id == "2027q1"
    assert leaf.at(date(2040, 1, 1)) is leaf


def test_a_tree_looked_at_along_one_branch() -> None:
    tree = case(scenarios=SNAP).tree
    along = tree.along({"snap_embargo"})
    assert list(along) == list(tree.leaves[-1].path)
    assert along.leaves == tree.leaves[-1:]
    assert along.every_leaf == tree.leaves
    assert along.children[tree.root.id] == (along.leaves[0].path[1],)


def test_the_rule_book_says_when_a_scenario_is_revealed_unless_the_case_does() -> None:
    assert case(scenarios=SNAP).revealed["snap_embargo"] == date(2027, 3, 1)
    own = [SNAP[0], {**SNAP[1], "revealed": "2027-07-01"}]
    assert [n.id for n in case(scenarios=own).tree.at(1)] == ["2027q2"]
    assert [n.id for n in case(scenarios=own).tree.at(2)] == ["2027q3", "2027q3_snap_embargo"]


def test_the_trunk_has_the_law_in_force_whatever_is_listed_first() -> None:
    """An order of 2027q1 ships on 1 April: in the branch of the embargo it is denied, on the trunk it is not."""
    plans = [plan_of(scenarios=listed) for listed in (SNAP, SNAP[::-1])]
    assert plans[0].objective_hkd == pytest.approx(plans[1].objective_hkd, rel=1e-12)
    for name, rows in plans[0].rows.by_name.items():
        assert rows == plans[1].rows.by_name[name], name
    ended = case(scenarios=[{"id": "tightening", "probability": 0.5}, SNAP[1]]).tree
    assert [node.id for node in ended.trunk] == ["2027q1"]
    assert ended.root.scenario is None


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("9999q1", "9999q2", "from 1990 to 2100"),
        ("2027m01", "2090m12", "plan in longer periods"),
        ("1200", "1201", "1990"),
    ],
)
def test_a_horizon_out_of_all_proportion_is_refused(start: str, end: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Horizon(start=start, end=end)
