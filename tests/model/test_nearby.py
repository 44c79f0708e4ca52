"""The program of a changed case, made from that of the case: the same to the last term as one that is built from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from random_cases import drawn
from tiny import DEVICE, case, site

from planner.domain.case import Case
from planner.errors import Infeasible, InvalidInput
from planner.intake import read_case
from planner.intake.catalogue import performance_parameters
from planner.intake.overrides.override import override
from planner.intake.shape import nouns
from planner.model.build import Model, build
from planner.model.nearby import REACHES, build_near, reached
from planner.model.placement import Placement
from planner.plan.plan import make_plan
from planner.solve.of_model import arrays

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*/case.yaml"))
HONG_KONG = ROOT / "examples/hong_kong/case.yaml"
FIXED: dict[str, dict[str, Any]] = {
    "budget_hkd": {"budget_hkd": 5e9},
    "budget_hkd, or none": {"budget_hkd": 5e9},
    "tax": {"tax.cann": 0.2},
    "controls": {"controls.nvidia_h20_96gb": "uncontrolled"},
    "title": {"title": "another"},
}
MAPPED = {"sites", "offers", "workloads", "funds", "licences", "vendor_supply", "capacity_targets", "controls"}


def changes(field: str, by: tuple[str, ...]) -> list[dict[str, Any]]:
    """Overrides that move that field wherever the case has it."""
    if field in FIXED:
        return [FIXED[field]]
    section, _, rest = field.partition(".")
    path = f"{section}.*.{rest}" if section in MAPPED else field
    path = path.replace("phases.", "phases.*.").replace("output_per_year", "output_per_year.*")
    return [{path: change} for change in by]


def read(placement: Placement) -> tuple[object, ...]:
    """What is read by way of a run, whose nouns may be those of the case that is near."""
    job, site = placement.workload, placement.site
    ready = placement.stack, placement.ported, placement.mechanisms
    return placement.key, *ready, job.id, job.tenant, job.workload_class, job.peak_over_mean, site.id, site.legal_zone


def facts(model: Model, near: Model | None = None) -> dict[str, Any]:
    """All that a program says, less how law's answers are held."""
    x, options, program = model.columns, model.options, arrays(model, near=near)
    orders = {
        key: (order.offer, order.site, order.whole, order.parts, order.cancelled, [a.day for a in order.arrivals])
        for key, order in options.orders.items()
    }
    own = {placement.key: placement for placement in options.placements}
    assert all(read(run.placement) == read(own[run.placement.key]) for run in x.runs)
    return {
        "rows": model.rows, "lines": model.lines, "columns": x.all, "runs": [(run[0], run.placement.key, *run[2:]) for run in x.runs], "buckets": x.buckets, "draws": x.draw,
        "energy": x.owned_mwh, "free": x.us_free, "orders": orders, "rentals": [(r.offer, r.site) for r in options.rentals.values()],
        "placements": options.placements, "because": [refusal.because for refusal in options.refused],
        **{name: getattr(program, name).tobytes() for name in program.__dataclass_fields__},
    }  # fmt: skip


def differs(before: Case, *by: str, fields: Iterable[str] = REACHES) -> set[str]:
    """The fields that could be tried on the case; every program is held against one that is built from nothing."""
    base, tried = build(before), set()
    for field in fields:
        for sets in changes(field, by):
            try:
                after = override(before, sets)
            except InvalidInput:
                continue
            try:
                wanted = build(after)
            except Infeasible:
                with pytest.raises(Infeasible, match="asks for"):
                    build_near(base, after)
                continue
            made = facts(build_near(base, after), base)
            for what, all_of_it in facts(wanted).items():
                assert made[what] == all_of_it, f"{before.title}: {sets} {what}"
            tried.add(field)
    return tried


def test_a_field_that_is_written_down_is_one_of_the_case() -> None:
    for field in REACHES:
        at: Any = Case
        for name in field.removesuffix(", or none").split("."):
            assert name in at.model_fields, field
            at = next(iter(_nouns_in(at.model_fields[name].annotation)), None)


def _nouns_in(annotation: Any) -> list[Any]:
    """Those that a field holds, in a mapping or a list too."""
    return [*nouns(annotation), *(noun for inner in get_args(annotation) for noun in _nouns_in(inner))]


@pytest.mark.parametrize("seed", range(2))
def test_a_changed_case_has_the_program_that_is_built_from_nothing(seed: int) -> None:
    assert "offers.price_usd_per_device" in differs(case(**drawn(seed)), "*0.6")


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_changed_has_the_program_that_is_built_from_nothing(path: Path) -> None:
    differs(read_case(path).comparable, "*1.07")


@pytest.mark.long
@pytest.mark.parametrize("first", range(2, 26, 6))
def test_random_cases_changed_have_the_program_that_is_built_from_nothing(first: int) -> None:
    for seed in range(first, first + 6):
        differs(case(**drawn(seed)), "*0.6", "*1.07", "+0.01")


