"""What one device costs, HKD: the one definition that plans and training runs share.

price      as offered, growing with years from the decision date, or from its own first day, as the offer says, else as its market does
left       share of its price that a device is worth: what used ones fetch, (1 + g)^age, and never above straight line
kW         as measured, else TDP · server factor
once       price · (1 + fee), freight_share · price, server + network + storage, fit-out per kW, months in the warehouse
a year     (maintenance + insurance share) · price, staff, hosting and peak charge per kW
an hour    rent
"""

from __future__ import annotations

from datetime import date

from planner.domain.economics import Economics
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.units import DAYS_PER_YEAR, MONTHS_PER_YEAR


def price_growth_per_year(economics: Economics, offer: Offer) -> float:
    """Real change of the offer's price per year, as a share."""
    if offer.price_growth_per_year is not None:
        return offer.price_growth_per_year.mid
    if offer.kind == "rental":
        return economics.rent_growth_per_year.mid
    return (economics.new_price_growth_per_year if offer.bought_new else economics.used_price_growth_per_year).mid


def value_left(economics: Economics, first: date, until: date, on: date) -> float:
    """Share of its price that a device is worth on a day of its service life, which begins and ends on two others."""
    fetched = (1.0 + economics.used_price_growth_per_year.mid) ** ((on - first).days / DAYS_PER_YEAR)
    return float(min(fetched, (until - on).days / (until - first).days))


def freight_hkd(economics: Economics, price_hkd: float) -> float:
    """Freight, transit insurance and installation."""
    return economics.freight_share.mid * price_hkd


def equipment_hkd(economics: Economics) -> float:
    """Server, network and storage around a device."""
    around = economics.server_usd_per_device, economics.network_usd_per_device, economics.storage_usd_per_device
    return sum(part.mid for part in around) * economics.hkd_per_usd


def fit_out_hkd(site: Site, kw: float) -> float:
    """Hall build of a device of so many kW."""
    return site.fit_out_hkd_per_kw.mid * kw


def warehouse_hkd(economics: Economics, months: float) -> float:
    """Keeping a device until its hall is ready."""
    return economics.warehouse_hkd_per_device_month.mid * months


def maintenance_hkd_per_year(economics: Economics, price_hkd: float) -> float:
    """Spares and support of a device of that price."""
    return economics.maintenance_share_per_year.mid * price_hkd


def insurance_hkd_per_year(economics: Economics, price_hkd: float) -> float:
    """Premium on a device of that price."""
    return economics.insurance_share_per_year.mid * price_hkd


def hosting_hkd_per_month(site: Site, kw: float) -> float:
    """Colocation or hall."""
    return site.hosting_hkd_per_kw_month.mid * kw


def demand_charge_hkd_per_month(site: Site, kw: float) -> float:
    """Charge on the peak that the device can draw at the meter."""
    return site.demand_charge_hkd_per_kw_month * kw * site.pue


def standing_hkd_per_year(economics: Economics, site: Site, price_hkd: float, kw: float) -> float:
    """All that a device costs in a year of standing, whether it works or not."""
    monthly = hosting_hkd_per_month(site, kw) + demand_charge_hkd_per_month(site, kw)
    upkeep = maintenance_hkd_per_year(economics, price_hkd) + insurance_hkd_per_year(economics, price_hkd)
    return monthly * MONTHS_PER_YEAR + upkeep + economics.staff_hkd_per_device_year.mid


def rent_hkd_per_hour(economics: Economics, offer: Offer) -> float:
    """Rent of a device, energy included."""
    return (offer.rent_usd_per_device_hour.mid if offer.rent_usd_per_device_hour else 0.0) * economics.hkd_per_usd
