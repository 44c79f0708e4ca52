"""The tables of energy at the meter and of its carbon, owned and rented devices alike."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model.build import Model
from planner.model.constraints.carbon_cap import carbon_terms
from planner.model.energy import owned_mwh, rented_mwh
from planner.solve.amounts import NEGLIGIBLE, Record
from planner.solve.outcome import Floats


def energy(model: Model, values: Floats) -> Iterator[Record]:
    """Energy at the meter, owned and rented."""
    for node in model.case.tree:
        draws_mwh: dict[tuple[str, str], float] = {}
        for column, mwh, accelerator, site in (
            *owned_mwh(model.options, model.columns, node), *rented_mwh(model.options, model.columns, node),
        ):  # fmt: skip
            draws_mwh[accelerator, site.id] = draws_mwh.get((accelerator, site.id), 0.0) + mwh * float(values[column])
        for (accelerator, site_id), mwh in draws_mwh.items():
            if mwh > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator,
                    "site": site_id,
                    "node": node.id,
                    "period": str(node.period),
                    "energy_mwh": mwh,
                }


def carbon(model: Model, values: Floats) -> Iterator[Record]:
    """Carbon of that energy at the grid factor of the site."""
    for node in model.case.tree:
        tonnes: dict[tuple[str, str], float] = {}
        for column, t in carbon_terms(model.options, model.columns, node):
            index = model.columns.all[column].index
            accelerator = _device_of(model, column)
            tonnes[accelerator, index[-2]] = tonnes.get((accelerator, index[-2]), 0.0) + t * float(values[column])
        for (accelerator, site), t in tonnes.items():
            if t > NEGLIGIBLE:
                yield {
                    "accelerator": accelerator,
                    "site": site,
                    "node": node.id,
                    "period": str(node.period),
                    "carbon_t": t,
                }


def _device_of(model: Model, column: int) -> str:
    index = model.columns.all[column].index
    return model.case.offers[index[0]].accelerator if model.columns.all[column].kind == "rent" else index[-3]
