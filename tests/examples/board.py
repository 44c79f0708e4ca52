"""Hong Kong's plan as its planner tells it to the board: every sentence is made of figures that are read off the plan's tables, and
kept in `expected/board.json`. `python tests/examples/example_runs.py hong_kong` writes them and the README's part anew.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

from planner.cells import number
from planner.intake import read_case
from planner.intake.overrides.override import override
from planner.intake.read import inputs_sha256
from planner.plan.plan import Plan, make_plan
from planner.plan.rows import sums
from planner.report import deciding
from planner.report.reach import keeps
from planner.report.summary import summarise
from planner.report.sweep import change_words, value_words
from planner.report.words import count, listed, money, percent
from planner.study.reach.alone import Reach
from planner.study.reach.answer import Story, story
from planner.study.reach.moves import FAMILIES
from planner.study.reach.standing import standing_pflops
from planner.study.whatif.variant import joined

FOLDER = Path(__file__).parents[2] / "examples" / "hong_kong"
BEGIN, END = "<!-- written by tests/examples/example_runs.py -->\n", "<!-- end of what is written -->\n"
TARGET, ANNOUNCED = "sandy_ridge_2032", "no_assumed_generations"
SOON = "2028"
Facts = dict[str, Any]


def facts(plan: Plan) -> Facts:
    """What the board is told of the plan itself, in the units of its tables."""
    summary, rows = summarise(plan), plan.rows
    orders = {(row["offer"], row["site"], row["node"]): row for row in rows.orders}
    first = min(row["period"] for row in orders.values())
    devices = sums(orders.values(), "accelerator", "devices")
    carbon: dict[str, float] = {}
    for row in rows.carbon:
        carbon[row["period"][:4]] = carbon.get(row["period"][:4], 0.0) + row["carbon_t"]
    rented = summary.rented[0]
    asked = math.fsum(work.asked_pflops_days for work in summary.served)
    return {
        "first_period": summary.first_period,
        "last_period": summary.last_period,
        "objective_hkd": plan.objective_hkd,
        "missing_hkd": plan.cost_hkd["shortfall"],
        "unserved_hkd": plan.cost_hkd["unserved"],
        "bound_hkd": summary.divisible_hkd,
        "gap": summary.gap,
        "unserved_share": math.fsum(work.unserved_pflops_days for work in summary.served) / asked,
        "orders": len(orders),
        "first_order": first,
        "first_orders": [
            [row["devices"], row["accelerator"], row["site"]] for row in orders.values() if row["period"] == first
        ],
        "devices": sum(devices.values()),
        "devices_by_kind": devices,
        "last_year": summary.last_period[:4],
        "devices_last_year": math.fsum(
            row["devices"] for row in orders.values() if row["period"][:4] == summary.last_period[:4]
        ),
        "bought_hkd": math.fsum(holding.hkd for holding in summary.bought),
        "rented_hkd": math.fsum(holding.hkd for holding in summary.rented),
        "rented_most": [rented.accelerator, rented.site, rented.hkd],
        "targets": {
            name: [target.pflops, target.by, standing_pflops(plan, name)]
            for name, target in plan.case.capacity_targets.items()
        },
        "alone": [[reach.kind, reach.pflops, reach.enough] for missed in summary.missed for reach in missed.alone],
        "paid": summary.treasury.paid,
        "spent": [
            fund.fund for fund in summary.treasury.funds if fund.closing_hkd is not None and fund.closing_hkd < 1e6
        ],
        "offers": summary.offers,
        "never_lawful": len(summary.never_lawful),
        "unannounced": list(summary.unannounced),
        "unannounced_hkd": math.fsum(
            h.hkd for h in (*summary.bought, *summary.rented) if h.accelerator in summary.unannounced
        ),
        "carbon_t": carbon,
        "carbon_cap_t": plan.case.carbon_cap.tonnes_per_year if plan.case.carbon_cap else None,
        "conditional": sorted(
            {a for c in summary.conditions if c.outcome == "compliance_risk" for a in c.accelerators}
        ),
    }


def changes(base: Plan) -> Facts:
    """What meets the target, and what the case's variants cost: in fractions of lots, from the plan `base`."""
    return {"way": _way(story(base, TARGET, tuple(FAMILIES), lambda doing: None)), "variants": variants(base)}


