"""One option of a service: how many devices, how fast, how dear, and whether law and data rules allow it.

    copies        requests/s of the busy hour / (requests/s of a device · devices of a copy), rounded up
    devices       copies · devices of a copy / availability, rounded up: what is out of order is held too
    HKD a month   devices · hours of a month · HKD of a device-hour, as `train-time` and plans have it; own devices draw the
                  power of the mean load, idle_power_share + (1 − idle_power_share) / peak_over_mean of full power
    HKD a million HKD a month / millions of tokens of answers in a month, at the mean load

ready         = day of the order + the latest of application, queue and lead time; porting; data formalities

A device serves what it serves in a plan on the decision date: the same function is asked. Porting is paid once and told apart.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from math import ceil, floor
from typing import Any

from planner.domain.transaction import Transaction
from planner.domain.workload import WorkloadClass
from planner.errors import InvalidInput
from planner.intake.catalogue import data_governance, performance_parameters, regimes
from planner.law.data_governance import DataVerdict, data_outcome
from planner.law.meaning import permission
from planner.law.outcome import decide
from planner.law.record import verdict_record
from planner.performance.estimate import Spread
from planner.performance.serving import Served, serve
from planner.serving.question import ServeQuestion
from planner.training.cost import hkd_per_accelerator_hour, kw_per_device
from planner.training.market import Option, economics, stacks
from planner.training.option import later
from planner.units import DAYS_PER_MONTH, DAYS_PER_YEAR, HOURS_PER_DAY, SECONDS_PER_DAY

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
    where: str
    site: str
    fits: bool
    reason: str | None
    legal: dict[str, Any]
    may_use: bool
    needs_licence: bool
    data_rule: str | None
    data_granted: bool
    porting_months: float
    porting_hkd: float
    access_months: float
    lead_months: float
    data_months: float
    ready: date
    paid_until: date | None
    on_offer: float | None
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


@dataclass(frozen=True)
class Held:
    """Devices that are held for a load, and what they cost."""

    devices: int
    copies: int
    hkd_per_month: float | None
    facts: dict[str, Any] = field(default_factory=dict)


def speed_of(asked: ServeQuestion, option: Option) -> Served:
    """What a device serves, calibrated to the user's measurements; what no published figure lets model does not fit."""
    try:
        served = serve(asked.shape, option.accelerator, asked.wish, performance_parameters())
    except InvalidInput as error:
        return Served(False, error.problems[0].what)
    factor = asked.stack_factors.get(option.accelerator.software_stack, 1.0)
    return replace(
        served,
        output_tokens_per_s=served.output_tokens_per_s * factor,
        requests_per_s=served.requests_per_s * factor,
        tpot_ms=served.tpot_ms / factor,
        ttft_s=served.ttft_s / factor,
    )


def answer(asked: ServeQuestion, option: Option) -> Service:
    """The option's answer."""
    served = speed_of(asked, option)
    option, law = _law(asked, option)
    data = data_outcome(data_governance(), asked.data_class, option.site.legal_zone) if asked.data_class else None
    device = option.accelerator
    months, porting_hkd = _porting(option)
    access, lead = _waits(option)
    formalities = data.lead_months.mid if data else 0.0
    known = Service(
        option=option.id,
        accelerator=device.id,
        accelerator_name=device.name,
        software_stack=device.software_stack,
        where=option.where,
        site=option.site.id,
        fits=served.fits,
        reason=served.reason or None,
        data_rule=_data_words(data),
        data_granted=data is None or data.granted,
        porting_months=months,
        porting_hkd=porting_hkd,
        access_months=access,
        lead_months=lead,
        data_months=formalities,
        ready=later(asked.on, max(access + lead, months, formalities)),
        paid_until=option.paid_until,
        on_offer=option.devices_on_offer,
        **law,
    )
    return _sized(known, asked, option, served) if served.fits else known


def _sized(known: Service, asked: ServeQuestion, option: Option, served: Served) -> Service:
    requests = asked.requests_per_s
    if requests is None:
        requests = affordable_requests(asked, option, served)
    band = {"p10": served.band.p90, "p50": 1.0, "p90": served.band.p10}
    held = {share: hold(requests, served, factor, asked, option) for share, factor in band.items()}
    costs = [each.hkd_per_month for each in held.values()]
    mid = held["p50"]
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
        devices=mid.devices,
        devices_band=Spread(*(float(each.devices) for each in held.values())),
        hkd_per_month=None if None in costs else Spread(*(cost for cost in costs if cost is not None)),
        hkd_per_million_tokens=mid.hkd_per_month / millions if mid.hkd_per_month and millions else None,
        output_tokens_per_s=tokens,
        assumptions=tuple(_assumptions(asked, option, served)),
    )


