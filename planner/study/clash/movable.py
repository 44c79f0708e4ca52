"""Limits that people can move, and how a what-if moves them: `sites.hk_aisc.phases.0.power_mw=+1.3`.

Law and physics are not among them: no export control, no supercomputer ceiling, no service life is ever offered for
easing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.cells import number
from planner.domain.case import Case
from planner.domain.site import Site
from planner.model.build import Model
from planner.model.rows import Row
from planner.model.variables import HKD_PER_MODEL_UNIT
from planner.study.clash.conflict import Slack

Sets = dict[str, Any]
SetsFrom = Callable[[float, date], Sets]


@dataclass(frozen=True)
class Move:
    """How the limit of one row is moved. `size`: the value of the case that it follows; `per_unit`: what one unit of it
    gives the row; `dated`: it can be moved from a day on.
    """

    name: str
    size: float
    per_unit: float
    sets: SetsFrom
    words: Callable[[float, str], str]
    whole: bool = False
    dated: bool = False


@dataclass(frozen=True)
class Knob:
    """A limit that can be moved, with all rows that follow it.

    `sets(amount, from)`: overrides; `words(amount, period)`: the same said.
    """

    slack: Slack
    sets: SetsFrom
    words: Callable[[float, str], str]
    whole: bool
    dated: bool


def knobs(model: Model) -> list[Knob]:
    """Every limit of the model that can be moved."""
    nodes = {node.id: model.case.horizon.order_date(node.period) for node in model.case.tree}
    moves: dict[str, Move] = {}
    rows: dict[str, list[tuple[int, float]]] = {}
    for place, row in enumerate(model.rows):
        if row.family not in _MOVES or row.node is None:
            continue
        move = _MOVES[row.family](model.case, row.subject, row, nodes[row.node])
        if move is not None:
            largest = moves.get(move.name)
            moves[move.name] = move if largest is None or move.size > largest.size else largest
            rows.setdefault(move.name, []).append((place, move.per_unit))
    return [
        Knob(Slack(name, tuple(rows[name]), move.size or 1.0), move.sets, move.words, move.whole, move.dated)
        for name, move in moves.items()
    ]


def _hall(field: str, unit: str) -> Callable[[Case, tuple[str, ...], Row, date], Move | None]:
    def move(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move | None:
        site = case.sites[index[0]]
        if site.phase_on(day) is None:
            return None
        return Move(
            f"{field} of {site.id}", row.limit, 1.0,
            lambda amount, since: _phases(site, field, amount, since),
            lambda amount, period: f"+{amount:g} {unit} at {site.id} from {period}",
            dated=True,
        )  # fmt: skip

    return move


def _phases(site: Site, field: str, amount: float, since: date) -> Sets:
    """The phases in force on the day or later, each with so much more."""
    if field == "power_mw" and site.power_mw is not None:
        return {f"sites.{site.id}.power_mw": f"+{amount:g}"}
    ends = [*(phase.from_date for phase in site.phases[1:]), date.max]
    return {f"sites.{site.id}.phases.{place}.{field}": f"+{amount:g}" for place, end in enumerate(ends) if end > since}


def _supply(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move:
    name, kind = index[0], index[1] if len(index) > 1 else "quarter"
    if kind == "vendor" and case.vendor_supply[name].devices_per_quarter is None:
        return _share(name, case.vendor_supply[name].share.mid, row)
    path, size = {
        "vendor": lambda: (f"vendor_supply.{name}.devices_per_quarter", case.vendor_supply[name].devices_per_quarter or 0.0),
        "total": lambda: (f"offers.{name}.supply_devices_total", case.offers[name].supply_devices_total or 0.0),
        "at_once": lambda: (f"offers.{name}.supply_devices_total", case.offers[name].supply_devices_total or 0.0),
        "device_months": lambda: (f"offers.{name}.supply_device_months", case.offers[name].supply_device_months or 0.0),
        "quarter": lambda: (f"offers.{name}.supply_devices_per_quarter", case.offers[name].supply_devices_per_quarter or 0.0),
    }[kind]()  # fmt: skip
    what = {"total": "devices", "at_once": "devices at once", "device_months": "device-months"}.get(
        kind, "devices a quarter"
    )
    words = lambda amount, period: f"supply of {name} +{amount:,.0f} {what}"  # noqa: E731
    return Move(path, size, row.limit / size if size else 1.0, _plus(path), words, whole=True)


def _share(vendor: str, share: float, row: Row) -> Move:
    """The part of a vendor's output that the plan can order."""
    path = f"vendor_supply.{vendor}.share"
    words = lambda amount, period: f"{share + amount:.3g} of the output of {vendor} in place of {share:.3g}"  # noqa: E731
    return Move(path, share, row.limit / share if share else 1.0, _plus(path), words)


