"""Items other than whole devices: memory stacks by density, origin, place and day; dies by what is presumed of them; boards and
servers by what they hold."""

from datetime import date

import pytest

from planner.domain.item import Article
from planner.domain.transaction import Transaction
from planner.intake.catalogue import accelerators, items, regimes
from planner.law.classification import eccn_of
from planner.law.outcome import decide, outcome_of

TODAY = "2026-11-20"


def told(device, on, **transaction):
    return outcome_of(device, Transaction(**transaction), date.fromisoformat(on), regimes()).rule


def article(id, origin=None, **facts):
    made = items()[id].as_article(accelerators(), origin)
    return Article.model_validate({**made.model_dump(), **facts})


def outcome(subject, on=TODAY, **transaction):
    ground = outcome_of(subject, Transaction(**transaction), date.fromisoformat(on), regimes())
    return ground.outcome, ground.rule.id


@pytest.mark.parametrize(
    ("on", "rule", "answer"),
    [
        ("2024-12-01", "us_default_uncontrolled", "uncontrolled"),
        ("2024-12-02", "us_3a090c_grace", "uncontrolled"),
        ("2024-12-30", "us_3a090c_grace", "uncontrolled"),
        ("2024-12-31", "us_3a090c", "presumption_of_denial"),
    ],
)
def test_memory_stacks_need_a_licence_from_the_day_of_compliance(device, on, rule, answer):
    stack = device(
        item_type="hbm", bf16_tflops=0, memory_bandwidth_gbps=819, memory_bandwidth_density=7.4, io_bandwidth_gbps=None
    )
    found = told(stack, on)
    assert (found.id, found.outcome) == (rule, answer)
    assert outcome(article("hbm3"), on) == (answer, rule)


@pytest.mark.parametrize("item_type", ["die", "board", "server"])
def test_what_carries_a_controlled_chip_is_controlled_alike(device, item_type):
    assert told(device(item_type=item_type), "2024-06-01").id == "us_3a090a1_dc"


@pytest.mark.parametrize(
    ("density", "packaging", "answer", "rule"),
    [
        (2.0, False, "uncontrolled", "us_default_uncontrolled"),
        (2.0, True, "uncontrolled", "us_default_uncontrolled"),
        (2.001, False, "presumption_of_denial", "us_3a090c"),
        (2.001, True, "uncontrolled", "us_3a090c_exception"),
        (3.299, True, "uncontrolled", "us_3a090c_exception"),
        (3.3, True, "presumption_of_denial", "us_3a090c"),
        (7.4, True, "presumption_of_denial", "us_3a090c"),
    ],
)
def test_thresholds_of_density(density, packaging, answer, rule):
    stack = article("hbm2", memory_bandwidth_density=density)
    assert outcome(stack, allied_packaging=packaging) == (answer, rule)


def test_the_exception_is_none_for_an_unverified_buyer_and_opens_with_the_rule():
    stack = article("hbm2", memory_bandwidth_density=2.78)
    assert outcome(stack, allied_packaging=True, buyer_unverified=True) == ("presumption_of_denial", "us_3a090c")
    assert outcome(stack, "2024-12-31", allied_packaging=True)[1] == "us_3a090c_exception"


def test_grades_of_hbm2_lie_about_the_threshold_of_the_exception_and_those_of_later_stacks_above():
    assert outcome(article("hbm2"), allied_packaging=True)[0] == "unknown"
    for id in ("hbm2e", "hbm3", "hbm3e", "hbm4"):
        assert outcome(article(id), allied_packaging=True) == ("presumption_of_denial", "us_3a090c")


@pytest.mark.parametrize(
    ("origin", "us_technology", "answer"),
    [
        ("KR", True, "presumption_of_denial"),
        ("TW", True, "presumption_of_denial"),
        ("KR", False, "uncontrolled"),
        ("KR", None, "unknown"),
        ("US", None, "presumption_of_denial"),
        ("CN", True, "compliance_risk"),
        ("CN", None, "unknown"),
        ("CN", False, "uncontrolled"),
    ],
)
def test_foreign_made_stacks_are_reached_when_made_with_us_technology(origin, us_technology, answer):
    stack = article("hbm3e", vendor_country=origin, us_technology=us_technology)
    assert outcome(stack)[0] == answer


def test_the_catalogue_says_that_korea_makes_them_with_us_technology_and_leaves_china_open():
    assert outcome(article("hbm3", "KR")) == ("presumption_of_denial", "us_3a090c")
    verdict = decide(article("hbm3", "CN"), Transaction(), date.fromisoformat(TODAY), regimes())
    assert [one.rule.outcome for one in verdict.ground.possible] == ["compliance_risk", "uncontrolled"]
    assert verdict.unknown == ("made with US technology",)
    assert "unknown whether made with US technology" in verdict.because


