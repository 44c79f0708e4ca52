"""Items: what is sold beside whole devices, and how law looks at each.

    hbm              a memory stack sold alone; its density is bandwidth over area, both with a range
    die              a bare logic die, of a device of the catalogue or of a designer of one's own
    board, server    devices of the catalogue on a baseboard or in a computer: law asks about the device that it holds

Memory that is packaged with a logic die that dominates is no item: it is that device, and law asks about the device.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from planner.domain.accelerator import Accelerator
from planner.domain.base import Confidence, Id, Noun, Range
from planner.domain.country import Country
from planner.domain.match import Between, Facts

Kind = Literal["hbm", "die", "board", "server"]
KIND_WORDS: Mapping[Kind, str] = {"hbm": "memory stack", "die": "logic die", "board": "board", "server": "server"}
NO_CHIP = {"tpp": 0.0, "memory_bandwidth_gbps": 0.0, "io_bandwidth_gbps": 0.0, "memory_plus_io_gbps": 0.0}
"""What rules on chips measure, of a memory stack: it computes nothing, and its own measure is density."""


class Origin(Noun):
    """Who makes an item in a country, and whether with US technology or equipment."""

    makers: tuple[str, ...] = Field(min_length=1)
    us_technology: bool | None = Field(
        None,
        description="made with US technology or equipment, so that the foreign-direct-product rule reaches it; none: unknown",
    )
    confidence: Confidence
    source: str


class Article(Accelerator):
    """An item as law looks at it: a device with what rules on items ask beside."""

    holds: Id | None = None
    us_technology: bool | None = None
    transistors_bn: float | None = Field(None, gt=0, le=100_000)
    holds_hbm: bool | None = None
    designer_approved: bool | None = None
    density_bounds: tuple[float, float] | None = None

    @cached_property
    def facts(self) -> Facts:
        """What rules may test of the item, by metric."""
        facts = {**super().facts, **(NO_CHIP if self.item_type == "hbm" else {})}
        facts["accelerator_id"] = self.holds or self.id
        if self.memory_bandwidth_density is None and self.density_bounds is not None:
            facts["memory_bandwidth_density"] = Between(*self.density_bounds)
        return facts


class Item(Noun):
    """An item of the catalogue. Bandwidth is GB/s of one stack, area mm2 of one stack or package."""

    id: Id
    name: str
    kind: Kind
    holds: Id | None = Field(None, description="device of the catalogue that it holds or, of a die, belongs to")
    devices: int = Field(1, ge=1, le=10_000, description="devices that it holds")
    made_in: dict[Country, Origin] = Field(
        default_factory=dict,
        description="memory stack: where and by whom it is made; the first is taken if none is asked",
    )
    memory_gb: Range | None = Field(None, gt=0, le=10_000, description="memory of one stack, GB")
    bandwidth_gbps: Range | None = Field(None, gt=0, le=100_000, description="bandwidth of one stack, GB/s")
    area_mm2: Range | None = Field(None, gt=0, le=10_000, description="area of one package or stack, mm2")
    process_node_nm: float | None = Field(None, gt=0, le=1_000, description="die: process, nm")
    transistors_bn: float | None = Field(
        None, gt=0, le=100_000, description="die: transistors of the package, billions; none: unknown"
    )
    designer_approved: bool = Field(
        False, description="die: its designer is approved or authorised by the US authority"
    )
    confidence: Confidence
    sources: tuple[str, ...] = Field(min_length=1)
    note: str | None = None

    @model_validator(mode="after")
    def _says_what_law_asks(self) -> Item:
        needs: dict[Kind, tuple[str, ...]] = {
            "hbm": ("made_in", "bandwidth_gbps", "area_mm2"),
            "die": () if self.holds else ("process_node_nm",),
            "board": ("holds",),
            "server": ("holds",),
        }
        missing = [field for field in needs[self.kind] if not getattr(self, field)]
        if missing:
            raise ValueError(f"a {KIND_WORDS[self.kind]} needs {' and '.join(missing)}")
        if self.kind == "hbm" and self.holds:
            raise ValueError("a memory stack holds no device; memory inside a device is that device")
        return self

    @property
    def density(self) -> tuple[float, float] | None:
        """The least and the most bandwidth per area, GB/s per mm2; None of anything but a memory stack."""
        if self.bandwidth_gbps is None or self.area_mm2 is None:
            return None
        return self.bandwidth_gbps.low / self.area_mm2.high, self.bandwidth_gbps.high / self.area_mm2.low

    def as_article(self, devices: Mapping[str, Accelerator], origin: str | None = None) -> Article:
        """What law is asked about. `devices` is the catalogue; `origin`, of a memory stack alone, one of `made_in`."""
        if self.holds:
            held = {**devices[self.holds].model_dump(), **self._own, "holds": self.holds}
            if self.kind == "die":  # a bare die is on sale nowhere
                held |= {"us_commercially_available": False, "designer_approved": self.designer_approved}
            return Article.model_validate(held)
        if self.kind == "die":
            return Article.model_validate({**_FABLESS, **self._own, "designer_approved": self.designer_approved})
        country = origin or next(iter(self.made_in))
        made = self.made_in[country]
        by = {"vendor": ", ".join(made.makers), "vendor_country": country, "us_technology": made.us_technology}
        return Article.model_validate({**_STACK, **self._own, **by, "density_bounds": self.density})

    @property
    def _own(self) -> dict[str, object]:
        """What the item says itself, over what it holds."""
        own: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "item_type": self.kind,
            "process_node_nm": self.process_node_nm,
            "transistors_bn": self.transistors_bn,
        }
        said = {name: value for name, value in own.items() if value is not None}
        return said if self.holds else {**said, "sources": self.sources, "confidence": self.confidence}


_STACK = {"group": "legacy", "software_stack": "none", "cuda_compatible": "none"}
_FABLESS = {**_STACK, "vendor": "a designer of its own", "vendor_country": "HK"}
