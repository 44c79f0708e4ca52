"""The fourteen futures of `examples/scenarios`: each runs, changes what it should, in the direction it should."""

import json

import pytest
from scenario_runs import BETTER, EXPECTED, FOLDER, base, base_hkd, change_hkd

from planner.cli.run import run
from planner.study.whatif.variant import what_if

EXPECT = json.loads(EXPECTED.read_text())


def test_all_fourteen_are_there():
    assert set(base().variants) == set(EXPECT)
    assert len(EXPECT) == 14


SOON = ("snap_embargo", "subsidy_90")


@pytest.mark.parametrize(
    "name", [*SOON, *(pytest.param(name, marks=pytest.mark.slow) for name in EXPECT if name not in SOON)]
)
def test_a_future_costs_what_it_did(name):
    change = change_hkd(name)
    assert change == pytest.approx(EXPECT[name], rel=1e-4, abs=1e-6 * base_hkd())
    assert (change < 0) is (name in BETTER)
    assert abs(change) > 1e-6 * base_hkd()


def test_the_readme_tells_the_same():
    text = (FOLDER / "README.md").read_text()
    for name, change in EXPECT.items():
        assert f"| {name} | {change / 1e6:+,.1f} |" in text


@pytest.mark.slow
def test_two_futures_together_have_an_interaction():
    late, halved = (base().variants[name].set for name in ("sandy_ridge_late", "domestic_supply_halved"))
    found = what_if(base(), {**late, **halved})
    assert sum(line["hkd"] for line in found.causes) == pytest.approx(found.change_hkd, rel=1e-9)
    assert "together" in {line["cause"] for line in found.causes}


@pytest.mark.slow
def test_a_named_variant_from_the_command_line(capsys):
    assert run(["whatif", str(FOLDER / "case.yaml"), "--variant", "sandy_ridge_late", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "planner.whatif/1"
    assert answer["results"]["change_hkd"] == pytest.approx(EXPECT["sandy_ridge_late"], rel=1e-4)
    assert answer["results"]["overrides"] == {"sites.hk_sandy_ridge.delay_months": 12}
