"""Regimes: dated bodies of law or of official guidance, each with rules that give an outcome.

How one outcome comes about (`planner.law.outcome` carries it out):

1. the regimes count whose layer is us_hardware (purchase) or us_cloud (cloud), whose scope names the destination, and
   which are in force on the day, first and last day included;
2. an active scenario, from its start date on, drops its `disable_regimes` and adds its `override_rules`;
3. of all rules that match, the one with the highest priority decides; a default rule that matches everything makes the
   answer total, and priorities are unique, so that it is one;
4. rules of the other layers that match are flags: they never change the US outcome, the planner intersects them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from planner.domain.base import Id, Noun
from planner.domain.country import UNNAMED, Country
from planner.domain.match import Belongs
from planner.domain.policy import Outcome
from planner.domain.rule import (
    DECIDING_LAYER,
    FIRST_OVERRIDE_PRIORITY,
    Certainty,
    Channel,
    Ground,
    Grounds,
    Layer,
    Override,
    Rule,
    ranked,
)
from planner.domain.transaction import Destination


class DataThreshold(Noun):
    """A volume of data and what moving it across the border needs."""

    case: str
    need: Literal["security_assessment", "standard_contract_or_certification", "exempt"]


class Regime(Noun):
    """A dated body of law or guidance. `effective_to` is its last day; without it the regime is open-ended."""

    id: Id
    name: str
    authority: str
    layer: Layer
    channel: Channel
    effective_from: date
    effective_to: date | None = None
    savings_until: date | None = Field(
        None, description="what was on its way on the first day may arrive before this day as if the regime were not"
    )
    citations: tuple[str, ...] = Field(min_length=1)
    summary: str
    destination_scope: tuple[Destination, ...] = Field(min_length=1)
    rules: tuple[Rule, ...] = ()
    data_thresholds: tuple[DataThreshold, ...] = ()
    all_sectors_from: date | None = Field(None, description="day from which it is open to every sector")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Regime:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError(f"ends on {self.effective_to}, before it begins on {self.effective_from}")
        return self


class PolicyScenario(Noun):
    """A hypothetical turn of law: from `start_date` on it drops regimes and adds rules that beat all others."""

    id: Id
    name: str
    hypothetical: bool = True
    start_date: date = Field(description="first day on which it changes the law")
    description: str = ""
    suggested_weight: float | None = Field(None, ge=0, le=1, description="share of belief, for a start")
    weight_confidence: Certainty = "low"
    support_available: bool = Field(True, description="spares, firmware and repair of installed US devices go on")
    disable_regimes: tuple[Id, ...] = ()
    override_rules: tuple[Override, ...] = ()

    @property
    def changes_law(self) -> bool:
        """Whether any answer differs from that of the law in force."""
        return bool(self.disable_regimes or self.override_rules or not self.support_available)

    @cached_property
    def grounds(self) -> Grounds:
        """Its own rules by layer, highest priority first."""
        return ranked(
            Ground(
                rule=rule,
                source_id=self.id,
                source_name=f"scenario: {self.name}",
                layer=rule.layer,
                channel=rule.channel,
                destinations=frozenset(rule.destination_scope),
                first_day=self.start_date,
                last_day=date.max,
                citations=(f"hypothetical, scenario {self.id}",),
            )
            for rule in self.override_rules
        )


class OutcomeMeaning(Noun):
    """What an outcome means to a plan."""

    may_buy: Literal["freely", "after_notice", "within_licence", "unexposed_only", "never"]
    wait_days: int = Field(0, ge=0, le=3_650, description="days from notice to shipment")
    note: str = ""


class SupercomputerCeiling(Noun):
    """Peak that may stand in one hall before every item that is subject to US rules needs a licence for it."""

    fp64_pflops: float = Field(gt=0, le=1e6, description="FP64 peak, PFLOP/s, from which a hall is a supercomputer")
    fp32_pflops: float = Field(gt=0, le=1e6, description="FP32 peak, PFLOP/s, from which a hall is a supercomputer")
    rule: Id = Field(description="rule that the ceiling keeps halls clear of; without it there is no ceiling")
    envelope_ft3: float = Field(gt=0, le=1e9, description="volume of the hall that is counted together, cubic feet")
    destination_scope: tuple[Destination, ...]
    effective_from: date
    later: dict[Destination, date] = Field(default_factory=dict, description="first day by place, where it came later")
    citation: str
    confidence: Certainty

    @property
    def limits(self) -> dict[str, float]:
        """PFLOP/s of one envelope, by precision."""
        return {"fp64": self.fp64_pflops, "fp32": self.fp32_pflops}


class CountryGroup(Noun):
    """Members of a country group of the EAR. Several entries of one group add up, each from its first day on."""

    group: str = Field(description="as rules name it, such as D:5")
    name: str
    members: tuple[Country, ...] = Field(min_length=1)
    since: date | None = Field(None, description="first day; none: for as long as the book goes back")
    source: str
    confidence: Certainty


class PackageLimit(Noun):
    """The most logic that one package can hold, which bounds the performance density of a device of unknown die area."""

    released_until: date | None = Field(None, description="last day of release for which it holds; none: any later")
    logic_mm2: float = Field(gt=0, le=1e6, description="area of the largest interposer that is sold, mm2")
    source: str
    confidence: Certainty


class MemoryStacks(Noun):
    """What memory takes of the same interposer: the fewest stacks that hold a device's memory, each of the least size."""

    least_mm2: float = Field(gt=0, le=1e4, description="area of a stack, at the least, mm2")
    most_gb: dict[str, Annotated[float, Field(gt=0, le=1e4)]] = Field(
        description="memory of one stack, at the most, by type of memory, GB"
    )
    source: str
    confidence: Certainty

    def area_mm2(self, memory_type: str | None, memory_gb: float | None) -> float:
        """Area that the memory takes at the least; none for other types than stacks."""
        most = self.most_gb.get(memory_type or "")
        return self.least_mm2 * math.ceil(memory_gb / most) if most and memory_gb else 0.0


