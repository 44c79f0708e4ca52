"""One option of a service: how many devices, how fast, how dear, and whether law and data rules allow it.

    copies        requests/s of the busy hour / (requests/s of a device · devices of a copy), rounded up
    devices       copies · devices of a copy / availability, rounded up: what is out of order is held too
    HKD a month   devices · hours of a month · HKD of a device-hour, as `train-time` and plans have it; own devices draw the
                  power of the mean load, idle_power_share + (1 − idle_power_share) / peak_over_mean of full power, and pay
                  rent of racks in colocation alone, none in a hall of one's own
    purchase HKD  devices · what each costs before its first hour: the whole of which a month is the share of a life
    HKD a million HKD a month / millions of tokens of answers in a month, at the mean load

ready         = the latest of granted + lead time, granted + fit-out of the hall, begin + porting, begin + data formalities, as of a training

A device serves what it serves in a plan on the decision date: the same function is asked. Porting is paid once and told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import ceil, floor
from typing import Any, NamedTuple

from planner.domain.workload import WorkloadClass
from planner.errors import InvalidInput
from planner.intake.catalogue import economics
from planner.law.record import verdict_record
from planner.performance.copies import REPLICA_MAX
from planner.performance.estimate import Spread
from planner.performance.serving import Served
from planner.serving.calibrate import calibrated
from planner.serving.question import ServeQuestion
from planner.training.access import access, later
from planner.training.cost import hkd_per_accelerator_hour, kw_per_device, porting, purchase_hkd
from planner.training.market import HOME, OWN_HALL, Option
from planner.units import DAYS_PER_MONTH, DAYS_PER_YEAR, HOURS_PER_DAY, MONTHS_PER_YEAR, SECONDS_PER_DAY

MONTHS_PER_QUARTER = 3
HOURS_PER_MONTH = DAYS_PER_MONTH * HOURS_PER_DAY
SECONDS_PER_MONTH = DAYS_PER_MONTH * SECONDS_PER_DAY
PORTED_AS: WorkloadClass = "inference_llm"


@dataclass(frozen=True)
class Service:
    """All about one option. Without a fit there are no speeds, devices or costs. Tokens are those of answers."""

    option: str
    accelerator: str
    accelerator_name: str
    software_stack: str
    place: str
    where: str
    site: str
    fits: bool
    reason: str | None
    legal: dict[str, Any]
    may_use: bool
    needs_licence: bool
    data_permit: str | None
    data_rule: str | None
    data_granted: bool
    porting_months: float
    porting_hkd: float
    access_months: float
    lead_months: float
    hall_months: float
    data_months: float
    ready: date
    paid_until: date | None
    on_offer: float | None
    opens: date | None
    closed: date | None
    tokens_per_s_per_device: Spread | None = None
    tpot_ms: float | None = None
    ttft_s: float | None = None
    batch: float | None = None
    copy_devices: int | None = None
    precision: str | None = None
    weights: str | None = None
    binds: str | None = None
    devices: int | None = None
    devices_band: Spread | None = None
    hkd_per_month: Spread | None = None
    hkd_per_million_tokens: float | None = None
    purchase_hkd: float | None = None
    life_years: float | None = None
    output_tokens_per_s: float | None = None
    assumptions: tuple[str, ...] = ()
    chosen: bool = False
    why_not: str | None = None

    @property
    def lasts(self) -> bool:
        """Whether the scheme that pays a part does so for a year at least."""
        return self.paid_until is None or (self.paid_until - self.ready).days >= DAYS_PER_YEAR - 1

    @property
    def allowed(self) -> bool:
        """Whether law and data rules let it be, a licence not counted on."""
        return self.may_use and not self.needs_licence and self.data_granted

    def plain(self) -> dict[str, Any]:
        """As JSON shows it."""
        return asdict(self)


def speed_of(asked: ServeQuestion, option: Option) -> Served:
    """What a device serves, calibrated to the user's measurements; what no published figure lets model does not fit."""
    factor = asked.stack_factors.get(option.accelerator.software_stack, 1.0)
    try:
        return calibrated(asked.shape, option.accelerator, asked.wish, factor)
    except InvalidInput as error:
        return Served(False, error.problems[0].what)


def answer(asked: ServeQuestion, option: Option) -> Service:
    """The option's answer."""
    served = speed_of(asked, option)
    way = access(option, asked.on, asked.data_class, us_exposed=asked.us_exposed, use_case="inference")
    option, device = way.option, option.accelerator
    ported, porting_hkd = porting(option, PORTED_AS)
    formalities = way.formalities_months
    known = Service(
        option=option.id,
        accelerator=device.id,
        accelerator_name=device.name,
        software_stack=device.software_stack,
        place=option.place,
        where=option.where,
        site=option.site.id,
        fits=served.fits,
        reason=served.reason or None,
        legal=verdict_record(way.verdict),
        may_use=way.permission.granted,
        needs_licence=way.permission.needs_licence,
        data_permit=way.data.permit if way.data else None,
        data_rule=f"{way.data.permit} in {way.data.zone}: {way.data.because}" if way.data else None,
        data_granted=way.data is None or way.data.granted,
        porting_months=ported,
        porting_hkd=porting_hkd,
        access_months=way.application_months + way.queue_months,
        lead_months=way.lead_months,
        hall_months=way.hall_months,
        data_months=formalities,
        ready=max(
            later(way.granted, max(way.lead_months, way.hall_months)), later(way.begin, max(ported, formalities))
        ),
        paid_until=option.paid_until,
        on_offer=devices_to_be_had(option),
        opens=way.begin if way.too_early else None,
        closed=way.closed if way.too_late else None,
    )
    return _sized(known, asked, option, served) if served.fits else known


