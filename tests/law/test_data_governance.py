"""Which data go where: the matrix, the volume ladders, the contract that keeps data in the Greater Bay Area."""

import pytest

from planner.errors import UsageError
from planner.intake.catalogue import data_governance
from planner.law.data_governance import DataFlow, data_outcome


def outcome(data_class, zone, **flow):
    return data_outcome(data_governance(), data_class, zone, DataFlow(**flow))


def ids(verdict):
    return [mechanism.id for mechanism in verdict.mechanisms]


def test_public_data_go_anywhere():
    for zone in data_governance().zones:
        verdict = outcome("public", zone)
        assert (verdict.permit, ids(verdict), verdict.cost_hkd.mid, verdict.lead_months.mid) == ("allow", [], 0, 0)


def test_client_data_in_the_nine_cities_need_three_mechanisms_side_by_side():
    verdict = outcome("financial_client", "cn_gba")
    assert ids(verdict) == ["hkma_outsourcing", "gba_sc", "client_consent"]
    assert verdict.cost_hkd.mid == 750_000  # 500,000 + 250,000
    assert verdict.lead_months.mid == 3  # the longer of 3 and 2.5
    assert (verdict.cost_hkd.low, verdict.cost_hkd.high) == (450_000, 1_125_000)
    assert (verdict.lead_months.low, verdict.lead_months.high) == (1.8, 4.5)


def test_what_is_denied_has_no_price():
    verdict = outcome("financial_client", "cn_nongba")
    assert (verdict.permit, verdict.granted, ids(verdict), verdict.cost_hkd.mid) == ("deny", False, [], 0)
    assert (
        verdict.because
        == "client data of a regulated Hong Kong financial firm in mainland, elsewhere: not allowed; by policy of this matrix, not by law."
    )


@pytest.mark.parametrize(
    ("persons", "mechanisms"),
    [
        (0, []),
        (99_999, []),
        (100_000, ["pipl_scc"]),
        (999_999, ["pipl_scc"]),
        (1_000_000, ["cac_assessment"]),
        (None, ["pipl_scc"]),
    ],
)
def test_persons_a_year_switch_the_mechanism(persons, mechanisms):
    assert ids(outcome("personal_mainland", "sg", persons_per_year=persons)) == mechanisms


@pytest.mark.parametrize(
    ("sensitive", "mechanisms"), [(0, []), (1, ["pipl_scc"]), (9_999, ["pipl_scc"]), (10_000, ["cac_assessment"])]
)
def test_sensitive_data_climb_sooner(sensitive, mechanisms):
    verdict = outcome("personal_mainland", "sg", persons_per_year=50, sensitive_persons_per_year=sensitive)
    assert ids(verdict) == mechanisms


def test_critical_operators_are_assessed_and_imported_data_are_exempt():
    assert ids(outcome("personal_mainland", "sg", persons_per_year=5, critical_operator=True)) == ["cac_assessment"]
    assert ids(outcome("personal_mainland", "sg", persons_per_year=5e6, imported=True)) == []


def test_the_greater_bay_contract_knows_no_volume_but_only_its_own_parties():
    within = {"parties_in_gba": True}
    assert ids(outcome("personal_mainland", "hk_onprem", persons_per_year=5e6, **within)) == ["gba_sc"]
    assert ids(outcome("personal_mainland", "hk_onprem", persons_per_year=99_999, **within)) == []
    assert ids(outcome("personal_mainland", "hk_onprem", **within)) == ["gba_sc"]
    assert ids(outcome("personal_mainland", "hk_onprem", persons_per_year=5e6)) == ["cac_assessment"]
    outside = {"persons_per_year": 5e6, "parties_in_gba": False}
    assert ids(outcome("personal_mainland", "hk_onprem", **outside)) == ["cac_assessment"]
    assert ids(outcome("personal_mainland", "hk_onprem", parties_in_gba=False)) == ["pipl_scc"]


def test_data_under_the_greater_bay_contract_go_nowhere_else():
    for zone in data_governance().zones.values():
        verdict = outcome("public", zone.id, held_under="gba_sc")
        assert verdict.granted is zone.in_gba
    assert outcome("public", "sg", held_under="pipl_scc").granted


@pytest.mark.parametrize(
    ("flow", "needs"),
    [
        ({"persons_per_year": 99_999}, []),  # below bulk the programme does not apply
        ({"persons_per_year": 100_000}, ["dsp_controls"]),  # at bulk a vendor agreement is restricted, not barred
        ({"persons_per_year": 10_000, "sensitive_persons_per_year": 9_999}, []),
        ({"persons_per_year": 10_000, "sensitive_persons_per_year": 10_000}, ["dsp_controls"]),
        ({}, ["dsp_controls"]),  # nobody counted
        ({"persons_per_year": 5e6, "exempt_by": "corporate_group"}, []),
        ({"persons_per_year": 5e6, "exempt_by": "financial_services"}, []),
    ],
)
def test_us_data_in_hong_kong_need_controls_from_bulk_on(flow, needs):
    verdict = outcome("us_client", "hk_onprem", **flow)
    assert verdict.granted
    assert ids(verdict) == needs


def test_data_related_to_the_us_government_know_no_threshold():
    assert ids(outcome("us_government", "hk_onprem", persons_per_year=1)) == ["dsp_controls"]


def test_omic_data_are_barred_from_their_thresholds():
    assert outcome("us_omic", "hk_onprem", persons_per_year=99).granted
    assert not outcome("us_omic", "cn_gba", persons_per_year=100).granted
    assert outcome("us_omic", "jp", persons_per_year=1e6).granted


def test_eu_data_need_clauses_in_hong_kong_and_nothing_in_japan():
    """Japan is adequate since 2019-01-23; Hong Kong and Singapore are not."""
    assert [ids(outcome("eu_client", zone)) for zone in ("hk_onprem", "sg", "jp")] == [
        ["gdpr_scc_tia"],
        ["gdpr_scc_tia"],
        [],
    ]
    both = outcome("western_client", "hk_onprem", persons_per_year=99_999)
    assert ids(both) == ["gdpr_scc_tia"]
    assert ids(outcome("western_client", "hk_onprem", persons_per_year=100_000)) == ["gdpr_scc_tia", "dsp_controls"]


def test_what_is_policy_and_not_law_says_so():
    for data_class, zone in (("us_client", "hk_cn_parent"), ("important_data", "sg")):
        verdict = outcome(data_class, zone)
        assert not verdict.granted
        assert "by policy of this matrix, not by law" in verdict.because


def test_every_rule_of_the_matrix_names_its_source_and_confidence():
    for data_class in data_governance().data_classes.values():
        assert data_class.sources, data_class.id


def test_thresholds_carry_their_first_day():
    first_days = {ladder.id: str(ladder.since) for ladder in data_governance().ladders.values()}
    assert first_days == {
        "pipl": "2024-03-22", "dsp_bulk": "2025-04-08", "dsp_omic": "2025-04-08", "dsp_and_gdpr": "2025-04-08",
    }  # fmt: skip
    assert "law since 2024-03-22" in outcome("personal_mainland", "sg", persons_per_year=5e5).because


def test_names_that_do_not_exist_are_refused():
    with pytest.raises(UsageError, match="no zone is called 'hk'; there are hk_onprem"):
        outcome("public", "hk")
    with pytest.raises(UsageError, match="no data class is called 'secret'; there are public"):
        outcome("secret", "sg")
