"""What law says of a purchase, a rental or a device in use, asked as the plan asks it.

`planner.law` gives the rule that decides and what it means; here the case's buyer, licences and what-ifs on law are set
beside it. A device that law reviews case by case may be bought only under a licence the case hopes for, after its
waiting time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from planner.domain.case import Case
from planner.domain.horizon import Period
from planner.domain.offer import Offer
from planner.domain.policy import ControlOverride
from planner.domain.rule import Ground
from planner.domain.site import Site
from planner.domain.transaction import Transaction
from planner.domain.workload import Workload
from planner.law.meaning import permission
from planner.law.outcome import flags_of, outcome_of
from planner.model.branch import Branch, in_force
from planner.units import DAYS_PER_MONTH

Facts = tuple[tuple[str, object], ...]
InForce = tuple[date, str | None, ControlOverride | None]
"""Since when law stands as it does, under which scenario, and a what-if on law."""


@dataclass(frozen=True)
class Answer:
    """The rule that decides (or the flag that bars), whether it may be, and after how many more months.

    `licensed`: it counts against a licence that the case hopes for.
    """

    ground: Ground
    allowed: bool
    delay_months: float
    because: str
    licensed: bool = False

    @property
    def rule(self) -> str:
        return self.ground.rule.id

    @property
    def outcome(self) -> str:
        return self.ground.outcome

    @property
    def risky(self) -> bool:
        """Whether US money pays nothing for what it lets."""
        return self.outcome == "compliance_risk"

    @property
    def fee_share(self) -> float:
        """Levied on the price, as a share of it."""
        return self.ground.fee_or_tax_pct / 100.0

    @property
    def citation(self) -> str:
        return self.ground.rule.source


class Law:
    """The rule book as one case asks it; every answer is looked up once between two changes of law."""

    def __init__(self, case: Case, branch: Branch | None = None) -> None:
        self._case, self._branch = case, branch
        self._grounds: dict[tuple[object, ...], tuple[Ground, tuple[Ground, ...]]] = {}
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._uses: dict[tuple[object, ...], Answer] = {}
        self._marks: dict[tuple[object, ...], bool] = {}
        self._stands: dict[tuple[str, date, str | None], InForce] = {}
        self._licence = {a: licence for licence in case.licences.values() for a in licence.accelerators}

    def of(self, case: Case) -> Law:
        """The same law and what is known of it, for a case with the same devices, buyer and licences."""
        same = Law(case, self._branch)
        same._grounds, same._answers, same._uses, same._marks = self._grounds, self._answers, self._uses, self._marks
        return same

    def purchase(self, offer: Offer, site: Site, shipped: date, scenario: str | None) -> Answer:
        """May the offer's device ship to the site on that day?"""
        facts = self._facts(site, "purchase", "inference", tuple(offer.assume.items()))
        return self._answer(offer.accelerator, facts, shipped, scenario, self._case.buyer.us_exposure)

    def rental(self, offer: Offer, site: Site, on: date, scenario: str | None) -> Answer:
        """May anyone here rent it on that day, for the least sensitive use?

        What a workload does with it is `use`'s question.
        """
        facts = self._facts(site, "cloud", "inference", tuple(offer.assume.items()))
        return self._answer(offer.accelerator, facts, on, scenario, us_exposed=False)

    def use(
        self,
        workload: Workload,
        accelerator: str,
        site: Site,
        on: date,
        scenario: str | None,
        rental: Offer | None = None,
    ) -> Answer:
        """May this workload run on the device there on that day?

        Rented: the cloud rules, for its use and exposure and for what the rental assumes. Owned: what stands may go on running, except that whoever has
        US exposure keeps off PRC-designed devices that US rules mark as a risk or prohibit, and whoever is bound by
        mainland rules off what those bar.
        """
        use_case = "training" if workload.kind == "training" else "inference"
        exposed = workload.us_exposure, workload.prc_exposure
        assumed = None if rental is None else tuple(rental.assume.items())
        in_force = self.in_force(accelerator, on, scenario)
        key = (accelerator, site.destination, use_case, exposed, *in_force, assumed)
        if key not in self._uses:
            self._uses[key] = self._use(workload, accelerator, site, on, scenario, use_case, assumed)
        return self._uses[key]

    def _use(
        self,
        workload: Workload,
        accelerator: str,
        site: Site,
        on: date,
        scenario: str | None,
        use_case: str,
        assumed: Facts | None,
    ) -> Answer:
        bar = self._mainland_bar(accelerator, on, scenario) if workload.prc_exposure else None
        if bar is not None:
            return Answer(bar, False, 0.0, f"bound by mainland rules: {_sentence(bar)}")
        if assumed is not None:
            facts = self._facts(site, "cloud", use_case, assumed)
            return self._answer(accelerator, facts, on, scenario, workload.us_exposure)
        ground, flags = self._look_up(accelerator, self._facts(site, "purchase", use_case, ()), on, scenario)
        mark = self._mark(ground, flags, accelerator) if workload.us_exposure else None
        return Answer(mark or ground, mark is None, 0.0, _sentence(mark or ground))

    def marked(self, accelerator: str, site: Site, on: date, scenario: str | None) -> bool:
        """Whether the device, owned there, is one that whoever has US exposure keeps off: US money pays
        nothing for it.
        """
        key = (accelerator, site.destination, *self.in_force(accelerator, on, scenario))
        if key not in self._marks:
            ground, flags = self._look_up(accelerator, self._facts(site, "purchase", "inference", ()), on, scenario)
            self._marks[key] = self._mark(ground, flags, accelerator) is not None
        return self._marks[key]

    def _mark(self, ground: Ground, flags: tuple[Ground, ...], accelerator: str) -> Ground | None:
        """What marks a device designed in China: the rule that decides, or may, or a US list on which its maker stands."""
        risky = {"compliance_risk", "prohibited"}
        if self._case.accelerators[accelerator].vendor_country != "CN":
            return None
        listed = (flag for flag in flags if flag.layer == "us_parties" and flag.rule.outcome in risky)
        return ground if not risky.isdisjoint(ground.outcomes) else next(listed, None)

    def _mainland_bar(self, accelerator: str, on: date, scenario: str | None) -> Ground | None:
        """The mainland procurement rule that bars the device for whoever is bound by it, if any."""
        facts = (("channel", "purchase"), ("destination", "CN"))
        _, flags = self._look_up(accelerator, facts, on, scenario)
        bars = ("compliance_risk", "prohibited", "presumption_of_denial")
        return next((flag for flag in flags if flag.layer == "prc_procurement" and flag.rule.outcome in bars), None)

    def _facts(self, site: Site, channel: str, use_case: str, assume: Facts) -> Facts:
        buyer = self._case.buyer
        facts = {"end_user_hq": buyer.end_user_hq, **buyer.assume, **dict(assume)}
        facts |= {"channel": channel, "destination": site.destination, "use_case": use_case}
        return tuple(facts.items())

    def _look_up(
        self, accelerator: str, facts: Facts, on: date, scenario: str | None
    ) -> tuple[Ground, tuple[Ground, ...]]:
        book = self._case.rulebook
        since, known, control = self.in_force(accelerator, on, scenario)
        key = (accelerator, facts, since, known)
        if key not in self._grounds:
            device, transaction = self._case.accelerators[accelerator], Transaction.model_validate(dict(facts))
            self._grounds[key] = (
                outcome_of(device, transaction, since, book, known),
                flags_of(device, transaction, since, book, known),
            )
        ground, flags = self._grounds[key]
        return self._overridden(ground, accelerator, control), flags

    def in_force(self, accelerator: str, on: date, scenario: str | None) -> InForce:
        """Since when law stands as it does on that day, under which scenario, and the what-if on law for the device."""
        key = accelerator, on, scenario
        if key not in self._stands:
            self._stands[key] = self._stood(*key)
        return self._stands[key]

    def _stood(self, accelerator: str, on: date, scenario: str | None) -> InForce:
        book = self._case.rulebook
        control = in_force(self._case, self._branch, scenario).controls.get(accelerator)
        if control is not None and control.start and on < Period.parse(control.start).start:
            control = None
        return book.last_change(on), scenario if scenario in book.scenarios else None, control

    def _overridden(self, ground: Ground, accelerator: str, control: ControlOverride | None) -> Ground:
        if control is None or ground.channel != "purchase":
            return ground
        says = {
            "outcome": control.outcome,
            "id": f"controls.{accelerator}",
            "source": "what-if of the case",
            "fee_or_tax_pct": 0.0,
            "approval_share": None,
        }
        return replace(ground, rule=ground.rule.model_copy(update=says), possible=())

    def _answer(self, accelerator: str, facts: Facts, on: date, scenario: str | None, us_exposed: bool) -> Answer:
        key = (accelerator, facts, us_exposed, *self.in_force(accelerator, on, scenario))
        if key not in self._answers:
            self._answers[key] = self._answered(accelerator, facts, on, scenario, us_exposed)
        return self._answers[key]

    def _answered(self, accelerator: str, facts: Facts, on: date, scenario: str | None, us_exposed: bool) -> Answer:
        ground, flags = self._look_up(accelerator, facts, on, scenario)
        granted = permission(ground, flags, self._case.rulebook, us_exposed=us_exposed)
        if granted.barred_by is not None:
            return Answer(granted.barred_by, False, 0.0, _sentence(granted.barred_by))
        if granted.needs_licence:
            licence = self._licence.get(accelerator)
            if licence is None:
                return Answer(ground, False, 0.0, f"{_sentence(ground)}, and the case hopes for no licence for it")
            wait = max(licence.wait_months.mid, granted.wait_days / DAYS_PER_MONTH)
            return Answer(ground, True, wait, _sentence(ground), licensed=True)
        return Answer(ground, True, granted.wait_days / DAYS_PER_MONTH, _sentence(ground))


def _sentence(ground: Ground) -> str:
    """The rule that decides, or each that may while figures of the device are unknown."""
    says = (f"{one.rule.outcome} by {one.rule.id} ({one.rule.source})" for one in ground.possible or (ground,))
    return ("unknown, as figures are not published: " if ground.possible else "") + " or ".join(says)
