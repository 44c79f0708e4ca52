"""Money and time: rates, prices per device and hour that hold for a whole case."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from planner.domain.accelerator import Accelerator
from planner.domain.base import Noun, Range
from planner.units import WATTS_PER_KW

UNKNOWN_TDP_W = 500.0
"""Where the vendor publishes no power: the middle of data-centre accelerators; said wherever it counts."""


def _number(value: float) -> Range:
    return Range(low=value, mid=value, high=value)


class Economics(Noun):
    """Rates and prices that hold for the whole case. All money is real, of `price_year`."""

    price_year: int = Field(2026, ge=2000, le=2100, description="year of the prices")
    discount_rate: float = Field(
        0.04, ge=0, lt=1, description="real rate per year; each period is discounted at its middle"
    )
    inflation_per_year: float = Field(
        0.02,
        gt=-0.5,
        lt=1,
        description="rise of prices per year by which tables tell nominal money, 0.02 = 2 %; default: underlying inflation of 2027 to 2030 as the Budget of 25 February 2026 forecasts it",
    )
    hkd_per_usd: float = Field(7.80, ge=7.75, le=7.85, description="within the band of the peg")
    freight_share: Range = Field(
        _number(0.03), ge=0, le=1, description="freight, transit insurance and installation, share of the device price"
    )
    server_usd_per_device: Range = Field(
        _number(4000), ge=0, le=1_000_000, description="server around a device: host, chassis, cooling plates, USD"
    )
    network_usd_per_device: Range = Field(
        _number(3000), ge=0, le=1_000_000, description="fabric per device: NICs, switches, optics, USD"
    )
    storage_usd_per_device: Range = Field(_number(1000), ge=0, le=1_000_000, description="storage per device, USD")
    warehouse_hkd_per_device_month: Range = Field(
        _number(400),
        ge=0,
        le=1_000_000,
        description="keeping a device that waits for its hall: floor, guard, insurance, HKD per month",
    )
    server_power_factor: float = Field(1.8, ge=1, le=3, description="server power over the sum of the devices' TDP")
    server_kw_per_device: dict[str, Annotated[float, Field(ge=0, le=200)]] = Field(
        default_factory=dict, description="measured server power per device by accelerator, kW; beats the factor"
    )
    idle_power_share: float = Field(0.3, ge=0, le=1, description="power of an idle server, share of its full power")
    liquid_cooling_above_tdp_w: float = Field(
        600, gt=0, le=100_000, description="TDP above which a device needs liquid cooling, W"
    )
    staff_hkd_per_device_year: Range = Field(
        _number(3000), ge=0, le=1_000_000, description="operations staff per owned device and year, HKD"
    )
    maintenance_share_per_year: Range = Field(
        _number(0.04), ge=0, le=1, description="spares and support per year, share of the purchase price"
    )
    insurance_share_per_year: Range = Field(
        _number(0.01), ge=0, le=1, description="premium per year, share of the purchase price"
    )
    engineer_hkd_per_month: float = Field(
        91_667, ge=0, le=1_000_000, description="fully loaded ML engineer, HKD per month"
    )
    order_hkd: Range = Field(
        _number(0),
        ge=0,
        le=1e9,
        description="in a plan in whole lots: tender, contract and acceptance of an order, HKD whatever its size",
    )
    rental_contract_hkd: Range = Field(
        _number(0),
        ge=0,
        le=1e9,
        description="in a plan in whole lots: a contract by which more is rented than before, HKD whatever its size",
    )
    new_kind_hkd_per_hall: Range = Field(
        _number(0),
        ge=0,
        le=1e9,
        description="in a plan in whole lots: a kind of device new to a hall, its design, spares and training, HKD once",
    )
    compliance_hkd_per_licensed_device: float = Field(
        0.0, ge=0, le=10_000_000, description="licence work, testing and audit per licensed device, HKD"
    )
    carbon_price_hkd_per_tonne: float = Field(0.0, ge=0, le=100_000, description="price put on carbon, HKD per t CO2e")
    decommission_hkd_per_device: float = Field(
        0.0, ge=0, le=1_000_000, description="removal, data wiping and recycling per device, HKD"
    )
    residual_value: bool = Field(
        True,
        description="credit devices that outlive the horizon, at what used ones fetch and never above straight line",
    )
    new_price_growth_per_year: Range = Field(
        _number(0.0), gt=-1, lt=2, description="real change per year of what a new device on sale costs, -0.03 = -3 %"
    )
    used_price_growth_per_year: Range = Field(
        _number(0.0),
        gt=-1,
        le=0,
        description="real change per year of what a used device fetches: second-hand offers and residual value",
    )
    rent_growth_per_year: Range = Field(
        _number(0.0), gt=-1, lt=2, description="real change per year of the rent of a device"
    )
    availability: float = Field(0.95, gt=0, le=1, description="share of the devices that is in working order")
    devices_per_server: int = Field(
        8, gt=0, le=10_000, description="devices in a server: a lot, where neither offer nor device says otherwise"
    )

    def kw_per_device(self, device: Accelerator) -> float:
        """IT power of a device with its share of the server, kW: as measured, else TDP times the server factor; where
        nobody published the TDP, `UNKNOWN_TDP_W` stands for it.
        """
        tdp_w = UNKNOWN_TDP_W if device.tdp_w is None else device.tdp_w
        return self.server_kw_per_device.get(device.id, tdp_w / WATTS_PER_KW * self.server_power_factor)

    def assumes_power(self, device: Accelerator) -> bool:
        """Whether nobody published the power of the device, and none was measured."""
        return device.tdp_w is None and device.id not in self.server_kw_per_device
