"""Software stacks: what a device's ecosystem costs in speed, in engineers and in months."""

from __future__ import annotations

from pydantic import Field

from planner.domain.base import Confidence, Noun, Range
from planner.domain.workload import WorkloadClass


class Porting(Noun):
    """Bringing one workload of a class to a stack."""

    engineer_months: Range = Field(ge=0, le=100_000, description="effort, engineer-months")
    months: Range = Field(ge=0, le=120, description="duration, months")


class Stack(Noun):
    """A software ecosystem. CUDA is the yardstick: its porting effort is zero by definition."""

    id: str = Field("", description="the key under which it stands")
    name: str
    growth_per_year: float = Field(0.0, ge=-0.5, le=1, description="growth of its efficiency per year, 0.05 = +5 %")
    efficiency_max: float = Field(1.3, gt=0, le=2, description="where growth ends, as a multiple of today's efficiency")
    porting: dict[WorkloadClass, Porting] = Field(default_factory=dict, description="by workload class")
    confidence: Confidence = "estimate"
    source: str = ""
    as_of: str = ""
    note: str = ""
