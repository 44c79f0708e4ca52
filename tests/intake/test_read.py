"""Reading a case: merge with the catalogue, tables, and a sentence for everything that can be wrong."""

import json
from pathlib import Path

import pytest

import planner.intake.catalogue as catalogue
from planner.cli.run import run
from planner.errors import InvalidInput
from planner.intake import data_as_of, inputs_sha256, read_case, read_inputs

GOOD = """\
title: small
horizon: {start: 2027q1, end: 2028q2}
sites:
  hk_hsitp_loop: {power_mw: 1.5}
  hk_aisc:
  sg: {}
offers:
  ascend_910c_domestic: {sites: [hk_hsitp_loop], price_usd_per_device: 21000}
  sg_h100_rental:
workloads:
  bank:
    name: Compliance LLM
    kind: service
    workload_class: inference_llm
    tenant: bank
    data_class: financial_client
    start: 2027q1
    end: 2028q2
    demand_pflops: 10
    params_b: 70
    unserved_hkd_per_pflops_day: 5000
    stacks_ready: [cuda]
funds:
  own: {kind: budget, amount_hkd: 1e9}
  aiss: {}
licences:
  h20: {accelerators: [nvidia_h20_96gb], quota_devices: 100, approval_share: 0.5, wait_months: 6}
scenarios:
  - {id: status_quo, probability: 0.6}
  - {id: tightening, probability: 0.4}
silos:
  one: {tenants: [bank]}
capacity_targets:
  midscale: {pflops: 100, by: 2028q1, basis: peak}
"""


@pytest.fixture
def read(tmp_path):
    """Reads the good case with one text put in place of another."""

    def reading(old="", new="", **files):
        assert old in GOOD
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
        case = tmp_path / "case.yaml"
        case.write_text(GOOD.replace(old, new, 1) if old else GOOD)
        return read_case(case)

    return reading


def complaints(read, old, new, **files):
    """Everything that is said of the good case with one thing broken, without the folder."""
    with pytest.raises(InvalidInput) as error:
        read(old, new, **files)
    return [str(problem).rpartition("/")[2] for problem in error.value.problems]


def test_an_entry_left_empty_is_the_catalogues(read):
    case = read()
    known = catalogue.raw("sites.yaml")["sites"]["sg"]
    assert case.sites["sg"].name == known["name"]
    assert case.sites["sg"].id == "sg"
    assert case.offers["sg_h100_rental"].rent_usd_per_device_hour.mid == 3.8


def test_keys_given_beat_the_catalogue_and_the_rest_stays(read):
    case = read()
    assert case.sites["hk_hsitp_loop"].power_mw == 1.5
    assert case.sites["hk_hsitp_loop"].pue == 1.5
    price = case.offers["ascend_910c_domestic"].price_usd_per_device
    assert (price.low, price.mid, price.high) == (21000, 21000, 21000)
    assert case.offers["ascend_910c_domestic"].lead_time_months.mid == 5


def test_mappings_merge_key_by_key_and_lists_as_a_whole(read):
    case = read("  sg: {}", "  sg: {tariff_hkd_per_kwh: 2.0}\n  gba_shenzhen: {note: mine}")
    assert case.sites["sg"].tariff_hkd_per_kwh.high == 2.0
    assert case.sites["gba_shenzhen"].note == "mine"
    case = read("price_usd_per_device: 21000", "price_usd_per_device: {mid: 23000}")
    assert case.offers["ascend_910c_domestic"].price_usd_per_device.mid == 23000
    assert case.offers["ascend_910c_domestic"].price_usd_per_device.low == 19500


def test_economics_start_from_the_catalogue(read):
    case = read("title: small", "title: small\neconomics: {discount_rate: 0.05}")
    assert case.economics.discount_rate == 0.05
    assert case.economics.insurance_share_per_year.mid == 0.02
    assert case.economics.server_kw_per_device["nvidia_h800_sxm"] == 1.275


def test_what_follows_from_rates_follows_again_when_a_device_is_overridden(read):
    case = read("title: small", "title: small\naccelerators: {nvidia_l20: {bf16_tflops: 240, fp16_tflops: 240}}")
    assert case.accelerators["nvidia_l20"].tpp == 240 * 16
    assert len(case.accelerators) == len(catalogue.accelerators())


