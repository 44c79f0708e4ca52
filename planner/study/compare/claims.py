"""What bidders claim, worked out again; a difference beyond a tolerance is flagged, with what would explain it.

computing power   devices · dense peak at the stated precision, BF16 where none is stated; a claim that fits another basis names it
power             devices · kW per device · PUE at the meter; and against what the site has left on the day of service
density           PFLOP/s dense BF16 per kW of IT, as claimed against the device's own
service           the day on which law, lead and hall let all of it serve; and against the fastest public cluster
price             against the low end of the catalogue for the devices alone
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.accelerator import RATE_FIELDS
from planner.domain.bid import Bid, Comparison
from planner.domain.case import Case
from planner.intake.options_file import award_date
from planner.study.compare.carry_out import CarriedOut
from planner.study.compare.cost import in_service_from
from planner.study.compare.findings import (
    Drawn,
    Finding,
    LowPrice,
    LowRent,
    Peak,
    Peers,
    PerKw,
    Room,
    Serves,
    Unclaimed,
    Unpublished,
)
from planner.study.compare.fleet import months_between, offer_id
from planner.units import KW_PER_MW, TFLOPS_PER_PFLOPS

WITHIN = 0.05
"""Of the figure worked out: a claim that differs by less agrees with it."""
DAYS_LATE = 15
SPARSE = 2.0


@dataclass(frozen=True)
class Check:
    """A claim beside what is worked out, and what is found of it. `agrees` is None where nothing was claimed or nothing is known."""

    subject: str
    unit: str
    claim: float | None
    recomputed: float | None
    agrees: bool | None
    finding: Finding

    @property
    def difference(self) -> float | None:
        """Of claim over what is worked out, as a share."""
        if self.claim is None or not self.recomputed:
            return None
        return self.claim / self.recomputed - 1


def checks(comparison: Comparison, key: str, done: CarriedOut, peers: tuple[float, ...]) -> tuple[Check, ...]:
    """Every check of a bid."""
    bid, case = comparison.options[key], done.plan.case
    return tuple(
        each
        for one in (
            _pflops(bid, case),
            _power(bid, case),
            _room(bid, done),
            _density(bid, case),
            _day(comparison, bid, done),
            _peers(comparison, bid, peers),
            _price(bid, case),
        )
        for each in one
    )


def peak_pflops(bid: Bid, case: Case, precision: str) -> float | None:
    """Dense peak of the whole bid, PFLOP/s; None where a device's is not published."""
    rates = [(case.accelerators[part.accelerator].peak_tflops(precision), part.devices) for part in bid.parts.values()]
    if any(rate is None for rate, _ in rates):
        return None
    return sum((rate or 0.0) * devices for rate, devices in rates) / TFLOPS_PER_PFLOPS


def power_mw(bid: Bid, case: Case) -> float:
    """Power at the meter of what is bought, MW."""
    owned = (part for part in bid.parts.values() if part.kind == "purchase")
    return sum(case.kw_per_device(p.accelerator) * case.sites[p.site].pue * p.devices for p in owned) / KW_PER_MW


def _pflops(bid: Bid, case: Case) -> Iterator[Check]:
    claim, basis, sparse = bid.claim.pflops, bid.claim.precision or "bf16", bid.claim.sparse
    own = peak_pflops(bid, case, basis)
    agrees: bool | None = None
    finding: Finding = Unclaimed()
    if claim is not None and own is None:
        finding = Unpublished(basis)
    elif claim is not None and own is not None:
        stated = own * (SPARSE if sparse else 1.0)
        agrees = bool(stated) and abs(claim / stated - 1) <= WITHIN
        fits = (None, False) if agrees else _fitting_basis(bid, case, claim, basis)
        finding = Peak(basis, bid.claim.precision is not None, sparse, *fits)
    yield Check("computing power", "PFLOP/s", claim, own, agrees, finding)


def _fitting_basis(bid: Bid, case: Case, claim: float, basis: str) -> tuple[str | None, bool]:
    """The precision of which the claim is the peak, and whether with zeros skipped; what is nearest to the stated one first."""
    ways = [(basis, True), *((other, sparse) for sparse in (False, True) for other in RATE_FIELDS)]
    for precision, sparse in ways:
        peak = (peak_pflops(bid, case, precision) or 0.0) * (SPARSE if sparse else 1.0)
        if peak and abs(claim / peak - 1) <= WITHIN:
            return precision, sparse
    return None, False


