"""Whole-number plans against brute force: every way to order servers or to port, priced by hand, the best of them compared.

The arithmetic here is written from the algebra of the families and costs and calls nothing of the program.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from proof import cells, plan_of
from tiny import DEVICE, offer, rental, service, site

from planner.domain.horizon import add_months

DAYS = {2: 91, 3: 92, 4: 92}
KWH = {q: 1.5 * 24 * days for q, days in DAYS.items()}
ASCEND = "huawei_ascend_910c"


def least(
    orders_of: list[tuple[float, int]], useful: list[float], asked: float, lost_hkd: float, limits: list[int]
) -> float:
    """Least cost over all numbers of servers of two offers in q1, q2 and q3.

    Args:
        orders_of: HKD per device and devices per server of each offer.
        useful: PFLOP/s per device of each offer.
        asked: PFLOP/s of the service from q2 to q4.
        lost_hkd: per PFLOP/s-day.
        limits: most servers per offer and period.
    """
    best = float("inf")
    for counts in product(*(range(limit + 1) for limit in limits for _ in range(3))):
        plans = counts[:3], counts[3:]
        cost = sum(n * size * hkd for (hkd, size), plan in zip(orders_of, plans, strict=True) for n in plan)
        for q in (2, 3, 4):
            standing = [size * sum(plan[: q - 1]) for (_, size), plan in zip(orders_of, plans, strict=True)]
            cost += best_use(standing, useful, asked, DAYS[q], KWH[q], lost_hkd)
        best = min(best, cost)
    return best


def best_use(standing: list[float], useful: list[float], asked: float, days: int, kwh: float, lost_hkd: float) -> float:
    """Energy and lost compute of one quarter, the most useful device first; what does not work is taken out and draws nothing."""
    cost, left = 0.0, asked
    for devices, each in sorted(zip(standing, useful, strict=True), key=lambda pair: -pair[1]):
        works = min(devices, left / each) if lost_hkd * each * days > kwh else 0.0
        left -= works * each
        cost += works * kwh
    return cost + left * days * lost_hkd


@pytest.mark.parametrize(
    ("asked", "lost_hkd", "ascend_usd"),
    [
        (1.0, 100_000, 24_000),
        (1.3, 3_500, 24_000),
        (0.7, 3_300, 31_000),
        pytest.param(2.1, 4_000, 27_000, marks=pytest.mark.slow),
        pytest.param(1.0, 2_000, 24_000, marks=pytest.mark.slow),
        pytest.param(1.7, 6_000, 33_000, marks=pytest.mark.slow),
    ],
)
def test_servers_of_two_offers_over_three_quarters(asked: float, lost_hkd: float, ascend_usd: float) -> None:
    # Servers of 4; at most two of them per offer and quarter. Work falls due in full from q2 on, so idle devices may be taken out for good: only
    # with constant demand is each quarter's best use the plan's.
    plan = plan_of(
        offers={
            "card": {"supply_devices_per_quarter": 8},
            "ascend": offer(
                accelerator=ASCEND,
                channel="domestic",
                price_usd_per_device=ascend_usd,
                supply_devices_per_quarter=4,
                lot_devices=4,
            ),
        },
        workloads={
            "service": {
                "demand_pflops": asked,
                "unserved_hkd_per_pflops_day": lost_hkd,
                "stacks_ready": ["cuda", "cann"],
            }
        },
        economics={"devices_per_server": 4},
        whole={"lots": True, "gap": 0},
    )
    expected = least([(78_000, 4), (ascend_usd * 7.8, 4)], [0.1, 0.3], asked, lost_hkd, [2, 1])
    assert plan.objective_hkd == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("months", "effort", "lost_hkd"), [(1.5, 2, 3_000), (1.5, 2, 5_000), (4, 2, 5_000), (1.5, 9, 5_000), (7, 1, 9_000)]
)
def test_porting_all_or_nothing(months: float, effort: float, lost_hkd: float) -> None:
    # Ascends alone; the port is begun in q1, q2, q3 or q4 or never. Ready after so many months from the first day of the quarter.
    stacks = {"cann": {"name": "CANN", "porting": {"inference_llm": {"engineer_months": effort, "months": months}}}}
    plan = plan_of(
        offers={"card": {"accelerator": ASCEND, "channel": "domestic", "price_usd_per_device": 24_000}},
        stacks=stacks,
        workloads={"service": {"unserved_hkd_per_pflops_day": lost_hkd}},
        whole={"porting": True, "gap": 0},
    )
    candidates = [275 * lost_hkd]
    for begun in (1, 2, 3, 4):
        first = date(2027, 3 * begun - 2, 1)
        ready = add_months(first, months)
        devices = 1 / 0.3
        cost = effort * 91_667 + devices * 24_000 * 7.8
        for q, days in DAYS.items():
            begins = date(2027, 3 * q - 2, 1)
            served = max(0, days - max(0, (ready - begins).days))
            cost += devices * KWH[q] * served / days + (days - served) * lost_hkd
        candidates.append(cost)
    assert plan.objective_hkd == pytest.approx(min(candidates), rel=1e-6)


@pytest.mark.slow
def test_a_server_more_or_less_is_never_better() -> None:
    # The optimum of the whole-number program against its neighbours, each forced through the supply.
    base = {"whole": {"lots": True, "gap": 0}, "economics": {"devices_per_server": 3}}
    plan = plan_of(**base)
    costs = [plan_of(**base, offers={"card": {"supply_devices_total": 3 * n}}).objective_hkd for n in range(6)]
    assert plan.objective_hkd == pytest.approx(min(costs))
    # Four servers, twelve devices, serve all ten: a fifth changes nothing.
    assert costs[4] == pytest.approx(costs[5])
    assert costs == sorted(costs, reverse=True)
    assert costs[4] == pytest.approx(12 * 78_000 + 10 * 9_900)
    assert DEVICE in cells(plan.rows.orders, "accelerator")


FIRST = {q: date(2027, 3 * q - 2, 1) for q in (1, 2, 3, 4)}
CLOUD = {"cloud": site(access="rent", phases=[], destination="OTHER", legal_zone="sg")}


def wanted(pflops: tuple[float, ...], lost_hkd: float) -> dict[str, dict[str, object] | None]:
    """A service for each of the last quarters of 2027."""
    last = 4 - len(pflops)
    services = {
        f"q{last + q}": service(
            demand_pflops=asked, start=f"2027q{last + q}", end=f"2027q{last + q}", unserved_hkd_per_pflops_day=lost_hkd
        )
        for q, asked in enumerate(pflops, 1)
    }
    return {"service": None, **services}


def kept(rents: tuple[int, ...], least: int, months: float) -> bool:
    """Whether what each quarter rents holds every contract that is still in its term."""
    takes = {}
    for q, (rent, before) in enumerate(zip(rents, (0, *rents), strict=False), 1):
        takes[q] = max(rent - before, least) if rent > before else 0
        if rent < sum(n for m, n in takes.items() if m == q or add_months(FIRST[m], months) > FIRST[q]):
            return False
    return True


@pytest.mark.parametrize(
    ("pflops", "least", "months", "contract_hkd", "lost_hkd"),
    [
        ((0.0, 2.0, 0.7, 1.4), 4, 6.0, 20_000, 3_000),
        ((1.0, 0.4, 1.9, 0.2), 2, 4.0, 90_000, 2_000),
        ((0.3, 1.2, 1.3, 1.5), 6, 9.0, 40_000, 1_500),
        ((2.3, 0.1, 2.3, 0.1), 4, 0.0, 5_000, 9_000),
        ((0.1, 0.2, 1.1, 0.9), 4, 12.0, 60_000, 1_200),
    ],
)
def test_rents_in_lots_for_their_term(
    pflops: tuple[float, ...], least: int, months: float, contract_hkd: float, lost_hkd: float
) -> None:
    # A device does 0.4 PFLOP/s for 15.6 HKD an hour and comes in pairs.
    days = {1: 90, **DAYS}
    rent = rental(lot_devices=2, min_order_devices=least, min_term_months=months)
    plan = plan_of(
        sites=CLOUD,
        offers={"card": None, "rent": rent},
        workloads=wanted(pflops, lost_hkd),
        economics={"rental_contract_hkd": contract_hkd},
        whole={"lots": True, "gap": 0},
    )
    ways = [rents for rents in product(range(0, 9, 2), repeat=4) if kept(rents, least, months)]

    def cost(rents: tuple[int, ...]) -> float:
        begun = sum(rent > before for rent, before in zip(rents, (0, *rents), strict=False))
        missing = [max(0.0, asked - 0.4 * n) for asked, n in zip(pflops, rents, strict=True)]
        return contract_hkd * begun + sum(
            15.6 * 24 * days[q] * n + days[q] * lost_hkd * less
            for q, (n, less) in enumerate(zip(rents, missing, strict=True), 1)
        )

    assert plan.objective_hkd == pytest.approx(min(map(cost, ways)), rel=1e-6)


@pytest.mark.parametrize(
    ("pflops", "least", "order_hkd", "kind_hkd", "lost_hkd"),
    [
        ((0.4, 0.8, 1.1), 6, 40_000, 30_000, 9_000),
        ((1.2, 0.2, 1.4), 2, 90_000, 5_000, 12_000),
        ((0.2, 0.3, 0.9), 4, 200_000, 0, 8_000),
        ((0.5, 0.5, 0.6), 8, 10_000, 300_000, 4_000),
    ],
)
def test_orders_of_a_least_number_at_a_fixed_cost(
    pflops: tuple[float, ...], least: int, order_hkd: float, kind_hkd: float, lost_hkd: float
) -> None:
    # Cards of 0.1 PFLOP/s in pairs, each 78,000 HKD and cheaper by a tenth a year; an order stands from the next quarter.
    economics = {"order_hkd": order_hkd, "new_kind_hkd_per_hall": kind_hkd, "idle_power_share": 0}
    plan = plan_of(
        offers={"card": {"lot_devices": 2, "min_order_devices": least, "price_growth_per_year": -0.1}},
        workloads=wanted(pflops, lost_hkd),
        economics=economics,
        whole={"lots": True, "gap": 0},
    )
    prices = [78_000 * 0.9 ** ((FIRST[q] - FIRST[1]).days / 365.25) for q in (1, 2, 3)]

    def cost(orders: tuple[int, ...]) -> float:
        total = sum(n * price + order_hkd * (n > 0) for n, price in zip(orders, prices, strict=True))
        for q, asked in enumerate(pflops, 2):
            total += best_use([float(sum(orders[: q - 1]))], [0.1], asked, DAYS[q], KWH[q], lost_hkd)
        return total + kind_hkd * (sum(orders) > 0)

    ways = product([n for n in range(0, 17, 2) if not 0 < n < least], repeat=3)
    assert plan.objective_hkd == pytest.approx(min(map(cost, ways)), rel=1e-6)
