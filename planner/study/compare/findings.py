"""What is found of a claim beside its figure, and what keeps a bid off the short list: facts, of which reports make sentences.

Each record names its `kind`, so that a comparison that was saved is read back as what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from planner.model.ledger import Refusal
from planner.study.compare.carry_out import Limit


@dataclass(frozen=True)
class Unclaimed:
    """The bid claims no such figure."""

    kind: Literal["unclaimed"] = "unclaimed"


@dataclass(frozen=True)
class Unpublished:
    """No rate of its devices at this precision is published."""

    precision: str
    kind: Literal["unpublished"] = "unpublished"


@dataclass(frozen=True)
class Peak:
    """The dense peak at a precision, which the bid has `stated` or not. `fits`: the precision of which the claim is the peak, where that
    is another one or one with zeros skipped (`fits_sparse`); `sparse`: the bid says that it counts such zeros.
    """

    precision: str
    stated: bool
    sparse: bool
    fits: str | None = None
    fits_sparse: bool = False
    kind: Literal["peak"] = "peak"


@dataclass(frozen=True)
class Drawn:
    """What its devices draw at the meter."""

    kind: Literal["drawn"] = "drawn"


@dataclass(frozen=True)
class Room:
    """What is left at a site beside what is needed there, which stands as the claim."""

    site: str
    kind: Literal["room"] = "room"


@dataclass(frozen=True)
class PerKw:
    """Dense BF16 peak per kW of IT."""

    kind: Literal["per_kw"] = "per_kw"


@dataclass(frozen=True)
class Serves:
    """The day on which all that comes serves, None where nothing does; `late`: later than the bid says."""

    day: date | None
    late: bool
    kind: Literal["serves"] = "serves"


@dataclass(frozen=True)
class Peers:
    """Public clusters that serve, those among them that took no longer than the bid says, and months of the fastest."""

    clusters: int
    as_fast: int
    fastest_months: float
    kind: Literal["peers"] = "peers"


@dataclass(frozen=True)
class LowRent:
    """The low end of rents of a device."""

    accelerator: str
    kind: Literal["low_rent"] = "low_rent"


@dataclass(frozen=True)
class LowPrice:
    """The low end of prices of the devices alone, and what the price of the bid covers beside them."""

    covers: tuple[str, ...]
    kind: Literal["low_price"] = "low_price"


Finding = Annotated[
    Unclaimed | Unpublished | Peak | Drawn | Room | PerKw | Serves | Peers | LowRent | LowPrice,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Refused:
    """A part that comes by no way: what refuses it, with outcome and rule where it is law; without a `family` the case has no such way."""

    part: str
    family: str = ""
    because: str = ""
    outcome: str | None = None
    rule: str | None = None
    kind: Literal["refused"] = "refused"


def refused(part: str, refusal: Refusal | None) -> Refused:
    """A part of which the ledger says why it comes by no way."""
    if refusal is None:
        return Refused(part)
    return Refused(part, refusal.family, refusal.because, refusal.outcome, refusal.rule)


@dataclass(frozen=True)
class Short:
    """Only a share of its devices comes, or fits where a hall is what keeps the others out."""

    share: float
    in_halls: bool
    limits: tuple[Limit, ...]
    kind: Literal["short"] = "short"


@dataclass(frozen=True)
class Late:
    """It serves later than is allowed, in months after the award."""

    months: float
    allowed_months: float
    kind: Literal["late"] = "late"


@dataclass(frozen=True)
class Idle:
    """It does none of the work of the need."""

    kind: Literal["idle"] = "idle"


@dataclass(frozen=True)
class Dear:
    """It asks for more than is to be granted, HKD."""

    price_hkd: float
    grant_hkd: float
    kind: Literal["dear"] = "dear"


Hindrance = Annotated[Refused | Short | Late | Idle | Dear, Field(discriminator="kind")]