def _power(bid: Bid, case: Case) -> Iterator[Check]:
    own, claim = power_mw(bid, case), bid.claim.power_mw
    if not own:
        return
    agrees = None if claim is None else claim >= own * (1 - WITHIN)
    yield Check("power", "MW", claim, own, agrees, Unclaimed() if claim is None else Drawn())


def _room(bid: Bid, done: CarriedOut) -> Iterator[Check]:
    """Whether the halls take what is bought, told by the site with the least room."""
    case, since = done.plan.case, in_service_from(done, bid)
    for site_id in dict.fromkeys(part.site for part in bid.parts.values() if part.kind == "purchase"):
        site = case.sites[site_id]
        phase = site.phase_on(since or bid.service_date)
        standing = sum(case.kw_per_device(f.accelerator) * f.devices for f in site.fleet) * site.pue / KW_PER_MW
        left = max(0.0, (phase.power_mw if phase else 0.0) - standing)
        needed = power_mw(
            bid.model_copy(update={"parts": {k: p for k, p in bid.parts.items() if p.site == site_id}}), case
        )
        yield Check("room", "MW", needed, left, needed <= left * (1 + 1e-9), Room(site_id))


def _density(bid: Bid, case: Case) -> Iterator[Check]:
    """PFLOP/s per kW of IT that the claims make, against the devices' own."""
    owned = [part for part in bid.parts.values() if part.kind == "purchase"]
    rented = len(owned) < len(bid.parts)
    kw = sum(case.kw_per_device(p.accelerator) * p.devices for p in owned)
    own = peak_pflops(bid, case, "bf16")
    if rented or not kw or not own:
        return
    per_kw = own / kw
    if bid.claim.pflops is None or bid.claim.power_mw is None:
        yield Check("density", "PFLOP/s per kW", None, per_kw, None, Unclaimed())
        return
    pue = power_mw(bid, case) * KW_PER_MW / kw
    claim = bid.claim.pflops / (bid.claim.power_mw * KW_PER_MW / pue)
    yield Check("density", "PFLOP/s per kW", claim, per_kw, claim <= per_kw * (1 + 2 * WITHIN), PerKw())


def _day(comparison: Comparison, bid: Bid, done: CarriedOut) -> Iterator[Check]:
    award = award_date(comparison, bid)
    claim, day = months_between(award, bid.service_date), in_service_from(done, bid)
    if day is None:
        yield Check("service", "months", claim, None, False, Serves(None, True))
        return
    own = months_between(award, max(day, award))
    late = (day - bid.service_date).days > DAYS_LATE
    yield Check("service", "months", claim, own, not late, Serves(day if late else max(day, bid.service_date), late))


def _peers(comparison: Comparison, bid: Bid, peers: tuple[float, ...]) -> Iterator[Check]:
    if not peers or all(part.kind == "rental" for part in bid.parts.values()):
        return
    months = months_between(award_date(comparison, bid), bid.service_date)
    finding = Peers(len(peers), sum(1 for each in peers if each <= months), peers[0])
    yield Check("service against peers", "months", months, median(peers), months >= peers[0], finding)


def _price(bid: Bid, case: Case) -> Iterator[Check]:
    """Purchases together, and each rent, against the low end of what the catalogue knows of the devices alone."""
    for part in bid.parts.values():
        low_rent = (case.accelerators[part.accelerator].cloud_price_usd_per_hour or (None, None))[0]
        if part.rent_hkd_per_device_hour is not None and low_rent is not None:
            low, asked = low_rent * case.hkd_per_usd, part.rent_hkd_per_device_hour
            yield Check("rent", "HKD/h", asked, low, asked >= low, LowRent(part.accelerator))
    owned = [part for part in bid.parts.values() if part.kind == "purchase"]
    lows = [(case.accelerators[part.accelerator].unit_price_usd_low, part.devices) for part in owned]
    if not owned or any(low is None for low, _ in lows):
        return
    low = sum((price or 0.0) * devices for price, devices in lows) * case.hkd_per_usd
    asked = sum(part.price_hkd or 0.0 for part in owned)
    yield Check("price", "HKD", asked, low, asked >= low, LowPrice(bid.price_covers))


def median(values: tuple[float, ...]) -> float:
    """The middle of sorted values."""
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def arrivals_of(done: CarriedOut, key: str, bid: Bid) -> dict[str, float]:
    """Devices of each part that come, by part."""
    return {
        name: max((devices for at, devices in done.devices.items() if at[0] == offer_id(key, name)), default=0.0)
        for name in bid.parts
    }