def test_a_vendor_delivers_a_share_of_its_catalogued_output_unless_the_case_says_how_much(read):
    huawei = "Huawei (HiSilicon)"
    known = catalogue.raw("supply.yaml")["vendor_supply"][huawei]
    taken, changed, own = (
        read("title: small", f"title: small\nvendor_supply: {{{huawei}: {given}}}").vendor_supply[huawei]
        for given in ("{}", "{share: 0.02}", "{devices_per_quarter: 40}")
    )
    assert (taken.output_per_year, taken.share.mid) == (known["output_per_year"], known["share"]["mid"])
    assert (changed.output_per_year, changed.share.mid) == (known["output_per_year"], 0.02)
    assert (own.output_per_year, own.devices_per_quarter) == ({}, 40)


def test_a_device_of_the_cases_own_may_have_a_cycle(read):
    asked = "title: small\naccelerators: {nvidia_l20: {release_date: 2025-01}, nvidia_l2: {last_order: 2027-03}}"
    devices = read("title: small", asked).accelerators
    # Five years after the release that the case gives; and what the case says itself.
    assert devices["nvidia_l20"].last_order == "2030-01"
    assert (devices["nvidia_l2"].last_order, devices["nvidia_l2"].last_support) == ("2027-03", "2034-11")


def test_a_fund_that_the_case_leaves_out_no_longer_subsidises(read):
    taken = "  sg: {}\n  hk_cyberport5: {}\noffers:\n  cyberport_910b_rental: {}"
    assert catalogue.raw("offers.yaml")["offers"]["cyberport_910b_rental"]["subsidised_by"] == [
        "aiss",
        "aiss_exceptional",
    ]
    assert read("  sg: {}\noffers:", taken).offers["cyberport_910b_rental"].subsidised_by == ("aiss",)


OWN = "  own: {kind: budget, amount_hkd: 1e9}\n  aiss: {}"


def test_subsidies_alone_can_pay_nothing_in_full(read):
    assert complaints(read, OWN, "  aiss: {}") == [
        "case.yaml:23:1: every fund here is a subsidy (aiss), which pays but a share, so that nothing can be paid in full. "
        "Add one of own money, such as `own: {kind: budget}`; a case without any funds has no such limits."
    ]
    assert read(OWN, "  borrowed: {kind: loan, interest_per_year: 0.05, loan_years: 5}\n  aiss: {}").funds
    assert read(f"funds:\n{OWN}\n", "").funds == {}


def twice_subsidised(share):
    """The good case with subsidies alone, the second of which pays such a share beside the 70 % of the first."""
    rented = "offers:\n  cyberport_910b_rental: {subsidised_by: [aiss, second]}"
    funds = f"  aiss: {{}}\n  second: {{kind: subsidy, share_max: {share}}}"
    return GOOD.replace("offers:", f"  hk_cyberport5: {{}}\n{rented}").replace(OWN, funds)