def variants(base: Plan) -> dict[str, Any]:
    """By variant of the case: its description, what it costs, and what then stands at Sandy Ridge; first the case itself."""
    found = {"": ["As it stands", base.objective_hkd, standing_pflops(base, TARGET)]}
    for name, variant in base.case.variants.items():
        plan = make_plan(override(base.case, joined(base.case, [name], None)[0]), near=base)
        found[name] = [variant.description, plan.objective_hkd, standing_pflops(plan, TARGET)]
        if name == ANNOUNCED:
            found[name].append(soon(plan))
    found[""].append(soon(base))
    return found


def soon(plan: Plan) -> dict[str, float]:
    """By kind, devices ordered before SOON."""
    orders = {(row["offer"], row["site"], row["node"]): row for row in plan.rows.orders if row["period"][:4] < SOON}
    return sums(orders.values(), "accelerator", "devices")


def _way(told: Story) -> Facts:
    way = told.way
    assert way
    assert way.proof
    return {
        "moved": [[entry.kind, entry.factor, [change.words for change in entry.changes]] for entry in way.moved],
        "sets": way.sets,
        "objective_hkd": way.proof.objective_hkd,
        "more_hkd": way.proof.more_hkd,
        "missing_hkd": way.proof.missing_hkd,
    }


@cache
def names() -> dict[str, str]:
    """By id of a device, site or fund of the case: how the board calls it."""
    case = read_case(FOLDER / "case.yaml")
    full = {key: noun.name for nouns in (case.accelerators, case.sites, case.funds) for key, noun in nouns.items()}
    return {key: name.split(" (")[0].split(", up to")[0].replace(", ", " by ") for key, name in full.items()}


def section(f: Facts) -> str:
    """The README's part, from the facts."""
    lines = [f"- **{head}**: {' '.join(said)}" for head, said in _points(f).items()]
    return "\n".join([_first(f), "", *lines, "", *_ways(f), "", *_variants(f), "", *_assumptions(), ""])


def _first(f: Facts) -> str:
    paid = f["objective_hkd"] - f["missing_hkd"] - f["unserved_hkd"]
    return (
        f"From {f['first_period']} to {f['last_period']} the plan costs {money(f['objective_hkd'])} in present value: {money(paid)} is spent, less what devices are "
        f"still worth, {money(f['missing_hkd'])} are for what is missing at Sandy Ridge, {money(f['unserved_hkd'])} for {percent(f['unserved_share'])} of the work, which is not "
        f"done. It comes in whole lots; no plan costs less than {money(f['bound_hkd'])}, and this one is within {percent(f['gap'])} of the best."
    )


def _points(f: Facts) -> dict[str, list[str]]:
    stands, asked = f["targets"][TARGET][2], f["targets"][TARGET][0]
    midscale = f["targets"]["midscale"]
    year, most = max(f["paid"].items(), key=lambda pair: pair[1])
    first = [f"{number(devices)} {names()[kind]} for {names()[site]}" for devices, kind, site in f["first_orders"]]
    kinds = sorted(f["devices_by_kind"].items(), key=lambda pair: -pair[1])
    device, site, rent = f["rented_most"]
    peak_year, peak_t = max(f["carbon_t"].items(), key=lambda pair: pair[1])
    alone = [Reach(*entry) for entry in f["alone"]]
    free = f["variants"]["no_carbon_cap"][1] - f["variants"][""][1]
    price = "costs nothing" if abs(free) < 1e4 else f"costs {money(-free)}"
    return {
        "To sign": [
            f"The first order is due in {f['first_order']}: {listed(first)}.",
            f"{count(f['orders'], 'order')} bring {number(f['devices'], 4)} devices for {money(f['bought_hkd'])}: "
            f"{listed([f'{number(n)} {names()[kind]}' for kind, n in kinds], 6)}.",
            f"{percent(f['devices_last_year'] / f['devices'])} of them are ordered in {f['last_year']}.",
        ],
        "To rent": [
            f"Rents cost {money(f['rented_hkd'])}, the most of it, {money(rent)}, for {names()[device]} at {names()[site]}."
        ],
        "Midscale": [f"{number(midscale[0])} PFLOP/s are asked for by {midscale[1]}, and {number(midscale[2])} stand."],
        "Sandy Ridge": [
            f"{number(stands, 3)} of {number(asked, 4)} PFLOP/s stand in {f['targets'][TARGET][1]}.",
            keeps(alone),
        ],
        "Money": [
            f"{money(sum(f['paid'].values()))} is paid, {money(most)} of it in {year}; at the end these are spent: {listed([names()[fund] for fund in f['spent']])}."
        ],
        "Law": [
            f"It refuses {f['never_lawful']} of {f['offers']} offers in every period.",
            f"Open only to buyers without US exposure, and taken: {listed([names()[kind] for kind in f['conditional']], 8)}.",
        ],
        "Carbon": [
            f"The most is {number(peak_t, 4)} t, in {peak_year}, of {number(f['carbon_cap_t'], 4)} t a year: the cap {price}.",
        ],
        "Devices to come": [
            f"{money(f['unannounced_hkd'])} of purchases and rents are for devices that no maker has announced: {listed([names()[kind] for kind in f['unannounced']], 8)}."
        ],
    }


