"""Law asked again, for the audit: the rule book's answer on a day, and what it means to this buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.case import Case
from planner.domain.horizon import Node, Period, add_months
from planner.domain.offer import Offer
from planner.domain.rule import Ground
from planner.domain.site import Site
from planner.domain.transaction import Transaction
from planner.domain.workload import Workload
from planner.law.meaning import permission
from planner.law.outcome import flags_of, outcome_of
from planner.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
ROUNDS = 3


@dataclass(frozen=True)
class Ruling:
    """Whether it may be, after how many months of waiting, at which fee, by which rule."""

    allowed: bool
    months: float
    outcome: str
    rule: str
    fee_share: float = 0.0
    licensed: bool = False


@dataclass(frozen=True)
class Shipment:
    """An order in one branch: the days on which it ships and arrives, the node and the day from which it stands (no
    node: after the horizon), the day until which it lives, and the ruling.
    """

    leaf: Node
    shipped: date
    arrives: date
    stands_from: str | None
    stands: date
    lives_until: date
    ruling: Ruling

    @property
    def stored_months(self) -> float:
        """Months between arrival and the day on which the hall is ready."""
        return (self.stands - self.arrives).days / DAYS_PER_MONTH


class Lawyer:
    """Asks the case's rule book; every question once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._licences = {
            accelerator: licence for licence in case.licences.values() for accelerator in licence.accelerators
        }
        self._grounds: dict[tuple[object, ...], tuple[Ground, tuple[Ground, ...]]] = {}
        self._ruled: dict[tuple[object, ...], Ruling] = {}
        self._shunned: dict[tuple[object, ...], bool] = {}
        self._barred: dict[tuple[object, ...], bool] = {}

    def of(self, case: Case) -> Lawyer:
        """The lawyer of a case much like it, who knows the answers that hang on nothing in which the two differ."""
        same, before = Lawyer(case), self._case
        books = case.rulebook is before.rulebook and case.accelerators == before.accelerators
        if books and case.buyer == before.buyer and _terms(case) == _terms(before):
            same._grounds, same._barred = self._grounds, self._barred
            if case.licences == before.licences and case.controls == before.controls:
                same._ruled, same._shunned = self._ruled, self._shunned
        return same

    def purchase(self, offer: Offer, site: Site, on: date, scenario: str | None) -> Ruling:
        """May the offer's device ship to the site on the day?"""
        key = offer.id, site.destination, "purchase", on, scenario
        if key not in self._ruled:
            ground, flags = self._look_up(offer.accelerator, site, "purchase", "inference", on, scenario, offer)
            self._ruled[key] = self._ruling(offer.accelerator, ground, flags, on, self._case.buyer.us_exposure)
        return self._ruled[key]

    def rental(self, offer: Offer, site: Site, on: date, scenario: str | None) -> Ruling:
        """May it be rented on the day, for the least sensitive use?"""
        key = offer.id, site.destination, "cloud", on, scenario
        if key not in self._ruled:
            ground, flags = self._look_up(offer.accelerator, site, "cloud", "inference", on, scenario, offer)
            self._ruled[key] = self._ruling(offer.accelerator, ground, flags, on, False)
        return self._ruled[key]

    def may_use(
        self, workload: Workload, accelerator: str, site: Site, on: date, scenario: str | None, rental: Offer | None
    ) -> Ruling:
        """May the workload run on the device on the day? A rental keeps what it assumes."""
        purpose = "training" if workload.kind == "training" else "inference"
        key = workload.us_exposure, purpose, accelerator, site.destination, on, scenario, rental.id if rental else None
        if key not in self._ruled:
            channel = "cloud" if rental else "purchase"
            ground, flags = self._look_up(accelerator, site, channel, purpose, on, scenario, rental)
            if rental:
                self._ruled[key] = self._ruling(accelerator, ground, flags, on, workload.us_exposure)
            else:
                outcome, rule, _ = self._decides(accelerator, ground, on)
                barred = workload.us_exposure and self._is_shunned(accelerator, ground, flags, on)
                self._ruled[key] = Ruling(not barred, 0.0, outcome, rule)
        return self._ruled[key]

    def shunned(self, accelerator: str, site: Site, on: date, scenario: str | None) -> bool:
        """Whether US money keeps off the device that stands there."""
        key = accelerator, site.destination, on, scenario
        if key not in self._shunned:
            ground, flags = self._look_up(accelerator, site, "purchase", "inference", on, scenario)
            self._shunned[key] = self._is_shunned(accelerator, ground, flags, on)
        return self._shunned[key]

    def _is_shunned(self, accelerator: str, ground: Ground, flags: tuple[Ground, ...], on: date) -> bool:
        """Designed in China, and a risk: by the rule that decides, by one that may where figures are unknown, or because
        its maker stands on a US list.
        """
        if self._case.accelerators[accelerator].vendor_country != "CN":
            return False
        outcome, _, _ = self._decides(accelerator, ground, on)
        may_be = [each.rule.outcome for each in ground.possible] if outcome == "unknown" else [outcome]
        may_be += [flag.rule.outcome for flag in flags if flag.layer == "us_parties"]
        return "compliance_risk" in may_be or "prohibited" in may_be

    def barred_on_the_mainland(self, accelerator: str, on: date, scenario: str | None) -> bool:
        """Whether a mainland procurement rule keeps it that day from whoever is bound by such rules."""
        key = accelerator, on, scenario
        if key not in self._barred:
            facts = Transaction(channel="purchase", destination="CN")
            known = scenario if scenario in self._case.rulebook.scenarios else None
            flags = flags_of(self._case.accelerators[accelerator], facts, on, self._case.rulebook, known)
            bars = ("compliance_risk", "prohibited", "presumption_of_denial")
            self._barred[key] = any(flag.layer == "prc_procurement" and flag.rule.outcome in bars for flag in flags)
        return self._barred[key]

    def shipments(self, offer: Offer, site: Site, node: Node, leaves: list[Node]) -> list[Shipment]:
        """Where an order of the node ends in each branch: shipped for the day on which its hall is ready, or at once and
        stored if law denies that in less of the future.
        """
        in_time = self._shipments(offer, site, node, leaves, site.fit_out_months)
        at_once = self._shipments(offer, site, node, leaves, 0.0)
        return at_once if _denied(at_once) < _denied(in_time) else in_time

    def _shipments(self, offer: Offer, site: Site, node: Node, leaves: list[Node], hold: float) -> list[Shipment]:
        ordered = self._case.horizon.order_date(node.period)
        hall = add_months(ordered, site.fit_out_months)
        transit = timedelta(days=round(offer.transit_months * DAYS_PER_MONTH))
        shipments = []
        for leaf in leaves:
            wait = 0.0
            for _ in range(ROUNDS):
                shipped = add_months(ordered, max(hold, offer.lead_time_months.mid + wait)) - transit
                ruling = self.purchase(offer, site, shipped, leaf.policy_on(shipped))
                if not ruling.allowed or ruling.months <= wait:
                    break
                wait = ruling.months
            arrives = shipped + transit
            stands, day = self._stands(leaf, shipped, max(arrives, hall))
            life = add_months(day, offer.lifetime_years * MONTHS_PER_YEAR)
            shipments.append(Shipment(leaf, shipped, arrives, stands, day, life, ruling))
        return shipments

    def _stands(self, leaf: Node, shipped: date, day: date) -> tuple[str | None, date]:
        """Node and day from which what can stand on a day does: within the period of that day, unless that is one that branches share
        which are under different law by the day of shipment; then from the next period.
        """
        path = iter(leaf.path)
        node = next((step for step in path if day < step.period.end), None)
        if node is None or day <= self._case.horizon.order_date(node.period):
            return (node.id if node else None), day
        policies = {end.policy_on(shipped) for end in self._case.tree.leaves if node.id in {n.id for n in end.path}}
        if len(policies) == 1:
            return node.id, day
        after = next(path, None)
        return (after.id if after else None), day

    def _look_up(
        self,
        accelerator: str,
        site: Site,
        channel: str,
        purpose: str,
        on: date,
        scenario: str | None,
        offer: Offer | None = None,
    ) -> tuple[Ground, tuple[Ground, ...]]:
        key = accelerator, site.destination, channel, purpose, on, scenario, offer.id if offer else None
        if key not in self._grounds:
            buyer = self._case.buyer
            fields = {"end_user_hq": buyer.end_user_hq, **buyer.assume, **(offer.assume if offer else {})}
            fields |= {"channel": channel, "destination": site.destination, "use_case": purpose}
            facts, book = Transaction.model_validate(fields), self._case.rulebook
            device, known = self._case.accelerators[accelerator], scenario if scenario in book.scenarios else None
            self._grounds[key] = outcome_of(device, facts, on, book, known), flags_of(device, facts, on, book, known)
        return self._grounds[key]

    def _decides(self, accelerator: str, ground: Ground, on: date) -> tuple[str, str, float]:
        """Outcome, rule and fee, the case's own what-ifs on law before the book."""
        control = self._case.controls.get(accelerator)
        begun = control is not None and (control.start is None or on >= Period.parse(control.start).start)
        if control is not None and begun and ground.channel == "purchase":
            return control.outcome, f"controls.{accelerator}", 0.0
        fees = [each.rule.fee_or_tax_pct for each in (ground, *ground.possible)]
        return ground.outcome, ground.rule.id, max(fees) / 100.0

    def _ruling(self, accelerator: str, ground: Ground, flags: tuple[Ground, ...], on: date, exposed: bool) -> Ruling:
        outcome, rule, fee = self._decides(accelerator, ground, on)
        if rule != ground.rule.id:
            says = {"outcome": outcome, "id": rule, "fee_or_tax_pct": 0.0, "approval_share": None}
            ground = Ground(
                ground.rule.model_copy(update=says), ground.source_id, ground.source_name, ground.layer, ground.channel,
                ground.destinations, ground.first_day, ground.last_day, ground.citations, possible=(),
            )  # fmt: skip
        granted = permission(ground, flags, self._case.rulebook, us_exposed=exposed)
        if granted.barred_by is not None:
            return Ruling(False, 0.0, granted.barred_by.outcome, granted.barred_by.rule.id)
        if not granted.needs_licence:
            return Ruling(True, granted.wait_days / DAYS_PER_MONTH, outcome, rule, fee)
        licence = self._licences.get(accelerator)
        if licence is None:
            return Ruling(False, 0.0, outcome, rule, fee)
        return Ruling(True, max(licence.wait_months.mid, granted.wait_days / DAYS_PER_MONTH), outcome, rule, fee, True)


def _terms(case: Case) -> dict[str, tuple[object, ...]]:
    """By offer: what law is told of it."""
    return {offer.id: (offer.accelerator, offer.assume) for offer in case.offers.values()}


def _denied(made: list[Shipment]) -> float:
    """Probability of the branches in which law denies the shipment."""
    return sum(shipment.leaf.probability for shipment in made if not shipment.ruling.allowed)
