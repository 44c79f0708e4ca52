"""The program of a case much like one whose program is there: what the change does not reach is taken over.

Which parts of the program a field reaches is written down here, for the numbers that what-ifs move. Whatever else differs is taken
to reach all of it, and so is a number that one case gives and the other does not.

    lines of a cost        what it is spent on
    spending               what funds may draw for the lines, and the rows that add lines up
    a constraint family    its rows, and the bounds of its columns
    options                what may be decided is looked for anew; all of the program where that makes other columns
    speeds                 what devices do, and the rows in which that counts
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.collector import uncollected
from planner.domain.base import Noun, Range
from planner.domain.case import Case
from planner.model.alike import same_choices, same_law
from planner.model.build import Model, build, program, rows_of, spend
from planner.model.constraints import FAMILIES, supercomputer_ceiling
from planner.model.costs import COSTS
from planner.model.declare import bounded, speeded
from planner.model.options import Options, find_options
from planner.model.variables import Columns

Parts = frozenset[str]
NOTHING: Parts = frozenset()
SPENDING, OPTIONS, SPEEDS = "spending", "options", "speeds"
SPENT = frozenset({SPENDING, "budget", "tail_cost"})


def spent_on(*costs: str) -> Parts:
    """What a price reaches: the lines of these costs, and all that adds lines up."""
    return SPENT | {f"lines of {cost}" for cost in costs}


ROOM = frozenset({"power", "cooling", "space", "supercomputer_ceiling"})
SUPPLY = frozenset({"supply", "supercomputer_ceiling"})
WORK = frozenset({"demand", "parallelism", "data_governance", "porting"})
LAWFUL = spent_on(*COSTS) | {"licence_quota"}
"""What hangs on the answers of law beside columns: fees, licences, and what US money keeps off."""
REACHES: Mapping[str, Parts] = {
    **dict.fromkeys(("title", "description", "overrides", "variants"), NOTHING),
    "capacity_targets.shortfall_hkd_per_pflops": spent_on("shortfall"),
    "economics.carbon_price_hkd_per_tonne": spent_on("carbon"),
    "economics.discount_rate": spent_on(*COSTS),
    "economics.engineer_hkd_per_month": spent_on("porting"),
    "economics.freight_share": spent_on("freight"),
    "economics.hkd_per_usd": spent_on(*COSTS),
    "economics.insurance_share_per_year": spent_on("insurance"),
    "economics.maintenance_share_per_year": spent_on("maintenance"),
    "economics.new_price_growth_per_year": spent_on("purchase", "freight", "residual"),
    "economics.rent_growth_per_year": spent_on("rental"),
    "economics.staff_hkd_per_device_year": spent_on("staff"),
    "economics.used_price_growth_per_year": spent_on("purchase", "freight", "residual"),
    "offers.deposit_share": spent_on("purchase"),
    "offers.price_growth_per_year": spent_on("purchase", "freight", "residual", "rental"),
    "offers.price_usd_per_device": spent_on("purchase", "freight", "maintenance", "insurance", "residual"),
    "offers.rent_usd_per_device_hour": spent_on("rental"),
    "sites.demand_charge_hkd_per_kw_month": spent_on("demand_charge"),
    "sites.fit_out_hkd_per_kw": spent_on("fit_out"),
    "sites.hosting_hkd_per_kw_month": spent_on("hosting"),
    "sites.tariff_growth_per_year": spent_on("energy"),
    "sites.tariff_hkd_per_kwh": spent_on("energy"),
    "workloads.unserved_hkd_per_pflops_day": spent_on("unserved"),
    **dict.fromkeys(("budget_hkd", "budget_hkd, or none", "funds.amount_hkd", "funds.amount_hkd_per_year", "funds.share_max"), frozenset({"budget"})),
    **dict.fromkeys(("sites.power_mw", "sites.phases.power_mw", "sites.phases.liquid_cooled_mw", "sites.phases.racks"), ROOM),
    **dict.fromkeys(("offers.supply_devices_per_quarter", "offers.supply_devices_total", "offers.supply_growth_per_year"), SUPPLY),
    **dict.fromkeys(
        (
            "vendor_supply.devices_per_quarter",
            "vendor_supply.growth_per_year",
            "vendor_supply.output_per_year",
            "vendor_supply.output_scale",
            "vendor_supply.share",
        ),
        frozenset({"supply"}),
    ),
    **dict.fromkeys(
        (
            "workloads.demand_pflops",
            "workloads.growth_per_year",
            "workloads.output_tokens_per_s",
            "workloads.requests_per_s",
            "workloads.work_pflops_days",
        ),
        WORK,
    ),
    **dict.fromkeys(
        ("licences.approval_share", "licences.quota_devices", "licences.quota_devices_per_year"), frozenset({"licence_quota"})
    ),
    "capacity_targets.pflops": frozenset({"capacity_target"}),
    "carbon_cap.tonnes_per_year": frozenset({"carbon_cap"}),
    "vendor_share.max_share": frozenset({"vendor_share"}),
    "zone_share.max_share": frozenset({"zone_share"}),
    **dict.fromkeys(("offers.lead_time_months", "offers.transit_months", "sites.fit_out_months"), frozenset({OPTIONS})),
    **dict.fromkeys(("controls", "controls.outcome", "controls.start"), frozenset({OPTIONS})),
    "tax": WORK | {OPTIONS, SPEEDS, "vendor_share", "zone_share", "capacity_target"},
}  # fmt: skip


def reached(before: Case, after: Case) -> Parts | None:
    """The parts of the program that differ between two cases; None where all of it may."""
    parts: set[str] = set()
    for field in dict.fromkeys(_moved(before, after)):
        if field not in REACHES:
            return None
        parts |= REACHES[field]
    return frozenset(parts)


@uncollected
def build_near(near: Model, case: Case) -> Model:
    """The program of a case, as `build` makes it, from that of a case much like it, itself as built. Raises what `build` does."""
    parts = None if case.whole.lots else reached(near.case, case)
    if parts is None:
        return build(case)
    # Nodes are told apart by identity, and what is taken over speaks of those that are there.
    vars(case)["tree"] = near.case.tree
    if OPTIONS not in parts:
        options = near.options.of(case)
    else:
        options = find_options(case, law=near.options.law.of(case), speeds=near.options.speeds.of(case))
        options.know_time_of(near.options)
        if not same_choices(options, near.options):
            return program(options)
        if not same_law(options, near.options):
            parts |= LAWFUL
    x = _with_nouns(near, options)
    if LAWFUL <= parts:
        # What stands is known with whether US rules mark it.
        x = x.but(owned=[])
    if SPEEDS in parts:
        x = speeded(options, x)
    if (case.workloads, case.capacity_targets) != (near.case.workloads, near.case.capacity_targets):
        x = bounded(options, x)
    if "supercomputer_ceiling" in parts and (anew := _free_anew(options, x)).us_free != x.us_free:
        x, parts = anew, parts | SPENT
    lines = near.lines
    if SPENDING in parts:
        x = x.without_spending()
        lines = spend(options, x, {cost: near.lines_on(cost) for cost in COSTS if f"lines of {cost}" not in parts})
    rows = {family.name: near.rows_of(family.name) for family in FAMILIES}
    for family in FAMILIES:
        if family.name in parts:
            rows[family.name] = rows_of(family, options, x)
    return Model(options, x, lines, tuple(row for some in rows.values() for row in some))


def _free_anew(options: Options, x: Columns) -> Columns:
    """The columns before anything is spent, with those of halls that may be declared free, the last of them, declared anew."""
    before = x.without_spending()
    anew = before.but(all=before.all[: len(before.all) - len(x.us_free)], us_free={})
    supercomputer_ceiling.declare(options, anew)
    return anew


def _with_nouns(near: Model, options: Options) -> Columns:
    """The columns, with the sites of these options in what they draw. What runs keeps its nouns: of a workload or a site
    nothing is read by way of a run that is named above.
    """
    x, sites = near.columns, options.case.sites
    if sites == near.case.sites:
        return x
    drawn = {node: [draw._replace(site=sites[draw.site.id]) for draw in draws] for node, draws in x.owned_mwh.items()}
    return x.but(owned_mwh=drawn)


def _moved(before: object, after: object, field: str = "") -> Iterator[str]:
    """The fields in which two values differ, without ids and places in a list."""
    if before is after:
        return
    if isinstance(before, Noun) and type(before) is type(after) and not isinstance(before, Range):
        for name in type(before).model_fields:
            yield from _moved(getattr(before, name), getattr(after, name), f"{field}.{name}" if field else name)
    elif isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        for one, other in zip(before.values(), after.values(), strict=True):
            yield from _moved(one, other, field)
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _moved(one, other, field)
    elif before != after:
        yield field if before is not None and after is not None else f"{field}, or none"