def test_subsidies_that_add_up_to_a_price_still_leave_the_rest_unpaid(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(twice_subsidised(0.3))
    assert [problem.what for problem in read_inputs(file).warnings] == [
        "every fund here is a subsidy (aiss, second); together they pay cyberport_910b_rental in full, but no power, "
        "hall or staff"
    ]
    file.write_text(twice_subsidised(0.29))
    with pytest.raises(InvalidInput, match="nothing can be paid in full"):
        read_inputs(file)
    file.write_text(GOOD)
    assert read_inputs(file).warnings == ()


def test_check_tells_warnings_and_does_not_fail(tmp_path, capsys):
    file = tmp_path / "case.yaml"
    file.write_text(twice_subsidised(0.3))
    assert run(["check", str(file), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith(f"Warning: {file}:25:1: every fund here is a subsidy (aiss, second); together")
    diagnostic, *notes = json.loads(told.out)["diagnostics"]
    assert {note["severity"] for note in notes} == {"note"}
    assert (diagnostic["severity"], diagnostic["line"]) == ("warning", 25)


def test_windows_of_the_catalogue_take_the_step_of_the_case(tmp_path):
    text = GOOD.replace("2027q1", "2027m01").replace("2028q2", "2028m06").replace("2028q1", "2028m01")
    (tmp_path / "case.yaml").write_text(text)
    fund = read_case(tmp_path / "case.yaml").funds["aiss"]
    assert (fund.start, fund.end) == ("2024m10", "2027m09")


def test_workloads_may_come_as_a_table(read):
    table = (
        "id,name,kind,workload_class,tenant,data_class,start,end,demand_pflops,params_b,unserved_hkd_per_pflops_day,"
        "stacks_ready,measured_pflops_per_device\n"
        "maps,Maps,service,slm,city,public,2027q1,2027q4,5,3,4000,cuda cann,nvidia_l20=0.04 huawei_ascend_910c=0.25\n"
    )
    case = read("title: small", "title: small\nworkloads_csv: jobs.csv", jobs=table)
    maps = case.workloads["maps"]
    assert maps.demand_pflops.high == 5
    assert maps.stacks_ready == ("cuda", "cann")
    assert maps.measured_pflops_per_device == {"nvidia_l20": 0.04, "huawei_ascend_910c": 0.25}
    assert list(case.workloads) == ["maps", "bank"]


def test_the_hash_changes_with_the_case_and_its_table_alone(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(GOOD)
    first = read_inputs(case)
    assert first.sha256 == inputs_sha256(case)
    case.write_text(GOOD + "# a remark\n")
    assert inputs_sha256(case) != first.sha256
    assert first.data_as_of == data_as_of() == "2026-11-20"


BROKEN = {
    "unknown key": (
        "title: small",
        "titel: small\ntitle: small",
        "case.yaml:1:1: unknown key 'titel'. Did you mean 'title'?",
    ),
    "site of an offer": (
        "sites: [hk_hsitp_loop]",
        "sites: [hk_hsitp_lop]",
        "case.yaml:8:34: 'hk_hsitp_lop' is no site of this case. Did you mean 'hk_hsitp_loop'?",
    ),
    "device of an offer": (
        "price_usd_per_device: 21000",
        "accelerator: huawei_ascend_910x",
        "case.yaml:8:63: 'huawei_ascend_910x' is no device. Did you mean 'huawei_ascend_910d'?",
    ),
    "site of a catalogued offer": (
        "  sg: {}\n",
        "",
        "case.yaml:8:3: offer 'sg_h100_rental' of the catalogue stands at 'sg', which this case lacks. Add `sg: {}` under sites.",
    ),
    "vendor without a known output": (
        "title: small",
        "title: small\nvendor_supply: {NVIDIA: {}}",
        "case.yaml:2:17: 'NVIDIA' is no vendor with a known output of the catalogue. `planner catalog vendor_supply` lists what there is. One of the case's own needs devices_per_quarter.",
    ),
    "class of data": (
        "data_class: financial_client",
        "data_class: financial_clients",
        "case.yaml:16:17: 'financial_clients' is no class of data. Did you mean 'financial_client'?",
    ),
    "stack": ("[cuda]", "[cudda]", "case.yaml:22:20: 'cudda' is no software stack. Did you mean 'cuda'?"),
    "device of a licence": (
        "[nvidia_h20_96gb]",
        "[nvidia_h20_96]",
        "case.yaml:27:24: 'nvidia_h20_96' is no device. Did you mean 'nvidia_h20_96gb'?",
    ),
    "scenario": (
        "id: tightening",
        "id: tightning",
        "case.yaml:30:10: 'tightning' is no scenario of the rule book. Did you mean 'tightening'?",
    ),
    "probabilities": (
        "probability: 0.4",
        "probability: 0.5",
        "case.yaml:28:1: the probabilities of the scenarios add up to 1.1, not 1. Correct them.",
    ),
    "scenario twice": (
        "id: tightening",
        "id: status_quo",
        "case.yaml:30:10: scenario 'status_quo' stands twice. Remove one of the two.",
    ),
    "law before its reveal": (
        "probability: 0.4",
        "probability: 0.4, revealed: 2027-01-02",
        "case.yaml:30:50: scenario 'tightening' is revealed on 2027-01-02, but its law begins on 2027-01-01, before that. "
        "Reveal it on 2027-01-01 or before, or leave `revealed` out.",
    ),
    "tenant of a silo": (
        "tenants: [bank]",
        "tenants: [bonk]",
        "case.yaml:32:19: 'bonk' is no tenant of a workload. Did you mean 'bank'?",
    ),
    "window turned round": (
        "    end: 2028q2\n    demand",
        "    end: 2026q2\n    demand",
        "case.yaml:18:10: end 2026q2 lies before start 2027q1. Swap or correct them.",
    ),
    "window outside": (
        "    start: 2027q1\n    end: 2028q2\n",
        "    start: 2029q1\n    end: 2029q2\n",
        "case.yaml:17:12: this begins in 2029q1, after the plan ends in 2028q2. Remove it, or correct its dates.",
    ),
    "form of a period": (
        "by: 2028q1",
        "by: 2028m03",
        "case.yaml:34:31: 2028m03 is a month, but the plan goes by quarters. Write it like 2027q1.",
    ),
    "date of a promise": (
        "by: 2028q1",
        "by: 2030q1",
        "case.yaml:34:31: 2030q1 lies after the plan ends in 2028q2. Move it, or lengthen the horizon.",
    ),
    "megawatts": (
        "power_mw: 1.5",
        "power_mw: 5600",
        "case.yaml:4:29: 'power_mw' is 5600, but must be at most 2000. Was it meant in kW?",
    ),
    "months": (
        "wait_months: 6",
        "wait_months: 90",
        "case.yaml:27:96: 'wait_months' is 90, but must be at most 60. Was it meant in days?",
    ),
    "rented where one cannot rent": (
        "  sg_h100_rental:",
        "  sg_h100_rental: {sites: [hk_hsitp_loop]}",
        "case.yaml:9:28: nothing can be rented at 'hk_hsitp_loop', whose access is own. "
        "Set its access to rent or both, or name another site.",
    ),
    "compiled in": (
        "title: small",
        "title: small\nrulebook: {}",
        "case.yaml:2:1: unknown key 'rulebook'. Remove it; it comes from the catalogue.",
    ),
    "fleet of the future": (
        "  hk_aisc:",
        "  hk_aisc: {fleet: [{accelerator: nvidia_h800_sxm, devices: 8, installed: 2029-01-01}]}",
        "case.yaml:5:75: this fleet is installed on 2029-01-01, after the plan begins on 2027-01-01. "
        "Make it an offer, or correct the date.",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_one_thing_broken_is_told_in_one_sentence(read, broken):
    old, new, sentence = BROKEN[broken]
    assert complaints(read, old, new) == [sentence]


def test_a_device_is_owned_or_rented_at_a_site(read):
    found = complaints(
        read,
        "  sg: {}\noffers:",
        "  sg: {}\n  gba_shenzhen: {access: both, phases: [{from_date: 2026-01-01, power_mw: 1}]}\n"
        "offers:\n  shenzhen_910c_rental:\n  atlas:\n    kind: purchase\n    accelerator: huawei_ascend_910c\n"
        "    channel: domestic\n    sites: [gba_shenzhen]\n    price_usd_per_device: 20000",
    )
    assert found == [
        "case.yaml:9:3: 'huawei_ascend_910c' is both owned and rented at 'gba_shenzhen'. "
        "Give the rented part a site of its own."
    ]


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path):
    text = GOOD.replace("power_mw: 1.5", "power_mw: 5600").replace("[cuda]", "[cudda]").replace("0.4", "0.5")
    (tmp_path / "case.yaml").write_text(text)
    with pytest.raises(InvalidInput) as error:
        read_case(tmp_path / "case.yaml")
    assert [problem.line for problem in error.value.problems] == [4, 22, 28]


def test_a_wrong_cell_of_a_table_is_told_by_its_line(read):
    table = (
        "id,name,kind,workload_class,tenant,data_class,start,end,demand_pflops,params_b,unserved_hkd_per_pflops_day\n"
        "maps,Maps,service,slm,city,publik,2027q1,2027q4,5,3,4000\n"
        "more,More,service,slm,city,public,2029q1,2029q4,5,3,4000\n"
    )
    found = complaints(read, "title: small", "title: small\nworkloads_csv: jobs.csv", jobs=table)
    assert found == [
        "jobs.csv:2: 'publik' is no class of data. Did you mean 'public'?",
        "jobs.csv:3: this begins in 2029q1, after the plan ends in 2028q2. Remove it, or correct its dates.",
    ]


def test_a_missing_table_is_told(read):
    found = complaints(read, "title: small", "title: small\nworkloads_csv: jobs.csv")
    assert len(found) == 1
    assert "there is no such file" in found[0]


@pytest.mark.parametrize(
    "text", ["", "[]", "text", "sites: 3", "sites: [a]\noffers: {x: 3}\nhorizon: 7\nscenarios: {}"]
)
def test_the_checks_survive_any_shape(tmp_path, text):
    (tmp_path / "case.yaml").write_text(text)
    with pytest.raises(InvalidInput):
        read_case(tmp_path / "case.yaml")


@pytest.mark.parametrize(
    "case", sorted((Path(__file__).parents[2] / "examples").glob("*/case.yaml")), ids=lambda path: path.parent.name
)
def test_every_example_reads(case):
    assert read_case(case).title