def _sized(known: Service, asked: ServeQuestion, option: Option, served: Served) -> Service:
    requests = asked.requests_per_s
    if requests is None:
        requests = affordable_requests(asked, option, served)
    held = [devices_held(requests, served, factor) for factor in (served.band.p90, 1.0, served.band.p10)]
    devices, hourly = held[1], hkd_per_hour(option, asked)
    monthly = None if hourly is None else Spread(*(each * hourly * HOURS_PER_MONTH for each in held))
    tokens = requests * asked.wish.load.tokens_out
    speeds = (served.band.p10, 1.0, served.band.p90)
    millions = tokens / asked.peak_over_mean * SECONDS_PER_MONTH / 1e6
    return replace(
        known,
        tokens_per_s_per_device=Spread(*(served.output_tokens_per_s * factor for factor in speeds)),
        tpot_ms=served.tpot_ms,
        ttft_s=served.ttft_s,
        batch=served.batch,
        copy_devices=served.devices,
        precision=served.precision,
        weights=served.weights,
        binds=served.binds,
        devices=devices,
        devices_band=Spread(*map(float, held)),
        hkd_per_month=monthly,
        hkd_per_million_tokens=monthly.p50 / millions if monthly and monthly.p50 and millions else None,
        purchase_hkd=purchase_hkd(option, devices),
        life_years=option.offer.lifetime_years if option.offer and option.bought else None,
        output_tokens_per_s=tokens,
        assumptions=tuple(_assumptions(asked, option, served)),
    )


def devices_held(requests: float, served: Served, factor: float) -> int:
    """Devices of whole copies for so many requests a second, at a speed of `factor` of the modelled one."""
    copies = ceil(requests / (served.requests_per_s * served.devices * factor) - 1e-9)
    return ceil(copies * served.devices / economics().availability - 1e-9)


def hkd_per_hour(option: Option, asked: ServeQuestion) -> float | None:
    """HKD of a device-hour; what is owned draws the power of the mean load."""
    prices = economics()
    hourly = hkd_per_accelerator_hour(option, prices)
    if hourly is None or option.offer is None or option.offer.kind == "rental":
        return hourly
    full = kw_per_device(option) * option.site.pue * option.site.tariff_hkd_per_kwh.mid
    return hourly - full * (1 - prices.idle_power_share) * (1 - 1 / asked.peak_over_mean)


def devices_to_be_had(option: Option) -> float | None:
    """Devices that are let at a time, or sold within a year; None where no limit is known."""
    if option.offer is None or not option.bought:
        return option.devices_on_offer
    supply = option.offer.supply_devices_per_quarter
    return None if supply is None else supply * MONTHS_PER_YEAR / MONTHS_PER_QUARTER


def affordable_requests(asked: ServeQuestion, option: Option, served: Served) -> float:
    """Requests a second that the budget pays for, in whole copies, with the devices that can be had; of one copy at least."""
    hourly, budget, most = hkd_per_hour(option, asked), asked.budget_hkd_per_month, devices_to_be_had(option)
    paid = floor(budget / (hourly * HOURS_PER_MONTH)) if hourly and budget else 0
    devices = paid if most is None else min(paid, floor(most))
    copies = max(1, floor(devices * economics().availability / served.devices + 1e-9))
    return copies * served.devices * served.requests_per_s


class Quickest(NamedTuple):
    """How fast the fastest answers when it has one answer at a time."""

    accelerator: str
    tpot_ms: float
    ttft_s: float


def quickest(asked: ServeQuestion, ways: Sequence[Option]) -> Quickest | None:
    """The fastest that there is, its copy as wide as pays; by the time of a token where that is limited. None where none fits."""
    best: list[Quickest] = []
    for option in {option.accelerator.id: option for option in ways}.values():
        for width in (2**n for n in range(REPLICA_MAX.bit_length())):
            free = replace(asked.wish, tpot_ms=None, ttft_s=None, devices=width)
            if speed_of(replace(asked, wish=free), option).fits:
                served = speed_of(replace(asked, wish=replace(free, batch=1.0)), option)
                best.append(Quickest(option.accelerator.id, served.tpot_ms, served.ttft_s))
    return min(best, key=lambda each: each.tpot_ms if asked.wish.tpot_ms else each.ttft_s, default=None)


def _assumptions(asked: ServeQuestion, option: Option, served: Served) -> list[str]:
    """What stands behind the numbers and was not said by the user."""
    prices = economics()
    said = [
        *asked.shape.guessed,
        f"weights in {served.weights}, arithmetic in {served.precision}, cache in {asked.wish.cache}",
    ]
    if asked.wish.apart:
        said.append("prompts on devices of their own, in the number that keeps both busy")
    factor = asked.stack_factors.get(option.accelerator.software_stack)
    if factor is not None:
        said.append(f"calibrated to your measurements: {factor:.2f} of the published speed of this stack")
    said.append(f"{100 * prices.availability:.0f} % of the devices in working order")
    if asked.peak_over_mean == 1:
        said.append("the busy hour is like every other; --peak-over-mean says otherwise")
    if option.offer is not None and option.offer.confidence == "estimate":
        said.append("price and lead time of the offer are estimates")
    if option.site.id == OWN_HALL:
        said.append("the hall is there and paid for: power, fit-out and staff are counted, its building is not")
        if option.site.destination != HOME:
            said.append(option.site.name[:1].lower() + option.site.name[1:])
    if prices.assumes_power(option.accelerator):
        said.append("the vendor publishes no power; the middle of data-centre accelerators is taken")
    return said
