"""Items other than a card: memory stacks, bare dies, boards, servers; and the day on which the rule on memory binds."""

from datetime import date

import pytest

from planner.domain.transaction import Transaction
from planner.intake.catalogue import regimes
from planner.law.outcome import outcome_of


def told(device, on, **transaction):
    return outcome_of(device, Transaction(**transaction), date.fromisoformat(on), regimes()).rule


@pytest.mark.parametrize(
    ("on", "rule", "outcome"),
    [
        ("2024-12-01", "us_default_uncontrolled", "uncontrolled"),
        ("2024-12-02", "us_3a090c_grace", "uncontrolled"),
        ("2024-12-30", "us_3a090c_grace", "uncontrolled"),
        ("2024-12-31", "us_3a090c", "presumption_of_denial"),
    ],
)
def test_memory_stacks_need_a_licence_from_the_day_of_compliance(device, on, rule, outcome):
    stack = device(
        item_type="hbm", bf16_tflops=0, memory_bandwidth_gbps=819, memory_bandwidth_density=7.4, io_bandwidth_gbps=None
    )
    found = told(stack, on)
    assert (found.id, found.outcome) == (rule, outcome)


@pytest.mark.parametrize("item_type", ["die", "board", "server"])
def test_what_carries_a_controlled_chip_is_controlled_alike(device, item_type):
    assert told(device(item_type=item_type), "2024-06-01").id == "us_3a090a1_dc"