def hold(requests: float, served: Served, factor: float, asked: ServeQuestion, option: Option) -> Held:
    """Whole copies for so many requests a second, at a speed of `factor` of the modelled one."""
    copies = ceil(requests / (served.requests_per_s * served.devices * factor) - 1e-9)
    devices = ceil(copies * served.devices / economics().availability - 1e-9)
    hourly = hkd_per_hour(option, asked)
    return Held(devices, copies, None if hourly is None else devices * hourly * HOURS_PER_MONTH)


def hkd_per_hour(option: Option, asked: ServeQuestion) -> float | None:
    """HKD of a device-hour; what is owned draws the power of the mean load."""
    prices = economics()
    hourly = hkd_per_accelerator_hour(option, prices)
    if hourly is None or option.offer is None or option.offer.kind == "rental":
        return hourly
    full = kw_per_device(option) * option.site.pue * option.site.tariff_hkd_per_kwh.mid
    return hourly - full * (1 - prices.idle_power_share) * (1 - 1 / asked.peak_over_mean)


def affordable_requests(asked: ServeQuestion, option: Option, served: Served) -> float:
    """Requests a second that the budget pays for, in whole copies, with the devices that are let."""
    hourly = hkd_per_hour(option, asked)
    if not hourly or asked.budget_hkd_per_month is None:
        return 0.0
    devices = floor(asked.budget_hkd_per_month / (hourly * HOURS_PER_MONTH))
    devices = devices if option.devices_on_offer is None else min(devices, floor(option.devices_on_offer))
    copies = floor(devices * economics().availability / served.devices + 1e-9)
    return copies * served.devices * served.requests_per_s


def _waits(option: Option) -> tuple[float, float]:
    """Months of application and queue, and of delivery."""
    offer, scheme = option.offer, option.subsidy
    if offer is None:
        return 0.0, 0.0
    applied = max(offer.access.application_months, scheme.application_months if scheme else 0.0)
    return applied + offer.access.queue_months, offer.lead_time_months.mid


def _law(asked: ServeQuestion, option: Option) -> tuple[Option, dict[str, Any]]:
    """The option with what its rule levies, and what law says of it."""
    offer = option.offer
    access, lead = _waits(option)
    shipped = later(asked.on, access + max(0.0, lead - (offer.transit_months if offer else 0.0)))
    facts = {
        "channel": "cloud" if offer is not None and offer.kind == "rental" else "purchase",
        "destination": option.site.destination,
        "use_case": "inference",
        **(dict(offer.assume) if offer else {}),
    }
    verdict = decide(option.accelerator, Transaction.model_validate(facts), shipped, regimes())
    ground = verdict.ground
    allowed = permission(ground, verdict.flags, regimes(), us_exposed=asked.us_exposed)
    option = replace(option, fee_share=ground.fee_or_tax_pct / 100, licensed=allowed.needs_licence)
    law = {"legal": verdict_record(verdict), "may_use": allowed.granted, "needs_licence": allowed.needs_licence}
    return option, law


def _data_words(data: DataVerdict | None) -> str | None:
    return None if data is None else f"{data.permit} in {data.zone}: {data.because}"


def _porting(option: Option) -> tuple[float, float]:
    """(months, HKD) of bringing the service to the option's stack."""
    stack = stacks().get(option.accelerator.software_stack)
    effort = stack.porting.get(PORTED_AS) if stack else None
    if effort is None:
        return 0.0, 0.0
    return effort.months.mid, effort.engineer_months.mid * economics().engineer_hkd_per_month


def _assumptions(asked: ServeQuestion, option: Option, served: Served) -> list[str]:
    """What stands behind the numbers and was not said by the user."""
    prices = economics()
    said = [
        *asked.shape.guessed,
        f"weights in {served.weights}, arithmetic in {served.precision}, cache in {asked.wish.cache}",
    ]
    factor = asked.stack_factors.get(option.accelerator.software_stack)
    if factor is not None:
        said.append(f"calibrated to your measurements: {factor:.2f} of the published speed of this stack")
    said.append(f"{prices.availability:.0%} of the devices in working order")
    if asked.peak_over_mean == 1:
        said.append("the busy hour is like every other; --peak-over-mean says otherwise")
    if option.offer is not None and option.offer.confidence == "estimate":
        said.append("price and lead time of the offer are estimates")
    if prices.assumes_power(option.accelerator):
        said.append("the vendor publishes no power; the middle of data-centre accelerators is taken")
    return said
