"""Countries: codes, names, what is near, and the groups of the rule book."""

from datetime import date

import pytest
from pydantic import ValidationError

from planner.domain.country import COUNTRIES, country_code, proposals
from planner.domain.match import Belongs
from planner.domain.transaction import Transaction
from planner.intake.catalogue import regimes

DAY = date(2026, 11, 21)


def test_a_country_is_given_by_code_or_name():
    assert [country_code(text) for text in ("sg", "Singapore", "MACAU", "viet nam")] == ["SG", "SG", "MO", None]
    assert len(COUNTRIES) == 249


@pytest.mark.parametrize(
    ("text", "first"), [("HKG", "HK (Hong Kong)"), ("singapor", "SG (Singapore)"), ("viet", "VN (Vietnam)")]
)
def test_what_may_be_meant(text, first):
    assert proposals(text)[0] == first


@pytest.mark.parametrize("text", ["HKG", "Mars", "China", "OTHER", "hk", ""])
def test_a_home_that_is_no_iso_code_is_refused(text):
    with pytest.raises(ValidationError, match="is no country"):
        Transaction(end_user_hq=text)


def test_a_country_belongs_to_its_groups_and_to_itself():
    assert {"CN", "D:1", "D:4", "D:5"} <= regimes().groups_of("CN", DAY).to
    assert regimes().groups_of("HK", DAY).to == regimes().groups_of("CN", DAY).to - {"CN"} | {"HK"}
    assert regimes().groups_of("MO", DAY).to == {"MO", "D:1", "D:4"}
    assert regimes().groups_of("SG", DAY).to == {"SG", "A:6"}


def test_a_group_has_its_members_from_their_day():
    assert "A:5" not in regimes().groups_of("AE", date(2026, 7, 9)).to
    assert "A:5" in regimes().groups_of("AE", date(2026, 7, 10)).to
    assert regimes().last_change(date(2026, 7, 12)) == date(2026, 7, 10)


def test_of_an_unnamed_place_only_what_it_is_not_is_known():
    unnamed = regimes().groups_of("OTHER", DAY)
    assert unnamed.any_of(frozenset({"D:5", "MO"})) is False
    assert unnamed.any_of(frozenset({"D:1"})) is None


def test_belonging_is_known_unknown_or_excluded():
    known = Belongs(frozenset({"D:1"}), None)
    assert (known.any_of(frozenset({"D:1", "D:4"})), known.any_of(frozenset({"D:4"}))) == (True, False)


def test_every_member_is_a_country():
    for entry in regimes().country_groups:
        assert set(entry.members) <= set(COUNTRIES)
        assert entry.source
