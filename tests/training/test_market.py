"""Where an accelerator can be had: colocation and a hall of one's own by country, rentals where they are let."""

from __future__ import annotations

import pytest

from planner.errors import InvalidInput
from planner.intake.catalogue import sites
from planner.training.market import PLACES, known_destination, known_site, options, own_hall

DEVICE = ["huawei_ascend_910c"]


def test_a_hall_of_ones_own_is_asked_for_and_pays_no_rent_of_racks():
    plain = {option.id: option.place for option in options(DEVICE)}
    both = {option.id: option for option in options(DEVICE, own=True)}
    assert set(both) - set(plain) == {"ascend_910c_domestic_own"}
    hall = both["ascend_910c_domestic_own"]
    assert (hall.place, hall.where) == ("own hall", "own, in a hall of one's own")
    assert hall.site.hosting_hkd_per_kw_month.mid == 0 < both["ascend_910c_domestic"].site.hosting_hkd_per_kw_month.mid
    assert [option.id for option in options(DEVICE, "own_hall")] == ["ascend_910c_domestic_own"]
    assert known_site("own") == "own_hall"


def test_every_place_is_told_by_a_word():
    words = {option.site.id: option.place for option in options([], own=True)}
    assert set(words.values()) == set(PLACES)
    assert words["hk_aisc"] == words["hk_cyberport5"] == "AISC"
    assert words["hk_us_cloud"] == "Hong Kong"
    assert words["gba_shenzhen"] == "mainland"
    assert words["us_virginia"] == "overseas"


def test_what_is_bought_stands_in_the_country_asked_for():
    mainland = {option.place: option for option in options(DEVICE, to="CN", own=True) if option.bought}
    assert mainland["colocation"].site.id == "cn_shaoguan"
    assert mainland["own hall"].site.legal_zone == "cn_gba"
    assert mainland["own hall"].where == "own, in a hall of one's own in China"
    # Singapore has no colocation with a known rate: what is bought stands in a hall of one's own there.
    singapore = [option for option in options(DEVICE, to="SG") if option.bought]
    assert [option.place for option in singapore] == ["own hall"]
    hall = singapore[0].site
    assert (hall.destination, hall.legal_zone, hall.pue) == ("SG", "sg", sites()["sg"].pue)
    assert hall.tariff_hkd_per_kwh == sites()["sg"].tariff_hkd_per_kwh
    assert hall.fit_out_hkd_per_kw == own_hall("HK").fit_out_hkd_per_kw
    rented = [option.id for option in options(DEVICE) if not option.bought]
    assert [option.id for option in options(DEVICE, to="SG") if not option.bought] == rented


@pytest.mark.parametrize("text", ["SG", "sg", "Singapore"])
def test_a_country_is_taken_by_code_or_name(text):
    assert known_destination(text) == "SG"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Malaysia", "knows no hall or tariff there"),
        ("OTHER", "knows no hall or tariff there"),
        ("Singapur", "you may mean SG (Singapore)"),
    ],
)
def test_a_country_without_a_hall_is_refused(text, words):
    with pytest.raises(InvalidInput, match=words.replace("(", r"\(").replace(")", r"\)")):
        known_destination(text)
