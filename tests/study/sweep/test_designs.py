"""Designs: what they sample, that seeds reproduce, and what cannot be read."""

import itertools

import numpy as np
import pytest
from tiny import case, offer

from planner.errors import InvalidInput, UsageError
from planner.study.sweep.designs import (
    Parameter,
    estimates,
    grid,
    latin_hypercube,
    monte_carlo,
    morris,
    read_parameter,
    step_size,
    tornado,
)

PRICE = "offers.card.price_usd_per_device"
SPREAD = {"low": 8_000, "mid": 10_000, "high": 14_000}


def spread():
    return case(offers={"card": offer(price_usd_per_device=SPREAD)})


def test_a_span_with_steps_is_a_grid():
    found = read_parameter(case(), "budget_hkd=1e9:5e9:5")
    assert found.grid() == (1e9, 2e9, 3e9, 4e9, 5e9)


def test_factors_and_choices():
    assert read_parameter(case(), f"{PRICE}=*0.8:*1.2:3").grid() == ("*0.8", "*1", "*1.2")
    assert read_parameter(case(), "controls.nvidia_h20_96gb=uncontrolled,prohibited").grid() == (
        "uncontrolled",
        "prohibited",
    )
    assert read_parameter(case(), "sites.hall.pue=1.2,1.5").grid() == (1.2, 1.5)


def test_a_path_alone_is_the_estimate_s_own_span():
    found = read_parameter(spread(), PRICE)
    assert (found.low, found.mid, found.high) == (8_000, 10_000, 14_000)
    with pytest.raises(InvalidInput, match=r"budget_hkd is no single estimate with low below high. Give its span"):
        read_parameter(case(), "budget_hkd")


@pytest.mark.parametrize("text", ["budget_hkd=1:2:3:4", "budget_hkd=a:b", "budget_hkd=1:2:0"])
def test_a_span_that_cannot_be_read(text):
    with pytest.raises(UsageError, match="write PATH=A:B:N"):
        read_parameter(case(), text)


def test_a_wrong_path_or_end_is_told_before_anything_is_solved():
    with pytest.raises(InvalidInput, match=r"'sitez' is no field of the case. Did you mean 'sites'?"):
        read_parameter(case(), "sitez.hall.pue=1:2")
    with pytest.raises(InvalidInput, match="'pue' is 9"):
        read_parameter(case(), "sites.hall.pue=1:9")


def test_estimates_are_found_by_walking_the_case():
    assert [parameter.path for parameter in estimates(spread(), "offers.*")] == [PRICE]
    assert estimates(case(), "offers.*") == ()
    output = {"output_per_year": {"2027": 4000}, "output_scale": {"low": 0.5, "mid": 1, "high": 2}, "share": 0.01}
    assert [parameter.path for parameter in estimates(case(vendor_supply={"NVIDIA": output}), "vendor_supply.*")] == [
        "vendor_supply.NVIDIA.output_scale"
    ]
    # Mechanisms of data law that no workload of the case needs are left out.
    assert not [parameter for parameter in estimates(case()) if parameter.path.startswith("governance")]


def test_a_grid_is_every_combination():
    points = grid((Parameter("a", 0, 1, steps=2), Parameter("b", values=("x", "y", "z"))))
    assert points == [{"a": a, "b": b} for a in (0, 1) for b in ("x", "y", "z")]
    with pytest.raises(UsageError, match="a grid of 1,000,000 points is too large"):
        grid((Parameter("a", steps=1000), Parameter("b", steps=1000)))


def test_a_latin_hypercube_takes_one_sample_from_each_slice():
    parameters = (Parameter("a", 0, 10), Parameter("b", 100, 200))
    points = latin_hypercube(parameters, 10, seed=3)
    assert sorted(int(point["a"]) for point in points) == list(range(10))
    assert sorted(int((point["b"] - 100) // 10) for point in points) == list(range(10))


def test_monte_carlo_is_triangular():
    values = np.array([p["a"] for p in monte_carlo((Parameter("a", 0, 10, mid=2),), 4000, seed=1)])
    # Mean (low + mid + high) / 3; a fifth of the mass lies below the mid.
    assert values.mean() == pytest.approx(4.0, abs=0.15)
    assert (values < 2).mean() == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("design", [latin_hypercube, monte_carlo, morris])
def test_the_same_seed_gives_the_same_points(design):
    parameters = (Parameter("a", 0, 1), Parameter("b", 5, 6, mid=5.5))
    assert design(parameters, 5, 7) == design(parameters, 5, 7)
    assert design(parameters, 5, 7) != design(parameters, 5, 8)


def test_a_morris_trajectory_moves_one_parameter_at_a_time():
    parameters = tuple(Parameter(name, 0, 3) for name in "abc")
    points = morris(parameters, 4, seed=0)
    assert len(points) == 4 * 4
    for place, (before, after) in enumerate(itertools.pairwise(points)):
        moved = [abs(after[name] - before[name]) for name in "abc" if after[name] != before[name]]
        assert place % 4 == 3 or moved == pytest.approx([3 * step_size()])
    assert {value for point in points for value in point.values()} <= {0, 1, 2, 3}


def test_a_tornado_has_the_case_and_two_ends_of_each():
    assert tornado((Parameter("a", 1, 2, mid=1.5), Parameter("b", values=("x", "y")))) == [
        {},
        {"a": 1},
        {"a": 2},
        {"b": "x"},
        {"b": "y"},
    ]


@pytest.mark.parametrize("span", ["nan", "inf", "nan:1:3", "1:inf:3", "0:1:1000000000", "-1e308:1e308:2"])
def test_a_span_that_is_none_or_too_long_is_refused_before_anything_is_built(span):
    with pytest.raises(UsageError):
        read_parameter(case(), f"budget_hkd={span}")
