"""A program begun with some of its tenants ends at the optimum that it has from nothing, and says the same where it has none."""

from collections import defaultdict

import numpy as np
import pytest
from random_cases import drawn
from tiny import case

from planner.errors import Infeasible
from planner.model.build import Model, build
from planner.solve import begun as begun_module
from planner.solve.arrays import DEVICE_PERIODS, ONE_TENANT, OUTSIDE, Arrays
from planner.solve.begun import begun, from_nothing
from planner.solve.highs import FROM_SCRATCH
from planner.solve.objective import solve_model
from planner.solve.of_model import arrays
from planner.solve.resolve import Live
from planner.solve.tenants import Tenants


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of any size and of two tenants are begun with some."""
    monkeypatch.setattr(begun_module, "LARGE_COLUMNS", 0)
    monkeypatch.setattr(begun_module, "FEWEST", 1)


def many(seed: int, tenants: int = 24, halls: int = 6, periods: int = 4) -> Arrays:
    """Tenants who are served in halls or not at all, each hall of so many devices, dearer ones to be rented."""
    rng = np.random.default_rng(seed)
    cost, high, terms = list[float](), list[float](), defaultdict[int, list[tuple[int, float]]](list)
    rows = [(-np.inf, float(rng.uniform(2, 6)), DEVICE_PERIODS) for _ in range(halls * periods)]
    rows.append((-np.inf, float(rng.uniform(50, 100)), 0))

    def column(price: float, most: float = np.inf) -> int:
        cost.append(price)
        high.append(most)
        return len(cost) - 1

    for hall in range(halls * periods):
        rented = column(float(rng.uniform(20, 40)))
        terms[hall].append((rented, -1.0))
        terms[halls * periods].append((rented, 1.0))
    for _ in range(tenants):
        ported = column(float(rng.uniform(0, 5)), 1.0)
        for period in range(periods):
            asked, gate = len(rows), len(rows) + 1
            rows += [(need := float(rng.uniform(1, 3)), need, ONE_TENANT), (-np.inf, 0.0, ONE_TENANT)]
            terms[asked].append((column(100.0), 1.0))
            terms[gate].append((ported, -need))
            for hall in range(halls):
                run = column(float(rng.uniform(0, 3)))
                terms[hall * periods + period].append((run, float(rng.uniform(0.5, 2))))
                terms[asked].append((run, 1.0))
                if hall % 2:
                    terms[gate].append((run, 1.0))
    lengths = [len(terms[row]) for row in range(len(rows))]
    flat = [term for row in range(len(rows)) for term in terms[row]]
    return Arrays(
        np.array(cost),
        np.zeros(len(cost)),
        np.array(high),
        np.array([low for low, _, _ in rows]),
        np.array([high for _, high, _ in rows]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.array([column for column, _ in flat]),
        np.array([value for _, value in flat]),
        binds=np.array([whose for _, _, whose in rows], dtype=np.int8),
    )


@pytest.mark.parametrize("seed", range(8))
def test_many_tenants(seed: int, small: None) -> None:
    program = many(seed)
    assert from_nothing(program).objective == pytest.approx(Live(program, FROM_SCRATCH).solve().objective, rel=1e-9)


def test_where_it_ends_is_where_the_whole_program_ends(small: None) -> None:
    program, whole = many(1), Live(many(1), FROM_SCRATCH)
    at = begun(program)
    assert at is not None
    whole.stand(at)
    whole.solve()
    assert whole.engine.getInfo().simplex_iteration_count == 0


def test_a_small_program_and_one_of_few_tenants_begin_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert begun(many(1)) is None
    monkeypatch.setattr(begun_module, "LARGE_COLUMNS", 0)
    assert begun(many(1, tenants=begun_module.FEWEST)) is None
    assert begun(many(1, tenants=2 * begun_module.FEWEST)) is not None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_cases(seed: int, small: None) -> None:
    for each in range(10 * seed, 10 * seed + 10):
        model = build(case(**drawn(each)))
        if any(column.integer for column in model.columns.all):
            continue
        assert begun_least(model) == pytest.approx(least(model), rel=1e-6)


def begun_least(model: Model) -> float | None:
    try:
        return solve_model(model).objective
    except Infeasible:
        return None


def least(model: Model) -> float | None:
    """Million HKD from nothing; None without a plan."""
    try:
        return Live(arrays(model), FROM_SCRATCH).solve().objective
    except Infeasible:
        return None


def test_what_clashes_clashes(small: None) -> None:
    program = many(2)
    program.row_high[program.binds == 0] = -1.0
    with pytest.raises(Infeasible):
        from_nothing(program)


def test_a_tenant_has_his_own_work_and_no_devices() -> None:
    model = build(case(**drawn(5)))
    tenants = Tenants.of(arrays(model))
    of_work = {
        (column.key[0], int(tenants.column[number]))
        for number, column in enumerate(model.columns.all)
        if column.kind in ("run", "unserved", "port")
    }
    assert len(of_work) == len({work for work, _ in of_work}) > 1
    assert OUTSIDE not in {number for _, number in of_work}
    assert all(tenants.column[number] == OUTSIDE for number in model.columns.order.values())
    assert (tenants.use >= 0).all()
    assert tenants.use.any()


@pytest.mark.parametrize("seed", range(4))
def test_a_tenant_by_himself_is_the_part_of_the_program_that_is_his(seed: int) -> None:
    program = many(seed)
    tenants, cost = Tenants.of(program), np.arange(len(program.cost), dtype=float)
    assert tenants.count == 24
    for tenant in range(tenants.count):
        columns, rows, alone = tenants.alone(tenant, cost)
        assert columns.tolist() == np.flatnonzero(tenants.column == tenant).tolist()
        assert rows.tolist() == np.flatnonzero(tenants.row == tenant).tolist()
        part = program.part(columns, rows, cost[columns])
        for name in ("cost", "low", "high", "row_low", "row_high", "start", "column", "value"):
            assert getattr(alone, name).tolist() == getattr(part, name).tolist()


def test_what_is_connected_through_many_rows_is_one_tenants() -> None:
    """Rows that bind two neighbours each, in no order; one in a hundred is shared, and one row names nothing."""
    rng = np.random.default_rng(0)
    links = rng.permutation(999)
    binds = np.where(links % 100 == 99, 0, ONE_TENANT).astype(np.int8)
    lengths = np.full(len(links), 2)
    column = np.stack([links, links + 1], axis=1).ravel()
    at = 500
    nothing = (np.insert(binds, at, ONE_TENANT), np.insert(lengths, at, 0))
    rows = len(nothing[0])
    program = Arrays(
        np.ones(1000), np.zeros(1000), np.ones(1000), np.zeros(rows), np.ones(rows),
        np.concatenate([[0], np.cumsum(nothing[1])]), column, np.ones(len(column)), binds=nothing[0],
    )  # fmt: skip
    tenants = Tenants.of(program)
    assert tenants.column.tolist() == [number // 100 for number in range(1000)]
    assert tenants.row[at] == OUTSIDE
    assert (np.delete(tenants.row, at) == np.where(links % 100 == 99, OUTSIDE, links // 100)).all()


def test_tenants_in_one_highs_end_where_each_ends_in_his_own() -> None:
    program = many(3)
    tenants = Tenants.of(program)
    for alone, live in tenants.each([4, 0, 17], program.cost):
        best, own = live.solve(), Live(alone.program).solve()
        assert best.values.tolist() == own.values.tolist()
        assert best.prices.tolist() == own.prices.tolist()
        assert best.at.columns.tolist() == own.at.columns.tolist()
