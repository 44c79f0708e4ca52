"""What a training run costs by the way it is paid, and what it draws.

    kW per device     server power of the device (measured, else TDP · server factor)
    energy kWh        accelerator-hours · kW · PUE
    carbon kg         energy · grid factor of the site
    rental HKD        accelerator-hours · rent · (1 − subsidy), for the shortest term that is let at least
    own HKD           accelerator-hours · [ once / life + a year ], as a plan pays them (`planner.domain.device_cost`)
    purchase HKD      devices · what each costs before its first hour: the price of the whole of which a job uses a share
    porting HKD       engineer-months of the stack · wage, once

Own devices are charged for the hours used; idle time between jobs is the owner's, and not in here. Percentiles carry the
spread of accelerator-hours; the middle of each price range is taken.
"""

from __future__ import annotations

from planner.domain import device_cost
from planner.domain.economics import Economics
from planner.domain.offer import Offer
from planner.domain.workload import WorkloadClass
from planner.intake.catalogue import economics, stacks
from planner.performance.estimate import Spread
from planner.training.market import Option
from planner.units import DAYS_PER_MONTH, HOURS_PER_DAY, HOURS_PER_YEAR


def kw_per_device(option: Option) -> float:
    """Server power per device, kW."""
    return economics().kw_per_device(option.accelerator)


def energy_kwh(option: Option, hours: Spread) -> Spread:
    """Energy at the meter for accelerator-hours."""
    return hours.times(kw_per_device(option) * option.site.pue)


def porting(option: Option, workload_class: WorkloadClass) -> tuple[float, float]:
    """(months, HKD) of bringing such work to the option's stack; zero on CUDA and where nothing is known."""
    stack = stacks().get(option.accelerator.software_stack)
    effort = stack.porting.get(workload_class) if stack else None
    if effort is None:
        return 0.0, 0.0
    return effort.months.mid, effort.engineer_months.mid * economics().engineer_hkd_per_month


def billed_hours(option: Option, hours: Spread, devices: int) -> Spread:
    """Accelerator-hours that are paid for: those of the job, or of the shortest term that is let."""
    term_months = option.offer.access.term_months if option.offer else 0.0
    least = term_months * DAYS_PER_MONTH * HOURS_PER_DAY * devices
    return Spread(*(max(least, each) for each in (hours.p10, hours.p50, hours.p90)))


def purchase_hkd(option: Option, devices: int) -> float | None:
    """What the devices cost before their first hour; None for what is not bought."""
    offer = option.offer
    if offer is None or offer.kind == "rental":
        return None
    return devices * _bought_hkd(option, offer, economics())


def life_hours(option: Option) -> float:
    """Hours of the life of a device that is bought."""
    return option.offer.lifetime_years * HOURS_PER_YEAR if option.offer else 0.0


def hkd_per_accelerator_hour(option: Option, prices: Economics) -> float | None:
    """All that an hour of one device costs, or None where nobody offers it."""
    offer = option.offer
    if offer is None:
        return None
    if offer.rent_usd_per_device_hour is not None:
        share = option.subsidy.share_max or 0.0 if option.subsidy else 0.0
        return device_cost.rent_hkd_per_hour(prices, offer) * (1 - share)
    return _own_hour(option, offer, prices)


def _price_hkd(offer: Offer, prices: Economics) -> float:
    return (offer.price_usd_per_device.mid if offer.price_usd_per_device else 0.0) * prices.hkd_per_usd


def _bought_hkd(option: Option, offer: Offer, prices: Economics) -> float:
    """One device with fee, freight, equipment, fit-out and licence work."""
    price = _price_hkd(offer, prices)
    return price * (1 + option.fee_share) + sum(
        (
            device_cost.freight_hkd(prices, price),
            device_cost.equipment_hkd(prices),
            device_cost.fit_out_hkd(option.site, kw_per_device(option)),
            prices.compliance_hkd_per_licensed_device if option.licensed else 0.0,
        )
    )


def _own_hour(option: Option, offer: Offer, prices: Economics) -> float:
    kw, price = kw_per_device(option), _price_hkd(offer, prices)
    once = _bought_hkd(option, offer, prices) + prices.decommission_hkd_per_device
    yearly = once / offer.lifetime_years + device_cost.standing_hkd_per_year(prices, option.site, price, kw)
    energy = kw * option.site.pue * option.site.tariff_hkd_per_kwh.mid
    return yearly / HOURS_PER_YEAR + energy


def running_hkd(option: Option, hours: Spread, devices: int) -> Spread | None:
    """HKD for accelerator-hours on `devices`; None where nobody offers the device."""
    hourly = hkd_per_accelerator_hour(option, economics())
    if hourly is None:
        return None
    return billed_hours(option, hours, devices).times(hourly)
