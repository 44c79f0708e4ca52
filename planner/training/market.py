"""Where and how an accelerator can be had: one option per offer and site, read from the catalogue.

rental                at the site of the offer
rental, subsidised    the same, with the scheme that pays a share of its list price
purchase              in colocation, or in a hall that the buyer owns, in the country that is asked for
device alone          an accelerator without an offer: speed and law, no price
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.accelerator import Accelerator
from planner.domain.country import COUNTRIES, UNNAMED, country_code, refusal
from planner.domain.fund import Fund
from planner.domain.horizon import Period
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.errors import InvalidInput, Problem, did_you_mean
from planner.intake.catalogue import (
    accelerators,
    funds,
    known_accelerators,
    offers,
    sites,
)

HOME = "HK"
COLOCATION = {HOME: "hk_colo_tko", "CN": "cn_shaoguan"}
"""By country, where purchases stand in colocation: open to any buyer, at a rate that the catalogue knows."""
OWN_HALL = "own_hall"
PLACES = ("own hall", "colocation", "AISC", "Hong Kong", "mainland", "overseas")
"""Where an option stands, in a word: bought into the first two, rented in the others."""


@dataclass(frozen=True)
class Option:
    """A way to get `accelerator`: `offer` at `site`, paid with help of `subsidy`. Without an offer it has no price.

    `fee_share`: levied on the price by the rule that lets it ship; `licensed`: that rule reviews it case by case.
    """

    accelerator: Accelerator
    site: Site
    offer: Offer | None = None
    subsidy: Fund | None = None
    fee_share: float = 0.0
    licensed: bool = False

    @property
    def id(self) -> str:
        """Unique and readable: offer, or device; then who helps to pay."""
        name = self.offer.id if self.offer else self.accelerator.id
        ending = self.subsidy.id if self.subsidy else "own" if self.site.id == OWN_HALL else ""
        return f"{name}_{ending}" if ending else name

    @property
    def bought(self) -> bool:
        """Whether the device is the buyer's own."""
        return self.offer is None or self.offer.kind == "purchase"

    @property
    def place(self) -> str:
        """One of `PLACES`. What the AI Subsidy Scheme may pay for is let by the AI Supercomputing Centre."""
        if self.bought:
            return PLACES[0 if self.site.id == OWN_HALL else 1]
        if self.offer and self.offer.subsidised_by:
            return PLACES[2]
        return {HOME: PLACES[3], "CN": PLACES[4]}.get(self.site.destination, PLACES[5])

    @property
    def devices_on_offer(self) -> float | None:
        """Devices that can be rented at a time; None where no limit is known, or they are bought."""
        return self.offer.supply_devices_per_quarter if self.offer and self.offer.kind == "rental" else None

    @property
    def paid_until(self) -> date | None:
        """The last day on which the scheme that helps to pay may be drawn; None without a scheme, or without an end."""
        return Period.parse(self.subsidy.end).end - timedelta(days=1) if self.subsidy and self.subsidy.end else None

    @property
    def where(self) -> str:
        """Where it stands and who pays, in words."""
        if self.bought:
            hall = "a hall of one's own" if self.site.id == OWN_HALL else "colocation"
            country = "" if self.site.destination == HOME else f" in {COUNTRIES[self.site.destination]}"
            return f"own, in {hall}{country}"
        if self.subsidy:
            return f"{self.site.name}, {self.subsidy.share_max:.0%} subsidised"
        return self.site.name


def known_site(name: str) -> str:
    """The id of a site by its id, or by a word of its name such as AISC; InvalidInput names the nearest."""
    word = name.casefold()
    if name in sites():
        return name
    matches = [key for key, site in sites().items() if word in key.split("_") or word in _words(site.name)]
    if len(matches) == 1:
        return matches[0]
    fix = (
        f"It may be {' or '.join(matches)}."
        if matches
        else did_you_mean(name, sites(), "`planner catalog sites` lists them.")
    )
    raise InvalidInput(
        Problem(f"{name!r} is no site of the catalogue" if not matches else f"{name!r} is several sites", fix)
    )


def _words(name: str) -> list[str]:
    return name.casefold().replace("(", " ").replace(")", " ").replace(",", " ").split()


def known_destination(text: str) -> str:
    """The code of a country, by code or name, in which purchases can be priced; InvalidInput names those that can be meant."""
    country = UNNAMED if text.upper() == UNNAMED else country_code(text)
    known = dict.fromkeys(site.destination for site in sites().values())
    if country is None:
        raise InvalidInput(Problem(f"--to {refusal(text)}", f"The catalogue prices halls in {', '.join(known)}."))
    if country not in known:
        what = f"--to {text}: the catalogue knows no hall or tariff there"
        fix = f"Give one of {', '.join(known)}; `planner controls` tells law for any country."
        raise InvalidInput(Problem(what, fix))
    return country


def own_hall(country: str) -> Site:
    """The hall of one's own of the catalogue, with the grid, tariff and law of the first site that it knows there."""
    hall = sites()[OWN_HALL]
    if country == hall.destination:
        return hall
    local = next(site for site in sites().values() if site.destination == country)
    taken = (
        "destination", "legal_zone", "pue", "tariff_hkd_per_kwh", "tariff_growth_per_year",
        "demand_charge_hkd_per_kw_month", "carbon_kg_per_kwh", "carbon_growth_per_year",
    )  # fmt: skip
    name = f"{hall.name}, at the tariff of {local.name}"
    return hall.model_copy(update={**{field: getattr(local, field) for field in taken}, "name": name})


def options(ids: Sequence[str], site: str | None = None, to: str = HOME, *, own: bool = False) -> list[Option]:
    """All options for these accelerators, or for every accelerator that is on offer when none is named; at `site` alone.

    Purchases stand in country `to`, in colocation where it has one, and, with `own` or where it has none, in a hall of one's own.
    InvalidInput when nothing is on offer there.
    """
    halls = [sites()[COLOCATION[to]]] if to in COLOCATION else []
    if own or site == OWN_HALL or not halls:
        halls.append(own_hall(to))
    ways = [option for option in _options(ids, halls) if site is None or option.site.id == site]
    if not ways:
        raise InvalidInput(Problem(f"nothing is on offer at {site}", "Leave --site out, or name another."))
    return ways


def _options(ids: Sequence[str], halls: Sequence[Site]) -> list[Option]:
    named = known_accelerators(ids) if ids else None
    wanted = {device.id for device in named} if named else None
    ways = [
        option
        for offer in offers().values()
        if wanted is None or offer.accelerator in wanted
        for option in _of_offer(offer, halls)
    ]
    offered = {option.accelerator.id for option in ways}
    alone = [Option(device, halls[0]) for device in named or () if device.id not in offered]
    return [*ways, *alone]


def _of_offer(offer: Offer, halls: Sequence[Site]) -> Iterator[Option]:
    device = accelerators()[offer.accelerator]
    if offer.kind == "purchase":
        stands = [hall for hall in halls if {"*", hall.id} & set(offer.sites)]
        first = sites().get(offer.sites[0])
        if not stands and first and first.destination == halls[0].destination:
            stands = [first]
        yield from (Option(device, hall, offer) for hall in stands)
        return
    site = sites()[offer.sites[0]]
    yield Option(device, site, offer)
    yield from (Option(device, site, offer, funds()[fund]) for fund in offer.subsidised_by[:1])