def _ways(f: Facts) -> list[str]:
    way = f["way"]
    factors = listed([f"{kind} × {number(factor)}" for kind, factor, _ in way["moved"]], 9)
    rows = [f"| {kind} | {'; '.join(words)} |" for kind, _, words in way["moved"]]
    return [
        "### What would meet 180,000 PFLOP/s",
        "",
        f"{factors} ([the rule](../../docs/what_if.md#a-target-that-is-missed)). That plan costs {money(way['objective_hkd'])}, {money(way['more_hkd'])} more than the plan as it "
        f"stands costs without the {money(way['missing_hkd'])} for what is missing, in fractions of lots.",
        "",
        "| move | change |",
        "|---|---|",
        *rows,
    ]


def _variants(f: Facts) -> list[str]:
    rows = [
        f"| {text}{f' (`{name}`)' if name else ''} | {cost / 1e9:.2f} | {number(stands, 3)} |"
        for name, (text, cost, stands, *_) in f["variants"].items()
    ]
    here, there = (_said(f["variants"][name][3]) for name in ("", ANNOUNCED))
    return [
        "### What round numbers decide",
        "",
        "In fractions of lots, `planner whatif examples/hong_kong/case.yaml --variant NAME`:",
        "",
        "| variant | HKD bn | PFLOP/s at Sandy Ridge |",
        "|---|--:|--:|",
        *rows,
        "",
        f"Before {SOON} the plan orders {here}, and without the devices that no maker has announced {there}, in fractions of lots.",
    ]


def _assumptions() -> list[str]:
    """The table that is kept beside the case."""
    case = FOLDER / "case.yaml"
    result = deciding.kept(case, inputs_sha256(case))
    assert result
    rows = [
        f"| `{bar.path}` | {value_words(bar.low)} to {value_words(bar.high)} | {change_words(bar.at_low_hkd)} | {change_words(bar.at_high_hkd)} |"
        for bar in result.deciding.bars
    ]
    return [
        "### Assumptions that decide it",
        "",
        f"Of {result.deciding.estimates} estimates these move the cost most (`planner assumptions examples/hong_kong/case.yaml`, kept in [case.assumptions.json](case.assumptions.json)):",
        "",
        "| estimate | low to high | HKD at low | HKD at high |",
        "|---|---|--:|--:|",
        *rows,
    ]


def _said(devices: dict[str, float]) -> str:
    return listed([f"{number(n, 4)} {names()[kind]}" for kind, n in devices.items()], 6) or "nothing"


def kept() -> Facts:
    """The facts as they were last written."""
    content: Facts = json.loads((FOLDER / "expected" / "board.json").read_text(encoding="utf-8"))
    return content


def told() -> str:
    """The README's part as it stands."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return text.split(BEGIN)[1].split(END)[0]


def write(plan: Plan) -> None:
    """Write facts and the README's part anew."""
    whole = {**facts(plan), **changes(make_plan(plan.case.comparable))}
    (FOLDER / "expected" / "board.json").write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    file = FOLDER / "README.md"
    before, rest = file.read_text(encoding="utf-8").split(BEGIN)
    file.write_text(before + BEGIN + section(kept()) + END + rest.split(END)[1], encoding="utf-8")