@pytest.mark.parametrize(
    ("to", "home", "answer"),
    [
        ("HK", "HK", "presumption_of_denial"),
        ("CN", "CN", "presumption_of_denial"),
        ("MO", "MO", "presumption_of_denial"),
        ("VN", "VN", "uncontrolled"),
        ("VN", "HK", "presumption_of_denial"),
        ("SG", "MO", "presumption_of_denial"),
        ("SG", "SG", "uncontrolled"),
        ("VE", "SG", "presumption_of_denial"),
        ("US", "HK", "uncontrolled"),
        ("OTHER", "SG", "uncontrolled"),
    ],
)
def test_places_and_homes(to, home, answer):
    assert outcome(article("hbm3e"), destination=to, end_user_hq=home)[0] == answer


def test_parties_on_lists_are_barred_from_memory_as_from_devices():
    assert outcome(article("hbm3e"), buyer_listed=True) == ("prohibited", "us_listed_party")


def test_the_review_of_2026_is_about_chips_alone():
    stack = article("hbm4", us_commercially_available=True)
    assert outcome(stack) == ("presumption_of_denial", "us_3a090c")
    relaxed = outcome_of(stack, Transaction(), date(2027, 6, 1), regimes(), "relaxation")
    assert relaxed.rule.id == "us_3a090c"


def test_memory_inside_a_device_is_that_device(device):
    packaged = device(memory_bandwidth_density=7.4, bf16_tflops=100, die_area_mm2=2000, memory_bandwidth_gbps=800)
    assert outcome(packaged) == ("uncontrolled", "us_default_uncontrolled")
    assert outcome(accelerators()["nvidia_h20_96gb"]) == ("case_by_case", "us_h20_mi308_15pct")


@pytest.mark.parametrize(
    "item", [item for item in items().values() if item.kind in ("board", "server")], ids=lambda i: i.id
)
@pytest.mark.parametrize("on", ["2022-11-01", "2023-12-01", "2025-05-01", TODAY])
@pytest.mark.parametrize("to", ["HK", "SG"])
def test_boards_and_servers_follow_the_device_that_they_hold(item, on, to):
    held = accelerators()[item.holds]
    assert outcome(article(item.id), on, destination=to) == outcome(held, on, destination=to)
    assert eccn_of(article(item.id), date.fromisoformat(on), regimes()) == eccn_of(
        held, date.fromisoformat(on), regimes()
    ).replace("3A090", "4A090")


@pytest.mark.parametrize(
    ("on", "facts", "answer"),
    [
        ("2025-01-30", {"transistors_bn": 50, "tpp": 1000}, "uncontrolled"),
        ("2025-01-31", {"transistors_bn": 50, "tpp": 1000}, "presumption_of_denial"),
        (TODAY, {"transistors_bn": 30, "tpp": 1000}, "presumption_of_denial"),
        (TODAY, {"transistors_bn": 29.9, "tpp": 1000}, "uncontrolled"),
        (TODAY, {"transistors_bn": 50, "tpp": 1000, "process_node_nm": 16}, "presumption_of_denial"),
        (TODAY, {"transistors_bn": 50, "tpp": 1000, "process_node_nm": 22}, "uncontrolled"),
        (TODAY, {"transistors_bn": 50, "tpp": 1000, "designer_approved": True}, "uncontrolled"),
        (TODAY, {"transistors_bn": 50, "tpp": 5000, "designer_approved": True}, "presumption_of_denial"),
        (TODAY, {}, "unknown"),
        (TODAY, {"tpp": 1000}, "unknown"),
        ("2027-01-01", {"transistors_bn": 32, "tpp": 1000, "holds_hbm": False}, "uncontrolled"),
        ("2027-01-01", {"transistors_bn": 32, "tpp": 1000, "holds_hbm": True}, "presumption_of_denial"),
        ("2027-01-01", {"transistors_bn": 32, "tpp": 1000}, "unknown"),
        ("2028-12-31", {"transistors_bn": 35, "tpp": 1000, "holds_hbm": False}, "presumption_of_denial"),
        ("2029-01-01", {"transistors_bn": 39, "tpp": 1000, "holds_hbm": False}, "uncontrolled"),
        ("2029-01-01", {"transistors_bn": 40, "tpp": 1000, "holds_hbm": False}, "presumption_of_denial"),
    ],
)
def test_dies_are_presumed_controlled(on, facts, answer):
    assert outcome(article("logic_die", **facts), on)[0] == answer


def test_dies_elsewhere_follow_the_home_of_the_buyer():
    die = article("logic_die", transistors_bn=50, tpp=1000)
    assert outcome(die, destination="MY", end_user_hq="HK")[0] == "presumption_of_denial"
    assert outcome(die, destination="MY", end_user_hq="SG")[0] == "uncontrolled"


def test_a_bare_die_of_a_device_keeps_its_class_and_is_not_on_sale():
    die = article("nvidia_gh100_die")
    assert outcome(die) == ("presumption_of_denial", "us_3a090a1_dc")
    assert eccn_of(die, date.fromisoformat(TODAY), regimes()) == "3A090.a.1"


def test_micron_is_flagged_on_the_mainland():
    def flags(id, origin):
        return [
            flag.rule.id
            for flag in decide(article(id, origin), Transaction(destination="CN"), date(2026, 11, 20), regimes()).flags
        ]

    assert flags("hbm3e", "TW") == ["prc_micron"]
    assert flags("hbm3e", "KR") == []
