"""Which workload may run on which device at which site; what may not goes to the ledger.

A placement (w, a, s) has columns unless one of these keeps it out, asked in this order: the workload's own sites, the
data rules of the site's zone, the double bind (exposure to a regime that bars the device or the operator), the software
stack, and the memory of the device. Law on remote access is asked anew in every node and of every rental, with what
that rental assumes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from planner.domain.case import Case
from planner.domain.horizon import Node
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.domain.workload import Workload
from planner.law.data_flow import flow_of
from planner.law.data_governance import DataVerdict, data_outcome
from planner.model.ledger import Refusal
from planner.model.permission import Answer, Law
from planner.model.useful import Speeds

RentedAt = Mapping[tuple[str, str], Mapping[str, tuple[Offer, ...]]]
"""By (accelerator, site), then by node: the rentals that may be taken there."""


@dataclass(frozen=True)
class Placement:
    """A workload on a device at a site, with what it needs before it runs and the nodes in which it may.

    `through`: where the device is rented, by node the rentals that law lets it use.
    """

    workload: Workload
    accelerator: str
    site: Site
    stack: str
    ported: bool
    mechanisms: tuple[str, ...]
    nodes: tuple[Node, ...]
    through: Mapping[str, frozenset[str]]

    @cached_property
    def key(self) -> tuple[str, str, str]:
        return self.workload.id, self.accelerator, self.site.id


def place(
    case: Case,
    law: Law,
    speeds: Speeds,
    standing: dict[tuple[str, str], tuple[Node, ...]],
    rented: RentedAt,
) -> tuple[tuple[Placement, ...], tuple[Refusal, ...]]:
    """All placements on the (device, site) pairs that can stand or be rented, and the refusals.

    `standing` gives for every pair the nodes in which devices may be there.
    """
    placements: list[Placement] = []
    refused: list[Refusal] = []
    uses: dict[tuple[object, ...], _Use] = {}
    days = {node.id: case.horizon.order_date(node.period) for node in case.tree}
    times = {pair: tuple(node.id for node in nodes) for pair, nodes in standing.items()}
    zones = {site.legal_zone for site in case.sites.values()}
    for workload in case.workloads.values():
        flow = flow_of(case, workload)
        allowed = case.sites if workload.sites_allowed is None else workload.sites_allowed
        pairs = [(accelerator, site_id) for accelerator, site_id in standing if site_id in allowed]
        speeds.ask(workload, dict.fromkeys(accelerator for accelerator, _ in pairs))
        by_zone = {zone: data_outcome(case.governance, workload.data_class, zone, flow) for zone in zones}
        for accelerator, site_id in pairs:
            site, nodes = case.sites[site_id], standing[accelerator, site_id]
            data = by_zone[site.legal_zone]
            reasons = _reasons(case, law, speeds, workload, accelerator, site, data)
            if refusal := next(reasons, None):
                refused.append(refusal)
                continue
            # To law one training is like another, and so is one service, but for who is exposed to the US or the mainland; and
            # so is one site of a destination where what runs is owned.
            offers = rented.get((accelerator, site_id))
            where = site_id if offers else (site.destination, times[accelerator, site_id])
            kind = accelerator, where, workload.kind, workload.us_exposure, workload.prc_exposure
            if kind not in uses:
                uses[kind] = _use(law, workload, accelerator, site, [(node, days[node.id]) for node in nodes], offers)
            use = uses[kind]
            refused.extend(use.refusals(workload, accelerator, site))
            if use.allowed:
                stack = case.accelerators[accelerator].software_stack
                ready = stack in workload.stacks_ready
                cleared = site.legal_zone in workload.cleared_zones
                mechanisms = (
                    () if cleared else tuple(m.id for m in data.mechanisms if m.cost_hkd.mid or m.lead_months.mid)
                )
                placements.append(
                    Placement(workload, accelerator, site, stack, not ready, mechanisms, use.allowed, use.through)
                )
    return tuple(placements), tuple(refused)


def _reasons(
    case: Case, law: Law, speeds: Speeds, workload: Workload, accelerator: str, site: Site, data: DataVerdict
) -> Iterator[Refusal]:
    """Why the placement cannot be in any node; nothing when it can."""

    def refusal(family: str, rule: str, because: str, outcome: str | None = None) -> Refusal:
        return Refusal(family, rule, because, accelerator, site.id, None, workload.id, None, outcome)

    device = case.accelerators[accelerator]
    if not data.granted:
        yield refusal("data_governance", f"{workload.data_class}.{site.legal_zone}", data.because, "deny")
    if workload.us_exposure and site.listed_operator:
        yield refusal(
            "double_bind", "listed_operator", f"{site.operator} is on a US list and {workload.id} has US exposure"
        )
    stack = case.stacks.get(device.software_stack)
    if device.software_stack not in workload.stacks_ready and (
        stack is None or workload.workload_class not in stack.porting
    ):
        yield refusal(
            "porting",
            device.software_stack,
            f"no way is known to port {workload.workload_class} to {device.software_stack}",
        )
    if not speeds.fits(workload, accelerator):
        yield refusal("parallelism", "memory", speeds.reference(workload, accelerator).reason)


class _Use(NamedTuple):
    """What law says of one use of a device at a site: the nodes that may be and through which rentals, and for each rule
    that denies it the first such node.
    """

    allowed: tuple[Node, ...]
    through: Mapping[str, frozenset[str]]
    denied: tuple[tuple[Node, date, Answer, str | None], ...]

    def refusals(self, workload: Workload, accelerator: str, site: Site) -> Iterator[Refusal]:
        """The denials, as the workload meets them."""
        for node, on, answer, offer in self.denied:
            yield Refusal(
                "double_bind", answer.rule, f"from {on}: {answer.because}", accelerator, site.id, offer, workload.id, node.id,
                answer.outcome, answer.ground.source_id, answer.citation,
            )  # fmt: skip


def _use(
    law: Law,
    workload: Workload,
    accelerator: str,
    site: Site,
    nodes: Sequence[tuple[Node, date]],
    rented: Mapping[str, tuple[Offer, ...]] | None,
) -> _Use:
    """The answers for each node, of which law is asked on the day."""
    allowed: list[Node] = []
    through: dict[str, frozenset[str]] = {}
    answers: dict[tuple[object, str], Answer] = {}
    denied: dict[tuple[str, str | None], tuple[Node, date, Answer, str | None]] = {}
    for node, on in nodes:
        lawful = set()
        for offer in (None,) if rented is None else rented.get(node.id, ()):
            asked = law.in_force(accelerator, on, node.scenario), offer.id if offer else ""
            if asked not in answers:
                answers[asked] = law.use(workload, accelerator, site, on, node.scenario, offer)
            answer = answers[asked]
            if answer.allowed:
                lawful.add(offer.id if offer else "")
            else:
                by = offer.id if offer and offer.assume else None
                denied.setdefault((answer.rule, by), (node, on, answer, by))
        if lawful:
            allowed.append(node)
            through[node.id] = frozenset(lawful)
    return _Use(tuple(allowed), through, tuple(denied.values()))
