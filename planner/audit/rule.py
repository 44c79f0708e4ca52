"""What the audit is made of: comparisons, the rules that make them, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from planner.errors import PlannerError

RELATIVE_TOLERANCE = 1e-6
HKD_FLOOR = 10.0
DEVICE_FLOOR = 1e-4
WORK_FLOOR = 1e-3
FAULTS = "faults"
F = TypeVar("F")


class Comparison(NamedTuple):
    """`left sense right` at one place. `size` is the sum of what went into both sides, where that is larger than they are; `many`: so many
    comparisons, of which none fails by more than this one.
    """

    where: tuple[str, ...]
    left: float
    sense: Literal["<=", ">=", "=="]
    right: float
    size: float = 0.0
    many: int = 1

    @property
    def excess(self) -> float:
        """By how much it fails; negative or zero when it holds."""
        gap = self.left - self.right
        return gap if self.sense == "<=" else -gap if self.sense == ">=" else abs(gap)


def hold(count: int) -> Comparison:
    """So many comparisons that hold outright."""
    return Comparison((), 0.0, "==", 0.0, many=count)


class Rule(NamedTuple, Generic[F]):
    """One thing that the audit recomputes: the families or costs it covers, its unit, and what it may be off by."""

    name: str
    covers: tuple[str, ...]
    unit: str
    floor: float
    compare: Callable[[F], Iterator[Comparison]]


@dataclass(frozen=True)
class Check:
    """A rule as it came out: how far the worst comparison fails, and where. `compared` counts the comparisons."""

    name: str
    covers: tuple[str, ...]
    passed: bool
    worst_violation: float
    unit: str
    where: str
    compared: int

    def __str__(self) -> str:
        if self.passed:
            return f"{self.name}: {self.compared} compared, all hold"
        if self.unit == FAULTS:
            return f"{self.name} fails at {self.where.rpartition(':')[0]}: missing, or not what the case knows"
        return f"{self.name} fails by {self.worst_violation:,.6g} {self.unit} at {self.where}"


@dataclass(frozen=True)
class Audit:
    """The verdict on a plan, rule by rule."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)

    def record(self) -> dict[str, object]:
        """As plain data: `{"passed": true, "checks": [...]}`."""
        return {
            "passed": self.passed,
            "checks": [asdict(check) | {"covers": list(check.covers)} for check in self.checks],
        }


class AuditFailed(PlannerError):
    """A plan contradicts its case: the audit recomputed something and found another figure."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        super().__init__("the plan does not stand up to the audit: " + "; ".join(str(check) for check in audit.failed))


def run(rule: Rule[F], facts: F) -> Check:
    """Make all comparisons of a rule; the worst that fails is the one told."""
    compared, worst, where = 0, 0.0, ""
    for comparison in rule.compare(facts):
        _, left, sense, right, size, many = comparison
        compared += many
        # Nearly all hold outright; NaN compares false, so a figure that is none fails.
        if (left - right if sense == "<=" else right - left if sense == ">=" else abs(left - right)) <= rule.floor:
            continue
        excess, size = comparison.excess, max(abs(left), abs(right), size)
        if not excess <= rule.floor + RELATIVE_TOLERANCE * size and (not where or excess > worst):
            worst = excess
            where = f"{','.join(comparison.where)}: {comparison.left:.12g} {comparison.sense} {comparison.right:.12g}"
    return Check(rule.name, rule.covers, not where, worst, rule.unit, where, compared)
