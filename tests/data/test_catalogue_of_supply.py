"""Sites, offers, funds, stacks and prices of the catalogue: each is a whole noun, dated, sourced, and fits the others."""

import pytest

from planner.domain.economics import Economics
from planner.domain.fund import Fund
from planner.domain.horizon import Period
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.domain.stack import Stack
from planner.intake.catalogue import accelerators, data_governance, raw

NOUNS = {"sites": Site, "offers": Offer, "funds": Fund, "stacks": Stack}
ENTRIES = [(section, key) for section in NOUNS for key in raw(f"{section}.yaml")[section]]


def records(section):
    return {key: NOUNS[section](**{**record, "id": key}) for key, record in raw(f"{section}.yaml")[section].items()}


@pytest.mark.parametrize(("section", "key"), ENTRIES)
def test_every_entry_is_whole_dated_and_sourced(section, key):
    record = raw(f"{section}.yaml")[section][key]
    noun = NOUNS[section](**{**record, "id": key})
    assert noun.name
    assert noun.source
    assert {"confidence", "as_of"} <= set(record)


def test_prices_are_economics_and_every_one_tells_its_basis():
    economics = raw("prices.yaml")["economics"]
    Economics(**economics)
    assert set(economics) - set(raw("prices.yaml")["basis"]) == {"price_year", "devices_per_server"}


def test_sites_lie_in_zones_of_the_data_rules():
    assert {site.legal_zone for site in records("sites").values()} == set(data_governance().zones)


def test_every_fleet_draws_no_more_than_the_site_is_granted():
    power = raw("prices.yaml")["economics"]["server_kw_per_device"]
    for site in records("sites").values():
        drawn_mw = sum(fleet.devices * power[fleet.accelerator] for fleet in site.fleet) * site.pue / 1000
        assert drawn_mw <= (site.phases[-1].power_mw if site.fleet else 0.0)


def test_the_supercomputing_centre_draws_what_its_sources_say():
    site = records("sites")["hk_aisc"]
    devices = sum(fleet.devices for fleet in site.fleet)
    assert devices == round(3000 / 0.9894)
    assert devices * 10.2 / 8 * site.pue == pytest.approx(6185, abs=1)


def test_offers_name_devices_and_sites_that_exist():
    sites, devices, funds = records("sites"), accelerators(), records("funds")
    for offer in records("offers").values():
        assert offer.accelerator in devices
        assert set(offer.sites) - {"*"} <= set(sites)
        assert all(funds[fund].kind == "subsidy" for fund in offer.subsidised_by)
        if offer.kind == "rental":
            assert sites[offer.sites[0]].access != "own" or offer.id == "aisc_h800_rental"


def test_prices_of_offers_stay_within_what_the_device_catalogue_knows():
    devices = accelerators()
    for offer in records("offers").values():
        device, price = devices[offer.accelerator], offer.price_usd_per_device
        if price and device.unit_price_usd_low and device.unit_price_usd_high:
            assert device.unit_price_usd_low <= price.mid <= device.unit_price_usd_high, offer.id


def test_every_offered_device_has_a_power():
    measured = raw("prices.yaml")["economics"]["server_kw_per_device"]
    for offer in records("offers").values():
        assert accelerators()[offer.accelerator].tdp_w or offer.accelerator in measured, offer.id


def test_every_software_stack_of_a_device_is_described():
    stacks = records("stacks")
    assert {device.software_stack for device in accelerators().values()} == set(stacks)
    classes = set(stacks["cann"].porting)
    assert all(set(stack.porting) == classes for name, stack in stacks.items() if name != "cuda")
    assert not stacks["cuda"].porting


def test_there_is_no_grey_channel():
    channels = {offer.channel for offer in records("offers").values()}
    assert channels <= {"direct", "distributor", "domestic", "licensed", "secondary", "cloud", "operator"}


def test_windows_of_funds_do_not_turn_round():
    for fund in records("funds").values():
        if fund.start and fund.end:
            assert Period.parse(fund.start) <= Period.parse(fund.end)
