"""Items: what each kind must say, and how law looks at it."""

import pytest
from pydantic import ValidationError

from planner.domain.item import Item
from planner.intake.catalogue import accelerators, items

STACK = {
    "id": "stack",
    "name": "A stack",
    "kind": "hbm",
    "bandwidth_gbps": {"low": 200, "mid": 250, "high": 300},
    "area_mm2": {"low": 50, "mid": 80, "high": 100},
    "made_in": {"KR": {"makers": ["A", "B"], "us_technology": True, "confidence": "high", "source": "a text"}},
    "confidence": "sourced",
    "sources": ["a text"],
}


def test_density_is_bounded_by_the_ends_of_its_ranges():
    assert Item.model_validate(STACK).density == (2.0, 6.0)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"area_mm2": None}, "a memory stack needs area_mm2"),
        ({"made_in": {}}, "a memory stack needs made_in"),
        ({"holds": "nvidia_h100_sxm"}, "a memory stack holds no device"),
        ({"kind": "server"}, "a server needs holds"),
        ({"kind": "die"}, "a logic die needs process_node_nm"),
    ],
)
def test_what_law_asks_is_said(changes, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Item.model_validate({**STACK, **changes})


def test_a_stack_has_no_arithmetic_and_a_density_between_bounds():
    article = Item.model_validate(STACK).as_article(accelerators())
    assert (article.vendor, article.vendor_country, article.us_technology) == ("A, B", "KR", True)
    assert article.facts["tpp"] == 0
    assert article.facts["memory_bandwidth_density"] == (2.0, 6.0)
    assert article.model_copy(update={"memory_bandwidth_density": 2.5}).facts["memory_bandwidth_density"] == 2.5


def test_a_server_is_its_device_to_law():
    article = items()["hgx_h20_server"].as_article(accelerators())
    device = accelerators()["nvidia_h20_96gb"]
    assert article.facts == {**device.facts, "item_type": "server"}


def test_items_of_the_catalogue_hold_devices_that_it_knows_and_memory_lies_above_the_threshold():
    assert {item.holds for item in items().values() if item.holds} <= set(accelerators())
    assert not set(items()) & set(accelerators())
    stacks = [item for item in items().values() if item.kind == "hbm"]
    assert [item.id for item in stacks] == ["hbm2", "hbm2e", "hbm3", "hbm3e", "hbm4"]
    assert all(item.density is not None and item.density[0] > 2 for item in stacks)
