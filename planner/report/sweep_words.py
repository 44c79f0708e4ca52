"""How runs of a sweep and their measures read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.report.words import money, percent, short_money

if TYPE_CHECKING:
    from planner.study.sweep.designs import Point
    from planner.study.sweep.runs import Run

SAME_HKD = 1.0
COLUMNS = ("objective_hkd", "spending_hkd", "unserved_share", "carbon_t", "main_purchase")
WORDS = {
    "objective_hkd": "cost",
    "spending_hkd": "spending",
    "unserved_share": "work unserved",
    "carbon_t": "carbon (t CO2e)",
    "main_purchase": "main purchase",
}


def flat(run: Run) -> dict[str, Any]:
    """A run as one record: what was set, how it ended, its measures."""
    return {**run.point, "status": run.status, **{name: run.measures.get(name) for name in COLUMNS}}


def measured(run: Run) -> tuple[str, ...]:
    """The measures of a run as the cells of a table."""
    if run.status != "optimal":
        return (run.status, "", "", "", "")
    return tuple(amount(name, run.measures[name]) for name in COLUMNS)


def amount(name: str, value: Any) -> str:
    """A measure in its own unit."""
    if name == "main_purchase":
        return purchase(value)
    if name.endswith("_hkd"):
        return short_money(value)
    return percent(value) if name.endswith("_share") else number(value)


def change_words(change: float | None) -> str:
    """A change of the cost, for a table."""
    return "no plan" if change is None else short_money(change) if abs(change) > SAME_HKD else "0"


def purchase(name: str | None) -> str:
    """The name of a main purchase."""
    return name or "nothing"


def point_words(point: Point) -> str:
    """What a run sets, as `a=1, b=2`."""
    return ", ".join(f"{path}={value_words(value)}" for path, value in point.items()) or "the case as it is"


def value_words(value: Any) -> str:
    """A value of a parameter: 1,200, 2.5e9, uncontrolled."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "null" if value is None else str(value)
    # As exact as it may be given again: values of a fine grid must not read alike.
    return number(value, 6) if abs(value) < 1e6 else f"{value:.6g}".replace("e+0", "e").replace("e+", "e")


def moved(value: Any, change: float | None) -> str:
    """`falls by HKD 2 M at 1.3`, as the end of a sentence about the cost."""
    if change is None:
        return f"has no plan at {value_words(value)}"
    verb = f"{'rises' if change > 0 else 'falls'} by {money(abs(change))}" if round(change) else "stays"
    return f"{verb} at {value_words(value)}"


def short_names(paths: Sequence[str]) -> list[str]:
    """The ends of the paths, as long as it takes to tell them apart."""
    for parts in range(1, 10):
        names = [".".join(path.split(".")[-parts:]) for path in paths]
        if len(set(names)) == len(set(paths)):
            return names
    return list(paths)
