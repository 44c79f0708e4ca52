"""Where and how an accelerator can be had: one option per offer and site, read from the catalogue.

rental                at the site of the offer
rental, subsidised    the same, with the scheme that pays a share of its list price
purchase              in colocation in Hong Kong, used for the length of the job
device alone          an accelerator without an offer: speed and law, no price
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from planner.domain.accelerator import Accelerator
from planner.domain.economics import Economics
from planner.domain.fund import Fund
from planner.domain.horizon import Period
from planner.domain.offer import Offer
from planner.domain.site import Site
from planner.domain.stack import Stack
from planner.errors import InvalidInput, Problem, did_you_mean, meant_any
from planner.intake.catalogue import accelerators, checked, raw

OWN_SITE = "hk_colo_tko"
"""Purchases are shown in colocation at Tseung Kwan O: open to any buyer, with published rates."""


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
        return f"{name}_{self.subsidy.id}" if self.subsidy else name

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
        """own, aisc_subsidised, hk_rental, mainland, singapore_us or other, in the words of the options table."""
        if self.offer is None or self.offer.kind == "purchase":
            return "own, in colocation"
        if self.subsidy:
            return f"{self.site.name}, {self.subsidy.share_max:.0%} subsidised"
        return self.site.name


@cache
def offers() -> dict[str, Offer]:
    """Offers of the catalogue by id."""
    entries = checked(dict[str, Offer], raw("offers.yaml")["offers"], "offers.yaml")
    return {key: offer.model_copy(update={"id": key}) for key, offer in entries.items()}


@cache
def sites() -> dict[str, Site]:
    """Sites of the catalogue by id."""
    entries = checked(dict[str, Site], raw("sites.yaml")["sites"], "sites.yaml")
    return {key: site.model_copy(update={"id": key}) for key, site in entries.items()}


@cache
def funds() -> dict[str, Fund]:
    """Funds of the catalogue by id."""
    entries = checked(dict[str, Fund], raw("funds.yaml")["funds"], "funds.yaml")
    return {key: fund.model_copy(update={"id": key}) for key, fund in entries.items()}


@cache
def stacks() -> dict[str, Stack]:
    """Software stacks of the catalogue by id."""
    return checked(dict[str, Stack], raw("stacks.yaml")["stacks"], "stacks.yaml")


@cache
def economics() -> Economics:
    """Rates and prices of the catalogue."""
    return checked(Economics, raw("prices.yaml")["economics"], "prices.yaml")


def known_accelerators(ids: Sequence[str]) -> list[Accelerator]:
    """Accelerators by id; InvalidInput tells all that are unknown, with the nearest names."""
    known, problems = accelerators(), []
    for wanted in ids:
        if wanted not in known:
            fix = meant_any(wanted, known, "`planner catalog accelerators` lists them.")
            problems.append(Problem(f"the catalogue has no accelerator {wanted!r}", fix))
    if problems:
        raise InvalidInput(*problems)
    return [known[wanted] for wanted in ids]


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


def options(ids: Sequence[str], site: str | None = None) -> list[Option]:
    """All options for these accelerators, or for every accelerator that is on offer when none is named; at `site` alone.

    InvalidInput when nothing is on offer there.
    """
    ways = [option for option in _options(ids) if site is None or option.site.id == site]
    if not ways:
        raise InvalidInput(Problem(f"nothing is on offer at {site}", "Leave --site out, or name another."))
    return ways


def _options(ids: Sequence[str]) -> list[Option]:
    named = known_accelerators(ids) if ids else None
    wanted = {device.id for device in named} if named else None
    ways = [
        option
        for offer in offers().values()
        if wanted is None or offer.accelerator in wanted
        for option in _of_offer(offer)
    ]
    offered = {option.accelerator.id for option in ways}
    alone = [Option(device, sites()[OWN_SITE]) for device in named or () if device.id not in offered]
    return [*ways, *alone]


def _of_offer(offer: Offer) -> Iterator[Option]:
    device = accelerators()[offer.accelerator]
    if offer.kind == "purchase":
        site = sites()[OWN_SITE] if "*" in offer.sites or OWN_SITE in offer.sites else sites()[offer.sites[0]]
        yield Option(device, site, offer)
        return
    site = sites()[offer.sites[0]]
    yield Option(device, site, offer)
    yield from (Option(device, site, offer, funds()[fund]) for fund in offer.subsidised_by[:1])
