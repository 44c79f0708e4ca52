"""What a training run costs by the way it is paid, and what it draws.

    kW per device     server power of the device (measured, else TDP · server factor)
    energy kWh        accelerator-hours · kW · PUE
    carbon kg         energy · grid factor of the site
    rental HKD        accelerator-hours · rent · (1 − subsidy)
    own HKD           accelerator-hours · [ once / life + a year ], as a plan pays them (`planner.domain.device_cost`)
    porting HKD       engineer-months of the stack · wage, once

Own devices are charged for the hours used; idle time between jobs is the owner's, and not in here. Percentiles carry the
spread of accelerator-hours; the middle of each price range is taken.
"""

from __future__ import annotations

from planner.domain import device_cost
from planner.domain.economics import Economics
from planner.domain.offer import Offer
from planner.domain.workload import WorkloadClass
from planner.performance.estimate import Spread
from planner.performance.work import Method
from planner.training.market import Option, economics, stacks
from planner.units import HOURS_PER_YEAR

_CLASS: dict[Method, WorkloadClass] = {
    "pretrain": "pretrain", "continued": "pretrain", "full": "finetune", "lora": "finetune", "qlora": "finetune",
    "tuned_lora": "finetune",
}  # fmt: skip


def kw_per_device(option: Option) -> float:
    """Server power per device, kW."""
    return economics().kw_per_device(option.accelerator)


def energy_kwh(option: Option, hours: Spread) -> Spread:
    """Energy at the meter for accelerator-hours."""
    return hours.times(kw_per_device(option) * option.site.pue)


def porting(option: Option, method: Method) -> tuple[float, float]:
    """(months, HKD) of bringing the job to the option's stack; zero on CUDA and where nothing is known."""
    stack = stacks().get(option.accelerator.software_stack)
    effort = stack.porting.get(_CLASS[method]) if stack else None
    if effort is None:
        return 0.0, 0.0
    return effort.months.mid, effort.engineer_months.mid * economics().engineer_hkd_per_month


def hkd_per_accelerator_hour(option: Option, prices: Economics) -> float | None:
    """All that an hour of one device costs, or None where nobody offers it."""
    offer = option.offer
    if offer is None:
        return None
    if offer.rent_usd_per_device_hour is not None:
        share = option.subsidy.share_max or 0.0 if option.subsidy else 0.0
        return device_cost.rent_hkd_per_hour(prices, offer) * (1 - share)
    return _own_hour(option, offer, prices)


def _own_hour(option: Option, offer: Offer, prices: Economics) -> float:
    kw = kw_per_device(option)
    usd = offer.price_usd_per_device.mid if offer.price_usd_per_device else 0.0
    price = usd * prices.hkd_per_usd
    once = price * (1 + option.fee_share) + sum(
        (
            device_cost.freight_hkd(prices, price),
            device_cost.equipment_hkd(prices),
            device_cost.fit_out_hkd(option.site, kw),
            prices.compliance_hkd_per_licensed_device if option.licensed else 0.0,
            prices.decommission_hkd_per_device,
        )
    )
    yearly = once / offer.lifetime_years + device_cost.standing_hkd_per_year(prices, option.site, price, kw)
    energy = kw * option.site.pue * option.site.tariff_hkd_per_kwh.mid
    return yearly / HOURS_PER_YEAR + energy


def cost_hkd(option: Option, hours: Spread, method: Method) -> Spread | None:
    """HKD for accelerator-hours, porting included; None where nobody offers the device."""
    hourly = hkd_per_accelerator_hour(option, economics())
    if hourly is None:
        return None
    _, once = porting(option, method)
    return hours.times(hourly).plus(once)