def _licence(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move | None:
    licence, yearly = case.licences[index[0]], len(index) > 1
    path = f"licences.{index[0]}.quota_devices{'_per_year' * yearly}"
    size = (licence.quota_devices_per_year if yearly else licence.quota_devices) or 0.0
    what = f"{_devices(licence.accelerators)}{' a year' * yearly}"
    words = lambda amount, period: f"licence quota +{amount:,.0f} {what}"  # noqa: E731
    per_unit = row.limit / size if size else licence.approval_share.mid
    return Move(path, size, per_unit, _plus(path), words, whole=True) if per_unit > 0 else None


def _devices(accelerators: Iterable[str]) -> str:
    """The devices of a licence, as one word group."""
    return " or ".join(accelerators)


def _budget(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move | None:
    (kind, *rest), whole = index, None
    if kind == "total":
        path, where = "budget_hkd", "of budget"
    elif kind == "ceiling":
        yearly = len(rest) > 1
        whole = case.funds[rest[0]].amount_hkd_per_year if yearly else None
        path, where = f"funds.{rest[0]}.amount_hkd{'_per_year' * yearly}", f"{'a year ' * yearly}in fund {rest[0]}"
    else:
        return None
    size = row.limit * HKD_PER_MODEL_UNIT
    per_unit = row.limit / whole if whole else 1.0 / HKD_PER_MODEL_UNIT
    words = lambda amount, period: f"HKD {_billions(amount)} more {where}"  # noqa: E731
    return Move(path, size, per_unit, _plus(path), words)


def _billions(hkd: float) -> str:
    return f"{hkd / 1e9:g} bn" if hkd >= 1e8 else f"{hkd / 1e6:g} M"


def _carbon(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move | None:
    cap = case.carbon_cap
    if cap is None:
        return None
    path, size = "carbon_cap.tonnes_per_year", cap.tonnes_per_year
    words = lambda amount, period: f"carbon cap +{number(amount, 4)} t a year"  # noqa: E731
    return Move(path, size, row.limit / size if size else 1.0, _plus(path), words)


def _target(case: Case, index: tuple[str, ...], row: Row, day: date) -> Move | None:
    name, target = index[0], case.capacity_targets[index[0]]
    if target.shortfall_hkd_per_pflops is not None:
        return None
    path, size = f"capacity_targets.{name}.pflops", target.pflops
    return Move(
        path, size, 1.0,
        lambda amount, since: {path: size - amount},
        lambda amount, period: f"{name} at {number(size - amount, 4)} in place of {number(size, 4)} PFLOP/s",
    )  # fmt: skip


def _plus(path: str) -> SetsFrom:
    return lambda amount, since: {path: f"+{amount:.10g}"}


_MOVES: dict[str, Callable[[Case, tuple[str, ...], Row, date], Move | None]] = {
    "power": _hall("power_mw", "MW"),
    "cooling": _hall("liquid_cooled_mw", "MW of liquid cooling"),
    "space": _hall("racks", "racks"),
    "supply": _supply,
    "licence_quota": _licence,
    "budget": _budget,
    "carbon_cap": _carbon,
    "capacity_target": _target,
}
