"""A family or a cost is finished when it has algebra, a row worked by hand, a golden row, an example in which it binds, and an audit rule."""

from __future__ import annotations

import importlib
import json
import re
from functools import cache
from pathlib import Path

import pytest
from every_family_solved import FAMILY_TESTS

from planner.audit import RULES
from planner.intake import read_case
from planner.model.build import build
from planner.model.constraints import FAMILIES, LEDGER_FAMILIES
from planner.model.costs import COSTS, FUNDING

ROOT = Path(__file__).parents[1]
NAMES = tuple(family.name for family in FAMILIES)
SPENT = (*COSTS, *FUNDING, "risk")
# Modules beside the families and costs: what they share.
SHARED = {"constraints": set(), "costs": {"line"}}
NO_EXAMPLE = {
    "carbon": "Hong Kong puts no price on carbon; a cap does, and its example tells that price",
    "interest": "the loans of the catalogue are cheaper than the discount rate, so that they cost no more than what they pay",
    "warehouse": "no law of an example comes between the earliest shipment of a device and the one in time for its hall",
}
GOLDEN = (ROOT / "tests/golden/every_family.txt").read_text(encoding="utf-8")


def functions_of(path: Path) -> list[str]:
    return re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)


def has(names: list[str], *words: str) -> bool:
    return any(any(word in name for word in words) for name in names)


@pytest.mark.parametrize("family", [*NAMES, *LEDGER_FAMILIES])
def test_family_has_algebra_and_the_meaning_of_its_price(family: str) -> None:
    says = importlib.import_module(f"planner.model.constraints.{family}").__doc__ or ""
    indented = [line for line in says.splitlines() if line.startswith("    ")]
    assert any(sign in line for line in indented for sign in ("<=", ">=", "=  ", "==", "no column", "no arrival")), (
        "no algebra"
    )
    assert "shadow price" in says.lower() or "re-solving" in says, "does not say what its price means"
    used = {letter for index in re.findall(r"\[([a-z](?:,[a-z])*)\]", says) for letter in index.split(",")}
    told = {
        letter
        for letters in re.findall(r"(?:^|\s)([a-z](?:, [a-z])*) {2,}(?=[^\W\d_]{2})", says)
        for letter in letters.split(", ")
    }
    assert used <= told, f"does not say what {used - told} are"


@pytest.mark.parametrize("family", [*NAMES, *LEDGER_FAMILIES])
def test_family_is_worked_by_hand_binding_and_not(family: str) -> None:
    path = ROOT / f"tests/model/constraints/test_{family}.py"
    assert path.exists(), f"{family} has no {path.relative_to(ROOT)}"
    names = functions_of(path)
    assert has(names, "by_hand", "no_column", "us_exposure_bars"), (
        f"no row of {family} is worked by hand in {path.name}"
    )
    assert has(names, "binds"), f"no test_binds in {path.name}"
    assert has(names, "does_not_bind", "unserved_where"), f"no test_does_not_bind in {path.name}"


@pytest.mark.parametrize("family", [*NAMES, *LEDGER_FAMILIES])
def test_family_states_when_it_binds_and_what_breaks_it(family: str) -> None:
    stated = FAMILY_TESTS[family]
    assert getattr(stated, "BREAKS", ()), f"tests/model/constraints/test_{family}.py has no BREAKS"
    # Whole servers have no price of their own, and what never becomes a column has no row.
    without = {"lots", *LEDGER_FAMILIES}
    assert hasattr(stated, "BINDS") != (family in without), f"tests/model/constraints/test_{family}.py has no BINDS"


@pytest.mark.parametrize("cost", SPENT)
def test_cost_is_worked_by_hand_binding_and_not(cost: str) -> None:
    here = [
        path
        for path in (ROOT / "tests/model/costs").glob("test_*.py")
        if f'"{cost}"' in path.read_text(encoding="utf-8")
    ]
    assert here, f"no test in tests/model/costs names {cost}"
    names = [name for path in here for name in functions_of(path)]
    assert has(
        names, f"{cost}_by_hand", "line_by_hand", "lines_by_hand", f"{cost}_maintenance", f"_{cost}_and", f"{cost}_and"
    )
    assert has(names, "bind")
    assert has(names, "not_bind")


@pytest.mark.parametrize("family", NAMES)
def test_family_has_a_golden_row(family: str) -> None:
    assert re.search(rf"^  {family}\(.*\|.*$", GOLDEN, re.MULTILINE), (
        f"no row of {family} in the golden case: set its field in tests/golden/every_family.py, "
        "then pytest tests/golden --update-golden"
    )


@pytest.mark.parametrize("cost", SPENT)
def test_cost_has_a_golden_line(cost: str) -> None:
    assert re.search(rf"^  {cost}  \S+", GOLDEN, re.MULTILINE)


@pytest.mark.parametrize("family", [*NAMES, *LEDGER_FAMILIES])
def test_family_binds_in_an_example(family: str) -> None:
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "examples").glob("*/expected/plan.json")]
    assert any(family in plan["binding"] + plan["refusing"] for plan in kept), f"no example in which {family} binds"


@cache
def costs_of_examples() -> frozenset[str]:
    paths = (ROOT / "examples").glob("*/case.yaml")
    cases = (read_case(path) for path in paths if path.parent.name != "hong_kong")  # it takes ten seconds to build
    return frozenset(line.cost for case in cases for line in build(case).lines if line.hkd)


@pytest.mark.parametrize("cost", SPENT)
def test_cost_is_paid_in_an_example(cost: str) -> None:
    assert (cost in costs_of_examples()) != (cost in NO_EXAMPLE)


@pytest.mark.parametrize("name", [*NAMES, *LEDGER_FAMILIES, *SPENT])
def test_the_audit_recomputes_it(name: str) -> None:
    assert any(name in rule.covers for rule in RULES), f"no audit rule covers {name}"


@pytest.mark.parametrize("folder", SHARED)
def test_every_module_is_registered(folder: str) -> None:
    found = {path.stem for path in (ROOT / "planner/model" / folder).glob("[!_]*.py")} - SHARED[folder]
    terms = (*COSTS.values(), *FUNDING.values())
    registered = (
        {*NAMES, *LEDGER_FAMILIES}
        if folder == "constraints"
        else {term.__module__.split(".")[-1] for term in terms} | {"risk"}
    )
    assert found == registered, f"not in planner/model/{folder}/__init__.py: {sorted(found ^ registered)}"


def test_names_are_told_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(set(SPENT)) == len(SPENT)
    assert all(family.price_says and family.unit for family in FAMILIES)
