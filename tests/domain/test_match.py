"""Conditions of rules: every comparison, unknown facts, trees, and what cannot be compared."""

import pytest
from pydantic import TypeAdapter, ValidationError

from planner.domain.match import METRICS, Match

BLANK = dict.fromkeys(METRICS)
MATCH = TypeAdapter(Match)


def holds(match, **facts):
    return MATCH.validate_python(match).test({**BLANK, **facts})


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<", True, False, False),
        ("<=", True, True, False),
        ("==", False, True, False),
        ("!=", True, False, True),
    ],
)
def test_numbers_compare(op, below, at, above):
    leaf = {"metric": "tpp", "op": op, "value": 4800}
    assert [holds(leaf, tpp=tpp) for tpp in (4799.9, 4800, 4800.1)] == [below, at, above]


def test_words_compare():
    among = {"metric": "vendor", "op": "in", "value": ["NVIDIA", "AMD"]}
    apart = {"metric": "vendor", "op": "not_in", "value": ["NVIDIA", "AMD"]}
    assert [holds(among, vendor=v) for v in ("AMD", "Intel", None)] == [True, False, None]
    assert [holds(apart, vendor=v) for v in ("AMD", "Intel", None)] == [False, True, None]


def test_unknown_holds_only_for_unequal():
    for op in (">=", ">", "<", "<=", "=="):
        assert not holds({"metric": "tpp", "op": op, "value": 4800})
    assert holds({"metric": "tpp", "op": "!=", "value": 4800})
    assert not holds({"metric": "datacenter_marketed", "op": "==", "value": False})


def test_trees():
    tree = {
        "all": [
            {"metric": "vendor_country", "op": "!=", "value": "CN"},
            {
                "any": [
                    {"metric": "tpp", "op": ">=", "value": 4800},
                    {"not": {"metric": "buyer_listed", "op": "==", "value": False}},
                ]
            },
        ]
    }
    assert holds(tree, vendor_country="US", tpp=5000, buyer_listed=False)
    assert holds(tree, vendor_country="US", tpp=1, buyer_listed=True)
    assert not holds(tree, vendor_country="US", tpp=1, buyer_listed=False)
    assert not holds(tree, vendor_country="CN", tpp=5000, buyer_listed=False)
    assert holds({})


@pytest.mark.parametrize(
    ("match", "complaint"),
    [
        ({"metric": "speed", "op": ">=", "value": 1}, "no rule can test 'speed'"),
        ({"metric": "tpp", "op": ">=", "value": "fast"}, "tpp is a number, which cannot be compared as `>= fast`"),
        ({"metric": "tpp", "op": ">=", "value": True}, "tpp is a number, which cannot be compared as `>= True`"),
        ({"metric": "tpp", "op": "in", "value": ["4800"]}, "tpp is a number"),
        ({"metric": "buyer_listed", "op": ">=", "value": True}, "buyer_listed is a truth"),
        ({"metric": "vendor", "op": "in", "value": "NVIDIA"}, "vendor is a text"),
        ({"all": []}, "at least 1 item"),
        ({"all": [{}], "any": [{}]}, "Extra inputs"),
        ({"metrc": "tpp"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_a_condition_is_refused(match, complaint):
    with pytest.raises(ValidationError, match=complaint):
        MATCH.validate_python(match)
