"""What a training run costs by the way it is paid, and what it draws.

    kW per device     server power of the device (measured, else TDP · server factor)
    energy kWh        accelerator-hours · kW · PUE
    carbon kg         energy · grid factor of the site
    rental HKD        accelerator-hours · rent · (1 − subsidy)
    own HKD           accelerator-hours · [(price · (1 + freight) + server + network + storage) / life
                      + hosting + staff + maintenance + insurance] + energy · tariff
    porting HKD       engineer-months of the stack · wage, once

Own devices are charged for the hours used; idle time between jobs is the owner's, and not in here. Percentiles carry the
spread of accelerator-hours; the middle of each price range is taken.
"""

from __future__ import annotations

from planner.domain.economics import Economics
from planner.domain.offer import Offer
from planner.domain.workload import WorkloadClass
from planner.performance.estimate import Spread
from planner.performance.work import Method
from planner.study.train_market import Option, economics, stacks
from planner.units import HOURS_PER_YEAR, MONTHS_PER_YEAR, WATTS_PER_KW

HOURS_PER_MONTH = HOURS_PER_YEAR / MONTHS_PER_YEAR
UNKNOWN_TDP_W = 500.0
"""Where the vendor publishes no power: the middle of data-centre accelerators; said so beside the number."""

_CLASS: dict[Method, WorkloadClass] = {
    "pretrain": "pretrain", "continued": "pretrain", "full": "finetune", "lora": "finetune",
}  # fmt: skip


def kw_per_device(option: Option) -> float:
    """Server power per device, kW."""
    device, prices = option.accelerator, economics()
    measured = prices.server_kw_per_device.get(device.id)
    return measured or (device.tdp_w or UNKNOWN_TDP_W) * prices.server_power_factor / WATTS_PER_KW


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
        return offer.rent_usd_per_device_hour.mid * prices.hkd_per_usd * (1 - share)
    return _own_hour(option, offer, prices)


def _own_hour(option: Option, offer: Offer, prices: Economics) -> float:
    price = offer.price_usd_per_device.mid if offer.price_usd_per_device else 0.0
    around = prices.server_usd_per_device.mid + prices.network_usd_per_device.mid + prices.storage_usd_per_device.mid
    capital = (price * (1 + prices.freight_share.mid) + around) * prices.hkd_per_usd
    upkeep = capital * (prices.maintenance_share_per_year.mid + prices.insurance_share_per_year.mid)
    yearly = capital / offer.lifetime_years + upkeep + prices.staff_hkd_per_device_year.mid
    kw = kw_per_device(option)
    hosting = option.site.hosting_hkd_per_kw_month.mid * kw / HOURS_PER_MONTH
    energy = kw * option.site.pue * option.site.tariff_hkd_per_kwh.mid
    return yearly / HOURS_PER_YEAR + hosting + energy


def cost_hkd(option: Option, hours: Spread, method: Method) -> Spread | None:
    """HKD for accelerator-hours, porting included; None where nobody offers the device."""
    hourly = hkd_per_accelerator_hour(option, economics())
    if hourly is None:
        return None
    _, once = porting(option, method)
    return Spread(*(value * hourly + once for value in hours))
