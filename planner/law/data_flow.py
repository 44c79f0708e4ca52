"""The facts that data law asks of a case, and what is assumed where the case is silent.

    persons[g,c] = Σ persons of the workloads of tenant g with data of class c,   those of imported data left out

Thresholds of volume hold for whoever handles the data, not for one workload. A fact that nobody stated is unknown; law is
then asked as `ASSUMED` says, and `unstated` tells which of these answers the verdict rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.domain.case import Case
from planner.domain.data_rule import DataGovernance
from planner.domain.workload import Workload
from planner.law.data_governance import DataFlow, data_outcome

ASSUMED = {
    "parties_in_gba": (
        "tenants.{tenant}.seat",
        "a party is registered outside Hong Kong and the nine cities of the Greater Bay Area",
    ),
    "persons_per_year": ("workloads.{workload}.persons_per_year", "the number of persons is unknown"),
    "sensitive_persons_per_year": ("workloads.{workload}.sensitive_persons_per_year", "no data are sensitive"),
    "critical_operator": ("tenants.{tenant}.critical_operator", "the tenant is no operator of critical infrastructure"),
    "imported": ("workloads.{workload}.data_imported", "no data are imported from abroad"),
    "held_under": (
        "workloads.{workload}.data_held_under",
        "no data are held under a contract of the Greater Bay Area",
    ),
}
"""By fact: where a case states it, and what is assumed of it until then."""

MANY = 1e10


def flow_of(case: Case, workload: Workload) -> DataFlow:
    """What the case states of a workload's data, volumes added up over what its tenant does with data of the class."""
    tenant = case.tenants.get(workload.tenant)
    whole = [
        other
        for other in case.workloads.values()
        if (other.tenant, other.data_class) == (workload.tenant, workload.data_class)
        and (other is workload or not other.data_imported)
    ]
    persons = [other.persons_per_year for other in whole]
    return DataFlow(
        persons_per_year=_sum(persons),
        sensitive_persons_per_year=_sum([other.sensitive_persons_per_year for other in whole]),
        parties_in_gba=tenant.in_gba if tenant else None,
        critical_operator=tenant.critical_operator if tenant else None,
        imported=workload.data_imported,
        held_under=workload.data_held_under,
        exempt_by=workload.data_exempt_by,
        uncounted=None in persons,
    )


def _sum(numbers: list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def unstated(case: Case) -> tuple[str, ...]:
    """What is assumed of data, a sentence for each fact on which the verdict at a site of the case rests."""
    zones = tuple(dict.fromkeys(site.legal_zone for site in case.sites.values()))
    fields: dict[str, dict[str, None]] = {fact: {} for fact in ASSUMED}
    asked: dict[tuple[str, DataFlow], dict[str, None]] = {}
    for workload in case.workloads.values():
        key = workload.data_class, flow_of(case, workload)
        if key not in asked:
            asked[key] = dict.fromkeys(fact for zone in zones for fact in _asked(case.governance, zone, *key))
        for fact in asked[key]:
            fields[fact][ASSUMED[fact][0].format(workload=workload.id, tenant=workload.tenant)] = None
    return tuple(
        f"Data law is asked as if {ASSUMED[fact][1]}, since the case does not state {', '.join(silent)}."
        for fact, silent in fields.items()
        if silent
    )


def _asked(governance: DataGovernance, zone: str, data_class: str, flow: DataFlow) -> Iterator[str]:
    """Facts that nobody stated and that would change the verdict in the zone were they otherwise than assumed."""
    known = (m for rule in governance.rules[data_class].values() for m in rule.mechanisms)
    keeping = next((m for m in known if governance.mechanisms[m].stays_in_gba), None)
    otherwise: dict[str, DataFlow] = {
        "parties_in_gba": replace(flow, parties_in_gba=True),
        "persons_per_year": replace(flow, persons_per_year=MANY, uncounted=False),
        "sensitive_persons_per_year": replace(flow, sensitive_persons_per_year=MANY),
        "critical_operator": replace(flow, critical_operator=True),
        "imported": replace(flow, imported=True),
        "held_under": replace(flow, held_under=keeping),
    }
    verdict = data_outcome(governance, data_class, zone, flow)
    for fact, other in otherwise.items():
        stated = not flow.uncounted if fact == "persons_per_year" else getattr(flow, fact) is not None
        if stated or (fact == "sensitive_persons_per_year" and flow.uncounted):
            continue  # whoever counts the persons counts these with them
        answer = data_outcome(governance, data_class, zone, other)
        if (answer.permit, answer.mechanisms) != (verdict.permit, verdict.mechanisms):
            yield fact
