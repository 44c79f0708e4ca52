"""What `planner fields` and `planner schema` are made from: the nouns, and nothing else."""

from datetime import date

import pytest

from planner.domain.bid import Comparison
from planner.domain.case import Case
from planner.errors import UsageError
from planner.intake.fields import Field, fields, matching
from planner.intake.freshness import Freshness, freshness
from planner.intake.schema import DRAFT, json_schema

ALL = {field.path: field for field in fields(Case)}


def test_a_field_tells_type_unit_bounds_default_and_meaning():
    assert ALL["sites.<id>.pue"] == Field(
        "sites.<id>.pue",
        "a number",
        "",
        "≥ 1, ≤ 3",
        "required",
        "power usage effectiveness: facility power over IT power",
    )
    assert ALL["sites.<id>.phases[].power_mw"].unit == "MW"
    assert ALL["offers.<id>.price_usd_per_device"].type == "a number or {low, mid, high}"
    assert ALL["offers.<id>.kind"].type == "purchase | rental"
    assert ALL["workloads.<id>.stacks_ready"].default == "cuda"
    assert ALL["sites.<id>.public"].default == "false"
    assert ALL["horizon.decision_date"].type == "a date"


def test_only_what_a_file_may_give_is_listed():
    assert not any(path.startswith(("rulebook", "governance", "performance")) for path in ALL)
    assert "sites.<id>.id" not in ALL
    assert "scenarios[].id" in ALL


def test_numbers_have_a_unit_or_say_what_they_are():
    mute = [path for path, field in ALL.items() if "number" in field.type and not field.unit and not field.meaning]
    assert mute == []


def test_a_pattern_is_a_part_of_a_path_or_has_wildcards():
    assert {field.path for field in matching(ALL.values(), "PUE")} == {"sites.<id>.pue"}
    assert {field.path for field in matching(ALL.values(), "horizon.*")} == {
        "horizon.start",
        "horizon.end",
        "horizon.decision_date",
    }
    assert "sites.<id>.phases[].power_mw" in {field.path for field in matching(ALL.values(), "phases[]")}
    assert len(matching(ALL.values(), "")) == len(ALL)
    with pytest.raises(UsageError, match=r"^no field fits 'tarif_hkd_per_kwh'\. Did you mean 'tariff_hkd_per_kwh'\?$"):
        matching(ALL.values(), "tarif_hkd_per_kwh")


def test_the_schema_allows_what_the_intake_allows():
    schema = json_schema(Case)
    definitions = schema["$defs"]
    assert schema["$schema"] == DRAFT
    assert schema["required"] == ["title", "horizon", "sites"]
    assert schema["additionalProperties"] is False
    # A plain number stands for a Range; an entry of the catalogue is empty or given in part, its id is its key.
    assert definitions["Range"]["anyOf"][0] == {"type": "number"}
    for name in ("Site", "Offer", "Workload", "Fund", "Stack", "Accelerator"):
        assert definitions[name]["type"] == ["object", "null"]
        assert "required" not in definitions[name]
        assert "id" not in definitions[name]["properties"]
        assert definitions[name]["additionalProperties"] is False
    assert definitions["Phase"]["required"] == ["from_date", "power_mw"]
    assert definitions["Site"]["properties"]["pue"]["maximum"] == 3


def test_the_schema_tells_units():
    properties = json_schema(Case)["$defs"]["Site"]["properties"]
    assert properties["rack_kw"]["description"] == "IT power one rack can feed and cool, kW; none: no limit known"
    assert properties["carbon_growth_per_year"]["description"].endswith("[1/year]")


def test_references_in_the_schema_lead_somewhere():
    schema = json_schema(Case)

    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if "$ref" in part else [])
            part = list(part.values())
        for inside in part if isinstance(part, list) else []:
            yield from references(inside)

    assert {name.removeprefix("#/$defs/") for name in references(schema)} <= set(schema["$defs"])


def test_every_file_of_the_catalogue_says_how_old_it_is():
    files = {file.file: file for file in freshness(date(2026, 12, 1))}
    assert {"accelerators.yaml", "regimes.yaml", "sites.yaml"} <= set(files)
    assert all(file.as_of for file in files.values())
    assert Freshness("x", date(2026, 11, 20), 11, 10).stale
    assert not Freshness("x", date(2026, 11, 20), 10, 10).stale
    assert Freshness("x", None, None, 10).stale


def test_a_file_of_options_has_its_fields_and_its_schema():
    paths = {field.path for field in fields(Comparison)}
    assert {"options.<id>.parts.<id>.price_hkd", "options.<id>.claim.pflops", "weights.criteria"} <= paths
    schema = json_schema(Comparison)
    assert schema["required"] == ["title", "case", "award_date", "options"]
    assert "HKD" in schema["$defs"]["Part"]["properties"]["price_hkd"]["description"]
