"""Data governance: which class of data may be processed in which legal zone, by which mechanism."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from planner.domain.base import Confidence, Id, Noun, Range

Permit = Literal["allow", "condition", "deny"]


class Zone(Noun):
    """A place in the sense of data law: where a site lies and who stands behind its operator."""

    id: Id
    name: str
    in_gba: bool = Field(False, description="Hong Kong or one of the nine mainland cities of the Greater Bay Area")


class DataClass(Noun):
    """A kind of data. A job takes the strictest class of its inputs, and trained weights inherit it."""

    id: Id
    name: str
    note: str = ""
    sources: tuple[str, ...] = Field((), description="what its rules are read from, with the day they were read")
    confidence: Confidence = Field("mixed", description="of its rules, where a rule names none")


class Mechanism(Noun):
    """A legal path that lets a class of data be processed in a zone: paid per tenant when it is begun and each time it is
    renewed, and it takes its time.
    """

    id: Id
    name: str
    cost_hkd: Range = Field(ge=0, le=1e9, description="per tenant and zone, each time it is begun, HKD")
    lead_months: Range = Field(ge=0, le=120, description="from start to first processing, months")
    validity_years: float | None = Field(
        None,
        gt=0,
        le=100,
        description="from its first day, after which it ends and must be begun and paid again; none: no end",
    )
    since: date | None = Field(None, description="first day on which law knows it")
    stays_in_gba: bool = Field(False, description="data under it may not go on to a zone outside the Greater Bay Area")
    confidence: Confidence
    sources: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class VolumeStep(Noun):
    """What a volume needs. It holds below both limits; a limit left out is no limit."""

    persons_below: float | None = Field(None, gt=0, le=1e10, description="persons per year, without sensitive data")
    sensitive_persons_below: float | None = Field(
        None, gt=0, le=1e10, description="persons per year with sensitive data"
    )
    permit: Permit = "condition"
    mechanisms: tuple[Id, ...] = ()


class Ladder(Noun):
    """Steps of volume, from small to large; the first whose limits are not reached applies, the last has none."""

    id: Id
    name: str
    steps: tuple[VolumeStep, ...] = Field(min_length=1)
    when_unknown: tuple[Id, ...] = Field(description="mechanisms while nobody has counted the persons")
    exemptions: tuple[Id, ...] = Field((), description="grounds on which a flow needs nothing, as workloads state them")
    imported_exempt: bool = Field(False, description="data that came from abroad and only passes through needs nothing")
    critical_operator_takes_last: bool = Field(
        False, description="operators of critical infrastructure take the last step"
    )
    citation: str
    since: date | None = Field(None, description="first day on which its thresholds are law")
    confidence: Confidence

    @model_validator(mode="after")
    def _last_has_no_limit(self) -> Ladder:
        if self.steps[-1].persons_below is not None or self.steps[-1].sensitive_persons_below is not None:
            raise ValueError("the last step of a ladder must hold for every volume")
        return self


class DataRule(Noun):
    """The rule of one class in one zone. Where a ladder applies, its step gives permit and mechanisms instead."""

    rule: Permit
    mechanisms: tuple[Id, ...] = ()
    ladder: Id | None = Field(None, description="steps of volume that decide instead")
    ladder_when: Literal["always", "party_outside_gba"] = Field(
        "always", description="party_outside_gba: only when a party is registered outside the Greater Bay Area"
    )
    basis: Literal["law", "policy"] = Field(
        "law", description="policy: caution of the planner where law would let it, by a path it does not model"
    )
    confidence: Confidence | None = Field(None, description="none: that of its data class")
    note: str = ""


class DataGovernance(Noun):
    """The matrix of data classes and zones, with the mechanisms and ladders it refers to."""

    schema_version: Literal[1] = 1
    as_of: date
    confidence: Confidence
    zones: dict[Id, Zone]
    data_classes: dict[Id, DataClass]
    gba_cities_mainland: tuple[str, ...]
    mechanisms: dict[Id, Mechanism]
    ladders: dict[Id, Ladder] = Field(default_factory=dict)
    rules: dict[Id, dict[Id, DataRule]] = Field(description="by data class, then by zone")

    @model_validator(mode="before")
    @classmethod
    def _key_is_id(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        named = dict(value)
        for field in ("zones", "data_classes", "mechanisms", "ladders"):
            entries = named.get(field)
            if isinstance(entries, dict):
                named[field] = {k: {**v, "id": k} if isinstance(v, dict) else v for k, v in entries.items()}
        return named

    @model_validator(mode="after")
    def _matrix_is_whole(self) -> DataGovernance:
        for data_class in self.data_classes:
            missing = sorted(set(self.zones) - set(self.rules.get(data_class, {})))
            if missing:
                raise ValueError(f"rules lack {data_class} in {missing[0]}")
        for data_class, by_zone in self.rules.items():
            for zone, rule in by_zone.items():
                if data_class not in self.data_classes or zone not in self.zones:
                    raise ValueError(f"rules name {data_class} in {zone}, which the classes or zones lack")
                if rule.ladder is not None and rule.ladder not in self.ladders:
                    raise ValueError(f"{data_class} in {zone} names ladder {rule.ladder}, which does not exist")
        named = {m for by_zone in self.rules.values() for rule in by_zone.values() for m in rule.mechanisms}
        for ladder in self.ladders.values():
            named |= {*ladder.when_unknown, *(m for step in ladder.steps for m in step.mechanisms)}
        unknown = sorted(named - set(self.mechanisms))
        if unknown:
            raise ValueError(f"mechanism {unknown[0]} does not exist")
        return self