class RuleBook(Noun):
    """All regimes and scenarios, and what outcomes mean."""

    schema_version: Literal[1] = 1
    as_of: date
    outcomes: dict[Outcome, OutcomeMeaning]
    supercomputer: SupercomputerCeiling
    country_groups: tuple[CountryGroup, ...] = ()
    unnamed_outside: tuple[str, ...] = Field(
        (), description="groups to which the unnamed destination OTHER does not belong"
    )
    packages: tuple[PackageLimit, ...] = Field((), description="by day of release, earliest first; none: no bound")
    memory_stacks: MemoryStacks | None = None
    regimes: tuple[Regime, ...]
    scenarios: dict[Id, PolicyScenario] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _key_is_id(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("scenarios"), dict):
            return value
        named = {k: {**v, "id": k} if isinstance(v, dict) else v for k, v in value["scenarios"].items()}
        return {**value, "scenarios": named}

    @model_validator(mode="after")
    def _one_answer_always(self) -> RuleBook:
        regimes = [regime.id for regime in self.regimes]
        rules = [rule for regime in self.regimes for rule in regime.rules]
        added = [rule for scenario in self.scenarios.values() for rule in scenario.override_rules]
        _refuse_twice("regime", regimes)
        _refuse_twice("rule", [rule.id for rule in (*rules, *added)])
        _refuse_twice("priority", [str(rule.priority) for rule in (*rules, *added)])
        for layer in DECIDING_LAYER.values():
            defaults = [ground.destinations for ground in self.grounds.get(layer, ()) if ground.is_default]
            if not {"HK", "CN", "MO", "OTHER"} <= frozenset().union(*defaults):
                raise ValueError(f"layer {layer} has no default rule, a rule whose match is empty")
            if any(ground.rule.priority >= FIRST_OVERRIDE_PRIORITY for ground in self.grounds[layer]):
                raise ValueError(
                    f"priorities of {layer} must stay below {FIRST_OVERRIDE_PRIORITY}, where scenarios begin"
                )
        if self.supercomputer.rule not in [rule.id for rule in rules] and self.supercomputer.destination_scope:
            raise ValueError(f"supercomputer names rule {self.supercomputer.rule}, which no regime has")
        if any(rule.priority < FIRST_OVERRIDE_PRIORITY for rule in added):
            raise ValueError(f"rules of scenarios need a priority of {FIRST_OVERRIDE_PRIORITY} or more")
        for scenario in self.scenarios.values():
            unknown = sorted(set(scenario.disable_regimes) - set(regimes))
            if unknown:
                raise ValueError(f"scenario {scenario.id} disables {unknown[0]}, which is no regime")
        return self

    @cached_property
    def grounds(self) -> Grounds:
        """The rules of all regimes by layer, highest priority first."""
        return ranked(
            Ground(
                rule=rule,
                source_id=regime.id,
                source_name=regime.name,
                layer=regime.layer,
                channel=regime.channel,
                destinations=frozenset(regime.destination_scope),
                first_day=regime.effective_from,
                last_day=regime.effective_to or date.max,
                citations=regime.citations,
                savings_until=regime.savings_until,
            )
            for regime in self.regimes
            for rule in regime.rules
        )

    @cached_property
    def kept_in_force(self) -> dict[tuple[object, ...], tuple[Ground, ...]]:
        """By layer, place, days and scenario: the rules in force, as far as `planner.law.outcome` has looked them up."""
        return {}

    @cached_property
    def kept_groups(self) -> dict[tuple[str, date], Belongs]:
        """By place and day: the groups of a country, as far as they were asked for."""
        return {}

    def groups_of(self, place: str, on: date) -> Belongs:
        """The groups to which a country belongs on a day, its own code among them; of an unnamed one none is known.

        Hong Kong belongs where China does, since it is no destination of its own.
        """
        if (place, on) not in self.kept_groups:
            self.kept_groups[place, on] = self._groups_of(place, on)
        return self.kept_groups[place, on]

    def _groups_of(self, place: str, on: date) -> Belongs:
        if place == UNNAMED:
            outside = [entry for entry in self.country_groups if entry.group in self.unnamed_outside]
            barred = (member for entry in outside for member in entry.members)
            return Belongs(not_to=frozenset(("HK", "CN", "MO", *self.unnamed_outside, *barred)))
        home = "CN" if place == "HK" else place
        among = (entry for entry in self.country_groups if home in entry.members and (entry.since or on) <= on)
        return Belongs(frozenset((place, *(entry.group for entry in among))), None)

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Days on which law changes, here or in a scenario, earliest first."""
        days = {scenario.start_date for scenario in self.scenarios.values()}
        days |= {entry.since for entry in self.country_groups if entry.since is not None}
        for regime in self.regimes:
            days.add(regime.effective_from)
            if regime.effective_to is not None:
                days.add(regime.effective_to + timedelta(days=1))
            if regime.savings_until is not None:
                days.add(regime.savings_until)
        return tuple(sorted(days))

    def last_change(self, on: date) -> date:
        """The last day on which law changed, here or in a scenario: whoever asks for `on` gets the answer of that day.

        A day before the book begins is its own.
        """
        place = bisect_right(self.changes, on)
        return self.changes[place - 1] if place else on


def _refuse_twice(what: str, values: list[str]) -> None:
    twice = [value for value in values if values.count(value) > 1]
    if twice:
        raise ValueError(f"{what} {twice[0]} stands twice")