@pytest.mark.long
def test_hong_kong_changed_has_the_program_that_is_built_from_nothing() -> None:
    fields = (
        "controls", "economics.discount_rate", "offers.lead_time_months", "offers.price_usd_per_device", "offers.supply_devices_per_quarter",
        "sites.phases.power_mw", "tax", "workloads.output_tokens_per_s",
    )  # fmt: skip
    assert differs(read_case(HONG_KONG).comparable, "*0.6", fields=fields) == set(fields)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_programs_made_from_one_another_stay_those_that_are_built_from_nothing(seed: int) -> None:
    rng = random.Random(seed)
    sets: dict[str, Any] = {}
    before = case(**drawn(seed))
    base = build(before)
    for field in rng.sample(list(REACHES), 12):
        for change in changes(field, ("*0.9",)):
            try:
                after = override(before, sets | change)
                wanted = build(after)
            except (InvalidInput, Infeasible):
                continue
            sets |= change
            made = build_near(base, after)
            assert facts(made, base) == facts(wanted)
            base = made


def test_what_no_field_is_written_down_for_is_built_from_nothing() -> None:
    before = case()
    base = build(before)
    for after in (
        case(workloads={"service": {"peak_over_mean": 2.0}}),
        case(offers={"card": {"supply_devices_per_quarter": 5}}),
        case(sites={"second": site()}),
    ):
        assert reached(before, after) is None
        assert build_near(base, after).rows[0] is not base.rows[0]


def test_the_program_of_a_case_that_changes_nothing_is_the_same_one() -> None:
    before = case()
    base = build(before)
    again = build_near(base, case())
    assert all(row is other for row, other in zip(again.rows, base.rows, strict=True))
    assert again.lines is base.lines


@pytest.mark.parametrize(
    ("changes", "anew"),
    [
        ({"tax": {"cuda": 0.1}}, {"demand"}),
        ({"offers": {"card": {"lead_time_months": 3.1}}}, set()),
        ({"controls": {DEVICE: {"outcome": "uncontrolled"}}}, set()),
    ],
    ids=["tax", "lead time", "controls"],
)
def test_where_the_same_may_be_decided_only_rows_that_are_reached_are_made_anew(
    changes: dict[str, Any], anew: set[str]
) -> None:
    base: dict[str, Any] = {
        "workloads": {"service": {"measured_pflops_per_device": None}},
        "sites": {"hall": {"fit_out_months": 4}},
        "performance": performance_parameters(),
    }
    near = build(case(**base))
    made = build_near(near, case(**base, **changes))
    assert {row.family for row, other in zip(made.rows, near.rows, strict=True) if row.terms is not other.terms} == anew
    assert made.lines is near.lines
    assert facts(made, near) == facts(build(case(**base, **changes)))


def test_what_us_money_keeps_off_hangs_on_what_law_says() -> None:
    base: dict[str, Any] = {
        "offers": {"card": {"accelerator": "huawei_ascend_910c"}},
        "funds": {"us": {"name": "US", "kind": "budget", "origin": "US", "amount_hkd": 1e9}},
    }
    near = build(case(**base))
    after = case(**base, controls={"huawei_ascend_910c": {"outcome": "uncontrolled"}})
    made = build_near(near, after)
    assert made.lines != near.lines
    assert made.columns.all[: len(made.columns.order)] == near.columns.all[: len(near.columns.order)]
    assert facts(made, near) == facts(build(after))


def test_us_money_pays_for_what_stands_by_the_law_of_the_case_that_is_planned() -> None:
    # Nobody lists the maker of this one, so that what law says of the device alone marks it.
    listless = "metax_c500_oam"
    base: dict[str, Any] = {
        "offers": {"card": {"accelerator": listless}},
        "sites": {"hall": {"hosting_hkd_per_kw_month": 900}},
        "workloads": {"service": {"measured_pflops_per_device": {listless: 0.3}}},
        "funds": {"us": {"name": "US", "kind": "budget", "origin": "US", "amount_hkd": 1e9}},
    }
    lawful = {"controls": {listless: {"outcome": "uncontrolled"}}}
    for before, after in ((base, base | lawful), (base | lawful, base)):
        near = build(case(**before))
        made, wanted = build_near(near, case(**after)), build(case(**after))
        assert {line.risky for line in wanted.lines_on("hosting")} == {after is base}
        assert facts(made, near) == facts(wanted)


def test_a_plan_made_near_one_that_was_read_in_another_way_is_built_from_nothing() -> None:
    before, after = case(), case(offers={"card": {"price_usd_per_device": 9_000}})
    near = make_plan(before)
    assert near.built is not None
    near_hkd = make_plan(after, near=near).objective_hkd
    assert np.isclose(near_hkd, make_plan(after).objective_hkd, rtol=1e-9)
