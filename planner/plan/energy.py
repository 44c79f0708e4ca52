"""The tables of energy at the meter and of its carbon, owned and rented devices alike."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.build import Model
from planner.model.constraints.carbon_cap import tonnes_per_mwh
from planner.model.energy import owned_mwh, rented_mwh
from planner.plan.amounts import NEGLIGIBLE, Record
from planner.solve.outcome import Floats


def energy(model: Model, values: Floats) -> Iterator[Record]:
    """Energy at the meter."""
    for node in model.case.tree:
        for (accelerator, site), mwh in _drawn(model, values, node).items():
            if mwh > NEGLIGIBLE:
                yield _record(accelerator, site, node) | {"energy_mwh": mwh}


def carbon(model: Model, values: Floats) -> Iterator[Record]:
    """Carbon of that energy at the grid factor of the site."""
    for node in model.case.tree:
        for (accelerator, site), mwh in _drawn(model, values, node).items():
            tonnes = mwh * tonnes_per_mwh(model.options, model.case.sites[site], node)
            if tonnes > NEGLIGIBLE:
                yield _record(accelerator, site, node) | {"carbon_t": tonnes}


def _drawn(model: Model, values: Floats, node: Node) -> dict[tuple[str, str], float]:
    """MWh at the meter by accelerator and site."""
    found: dict[tuple[str, str], float] = {}
    options, x = model.options, model.columns
    for accelerator, site, draws in (*owned_mwh(options, x, node), *rented_mwh(options, x, node)):
        mwh = sum(mwh * float(values[column]) for column, mwh in draws)
        found[accelerator, site.id] = found.get((accelerator, site.id), 0.0) + mwh
    return found


def _record(accelerator: str, site: str, node: Node) -> Record:
    return {"accelerator": accelerator, "site": site, "node": node.id, "period": str(node.period)}
