"""Cash on the page of a plan: by fund and financial year, what is committed, what lapses, and whom subsidies serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.cells import number
from planner.domain.financial_year import year_parts
from planner.plan.plan import Plan
from planner.plan.record import PlanRecord
from planner.report.tables import Part, Table
from planner.report.words import listed, money, percent

YEARS_ON_SCREEN = 8
LEAST_HKD = 0.5
Years = Mapping[str, float]


@dataclass(frozen=True)
class FundCash:
    """What a fund pays by financial year, and what is left of it when the plan ends; None where it has no ceiling."""

    fund: str
    paid: Years
    closing_hkd: float | None
    lapsed_hkd: float


@dataclass(frozen=True)
class Treasury:
    """HKD, expected over branches. `short`: by fund, what its payments exceed its ceiling by, were that no real money."""

    years: tuple[str, ...]
    funds: tuple[FundCash, ...]
    paid: Years
    nominal: Years
    committed: Years
    repaid_hkd: float
    tenants: Mapping[str, float]
    short: Mapping[str, float]
    inflation_per_year: float


def treasury(plan: Plan | PlanRecord) -> Treasury:
    """Read it off the plan's tables by financial year."""
    case, rows = plan.case, plan.rows
    chance = {leaf.id: leaf.probability for leaf in case.tree.leaves}

    def expected(lines: Iterable[Mapping[str, object]], key: str, amount: str) -> dict[str, float]:
        totals: dict[str, float] = {}
        for line in lines:
            hkd = float(line[amount] or 0.0) * chance[str(line["node"])]  # type: ignore[arg-type]
            totals[str(line[key])] = totals.get(str(line[key]), 0.0) + hkd
        return totals

    by_year = {
        name: expected(rows.cash_years, "financial_year", f"{name}_hkd")
        for name in ("paid", "paid_nominal", "committed")
    }
    years = tuple(part.year for part in year_parts(case.horizon.first_day, case.horizon.end_date))
    funds = []
    for fund in case.funds.values():
        account = [row for row in rows.fund_years if row["fund"] == fund.id]
        left = expected((row for row in account if row["financial_year"] == years[-1]), "fund", "closing_hkd")
        lapsed = sum(expected(account, "fund", "lapsed_hkd").values())
        paid = expected(account, "financial_year", "paid_hkd")
        funds.append(FundCash(fund.id, paid, sum(left.values()) if fund.limited else None, lapsed))
    nominal = expected(rows.fund_years, "fund", "paid_nominal_hkd")
    excess = {f.id: nominal[f.id] - f.amount_hkd for f in case.funds.values() if f.amount_hkd is not None}
    return Treasury(
        years=years,
        funds=tuple(fund for fund in funds if sum(fund.paid.values()) >= LEAST_HKD),
        paid=by_year["paid"],
        nominal=by_year["paid_nominal"],
        committed=by_year["committed"],
        repaid_hkd=expected(rows.cash_years, "cost", "paid_hkd").get("repayment", 0.0),
        tenants=expected(rows.subsidy_years, "tenant", "hkd"),
        short={fund: hkd for fund, hkd in excess.items() if hkd >= LEAST_HKD},
        inflation_per_year=case.economics.inflation_per_year,
    )


def cash(t: Treasury) -> list[Part]:
    """The block of the page; nothing where nothing is paid."""
    if not sum(t.paid.values()) >= LEAST_HKD:
        return []
    heads = [year[2:] for year in t.years]
    more = t.years[YEARS_ON_SCREEN - 1 :] if len(t.years) > YEARS_ON_SCREEN else ()
    if more:
        heads = [*heads[: YEARS_ON_SCREEN - 1], "later"]

    def row(name: str, amounts: Years, left: float | None) -> list[str]:
        shown = [amounts.get(year, 0.0) for year in t.years[: len(t.years) - len(more)]]
        shown += [sum(amounts.get(year, 0.0) for year in more)] if more else []
        cells = [name, *map(_millions, (*shown, sum(amounts.values())))]
        return [*cells, "" if left is None else _millions(left)] if t.funds else cells

    rows = [row(fund.fund, fund.paid, fund.closing_hkd) for fund in t.funds]
    rows += [row("paid", t.paid, None), row("paid, nominal", t.nominal, None), row("committed", t.committed, None)]
    title = "Cash by financial year, April to March (million HKD, real)"
    columns = ("fund", *heads, "in all", "left") if t.funds else ("", *heads, "in all")
    return ["", Table(title, columns, rows, spare=("in all", "left")), *_notes(t)]


def _notes(t: Treasury) -> list[Part]:
    """What a treasurer asks next."""
    notes: list[Part] = []
    if t.repaid_hkd >= LEAST_HKD:
        notes.append(f"Of what is paid, {money(t.repaid_hkd)} repays loans, which have paid for devices before.")
    lapses = [f"{fund.fund} {money(fund.lapsed_hkd)}" for fund in t.funds if fund.lapsed_hkd >= LEAST_HKD]
    if lapses:
        notes.append(f"What is granted and lapses unspent: {listed(lapses)}.")
    served = sum(t.tenants.values())
    if served >= LEAST_HKD:
        ordered = sorted(t.tenants.items(), key=lambda pair: (-pair[1], pair[0]))
        tenants = [f"{tenant or 'nobody'} {percent(hkd / served)}" for tenant, hkd in ordered]
        notes.append(f"Subsidies pay {money(served)}, by the work that runs on what they pay for: {listed(tenants)}.")
    if t.short:
        funds = [f"{fund} by {money(hkd)}" for fund, hkd in t.short.items()]
        rise = percent(t.inflation_per_year)
        notes.append(
            f"Ceilings are real. Fixed in dollars, with prices rising {rise} a year, they would fall short: {listed(funds)}."
        )
    return notes


def _millions(hkd: float) -> str:
    return number(hkd / 1e6) if abs(hkd) >= LEAST_HKD else "–"
