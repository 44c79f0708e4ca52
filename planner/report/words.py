"""How numbers and limits read: `HKD 1.23 bn`, `2027q1 to 2028q4`, `One more MW at hk_aisc … would save HKD 3.1 M`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.cells import number
from planner.domain.case import LOTS, Case

LEAST_HKD = 1e-4
LEAST_SAID_HKD, SAME_PRICE = 0.5, 1e-3
_STEPS = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
COST_WORDS = {"unserved": "unserved work", "residual": "residual value", "shortfall": "missed targets"}


def in_fractions(case: Case) -> list[str]:
    """Said of what a study compares in fractions of lots, though the case is planned in whole ones."""
    if case.overrides.get(LOTS) is not False:
        return []
    return ["In fractions of lots, of which the best can be compared; `planner plan` tells what whole lots cost."]


def overridden(case: Case) -> list[str]:
    """`sites.*.power_mw=*1.2`: what is changed of the case as its file says it, of what a user has set."""
    changes = []
    for path, value in case.overrides.items():
        if path == "scenarios":
            changes.append(f"{listed([scenario.id for scenario in case.scenarios])} known from the start")
        elif (path, value) != (LOTS, False):
            changes.append(f"{path}={'null' if value is None else value}")
    return changes


def money(hkd: float) -> str:
    """HKD in three figures: HKD 1.23 bn, HKD 45.6 M, HKD 789; a saving of five is -HKD 5."""
    return f"{'-' if round(hkd, 2) < 0 else ''}HKD {short(_told(abs(hkd)))}"


def short_money(hkd: float) -> str:
    """The same without the currency, for columns headed by it."""
    return f"{'-' if round(hkd, 2) < 0 else ''}{short(_told(abs(hkd)))}"


def _told(hkd: float) -> float:
    """What is below a hundredth of a cent is what solvers round."""
    return 0.0 if hkd < LEAST_HKD else hkd


def short(amount: float) -> str:
    """A size in three figures: 1.65 M, 4,200 as 4.2 k, 12."""
    for size, name in _STEPS:
        # 999.96 M rounds to 1000 M: it is said as 1 bn.
        if amount >= size * 0.9995:
            return f"{number(amount / size)} {name}"
    return number(amount)


def count(amount: float, noun: str) -> str:
    """`1 device`, `2,400 devices`, `0.5 devices`."""
    return f"{number(amount)} {noun}{'' if amount == 1 else 's'}"


def left_out(rows: int, most: int, by: str = "--json and --format csv show all") -> str:
    """`and 3 more; --json shows all`; nothing where all `rows` are shown."""
    return f"and {rows - most} more; {by}" if rows > most else ""


def percent(share: float) -> str:
    """A share as a percentage that never claims 100 % for less: 100 %, 99.9 %, 62 %, 0.4 %."""
    if share >= 1 - 1e-9 or share <= 1e-9:
        return f"{share:.0%}".replace("%", " %")
    if share > 0.995:
        return f"{min(share * 100, 99.9):.1f} %"
    return f"{share * 100:.0f} %" if share >= 0.1 else f"{share * 100:.2g} %"


def span(first: str, last: str) -> str:
    """`in 2028q1` or `from 2028q1 to 2030q4`."""
    return f"in {first}" if first == last else f"from {first} to {last}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """`a, b and c`; beyond `most` names the rest is counted."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


@dataclass(frozen=True)
class Edge:
    """What easing a limit saves and what tightening it costs, HKD: per unit next to where it is, and by a whole unit.

    `costs` is None where no plan is left, or where only one price is known.
    """

    saves: float
    saves_whole: float | None = None
    costs: float | None = None
    costs_whole: float | None = None

    @property
    def differs(self) -> bool:
        """Whether tightening costs more than easing saves."""
        least = max(LEAST_SAID_HKD, SAME_PRICE * abs(self.costs or 0.0))
        return self.costs is not None and abs(self.costs - self.saves) > least


def limit_sentence(one_more: str, unit: str, edge: Edge) -> str:
    """`One more MW at hk_aisc from 2028q1 to 2032q4 would save HKD 3.1 M, one less would cost HKD 4 M.`"""
    subject = one_more.strip()
    whole = edge.saves if edge.saves_whole is None else edge.saves_whole
    words = f"{subject} {_verb(whole, 'save', 'cost')}"
    if abs(edge.saves - whole) > max(LEAST_SAID_HKD, SAME_PRICE * abs(edge.saves)):
        words += f" ({money(edge.saves)} per {unit} at first)"
    if edge.differs:
        other = "more" if " less " in f"{subject} " else "less"
        if edge.costs_whole is not None:
            words += f", one {other} {_verb(edge.costs_whole, 'cost', 'save')}"
        else:
            words += f", a little {other} {_verb(edge.costs or 0.0, 'cost', 'save')} per {unit}"
    return f"{words}."


def _verb(hkd: float, gain: str, loss: str) -> str:
    if abs(hkd) < LEAST_SAID_HKD:
        return f"would {gain} nothing"
    return f"would {gain if hkd > 0 else loss} {money(abs(hkd))}"


def unopened_sentence(site: str, opens: str, saves_hkd: float | None = None, earlier: str = "") -> str:
    """A hall that is not open has no price of a megawatt, but one of opening earlier."""
    if not opens:
        return f"{site} opens in no period of the plan, so a megawatt there has no price."
    if saves_hkd is None:
        return f"{site} opens in {opens}: before, a megawatt has no price; `explain limits` plans it opened earlier."
    return f"{site} opens in {opens}: opened in {earlier}, it {_verb(saves_hkd, 'save', 'cost')}."
