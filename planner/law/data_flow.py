"""The facts that data law asks of a case, and what is assumed where the case is silent.

    persons[g,c] = Σ persons of the workloads of tenant g with data of class c,   those of imported data left out

Thresholds of volume hold for whoever handles the data, not for one workload. A fact that nobody stated is unknown; law is
then asked as `ASSUMED` says, and `unstated` tells which of these answers the verdict rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.case import Case
from planner.domain.data_rule import DataGovernance
from planner.domain.workload import Workload
from planner.law.data_governance import DataFlow, data_outcome

ASSUMED = {
    "parties_in_gba": (
        "tenants.{tenant}.parties_in_gba",
        "all parties are registered in Hong Kong or the nine cities of the Greater Bay Area",
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
        parties_in_gba=tenant.parties_in_gba if tenant else None,
        critical_operator=tenant.critical_operator if tenant else None,
        imported=workload.data_imported,
        held_under=workload.data_held_under,
        uncounted=None in persons,
    )


def _sum(numbers: list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def unstated(case: Case) -> tuple[str, ...]:
    """What is assumed of data, a sentence for each fact on which the verdict at a site of the case rests."""
    zones = dict.fromkeys(site.legal_zone for site in case.sites.values())
    fields: dict[str, dict[str, None]] = {fact: {} for fact in ASSUMED}
    for workload in case.workloads.values():
        flow = flow_of(case, workload)
        for zone in zones:
            for fact in _asked(case.governance, workload.data_class, zone, flow):
                fields[fact][ASSUMED[fact][0].format(workload=workload.id, tenant=workload.tenant)] = None
    return tuple(
        f"Data law is asked as if {ASSUMED[fact][1]}, since the case does not state {', '.join(silent)}."
        for fact, silent in fields.items()
        if silent
    )


def _asked(governance: DataGovernance, data_class: str, zone: str, flow: DataFlow) -> Iterator[str]:
    """Facts that nobody stated and that the rule of the zone asks for."""
    rule = governance.rules[data_class][zone]
    ladder = governance.ladders.get(rule.ladder or "")
    if ladder is not None and rule.ladder_when == "party_outside_gba":
        if flow.parties_in_gba is None:
            yield "parties_in_gba"
        if flow.parties_in_gba is not False:
            ladder = None
    if ladder is not None:
        if flow.uncounted:
            yield "persons_per_year"
        elif flow.sensitive_persons_per_year is None:
            yield "sensitive_persons_per_year"
        if ladder.critical_operator_takes_last and flow.critical_operator is None:
            yield "critical_operator"
        if ladder.imported_exempt and flow.imported is None:
            yield "imported"
    contract = any(
        governance.mechanisms[m].stays_in_gba
        for other in governance.rules[data_class].values()
        for m in other.mechanisms
    )
    if contract and flow.held_under is None and not governance.zones[zone].in_gba:
        if data_outcome(governance, data_class, zone, flow).granted:
            yield "held_under"
