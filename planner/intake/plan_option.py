"""An option that names a saved plan: the plan's orders as the parts of a bid.

award     day of the first order that counts
service   day on which the last of them stands
parts     the orders of an offer at a site together, at what the plan pays for the devices alone
left out  rentals, which the market lets to whoever asks, and what `orders_to` leaves for later

As of any bid, all of it is ordered at the award. A licence of the plan's own case counts with the wait that it has there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from planner.domain.case import Case
from planner.domain.offer import Offer
from planner.errors import InvalidInput, Problem
from planner.intake import catalogue
from planner.intake.document import ANY, Document
from planner.intake.document import Path as Place
from planner.intake.saved_plan import SavedPlan, read_saved

TAKEN = ("parts", "award_date", "service_date", "price_covers")
"""Of a bid, what its plan says."""


@dataclass
class Expanded:
    """A file of options with its plans read: the data, and what was told on the way. `elsewhere`: fields of which all is said here."""

    data: Any
    hashes: list[str] = field(default_factory=list)
    elsewhere: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def with_plans(document: Document, case: Case | None) -> Expanded:
    """The data of the document with a bid's own fields beside each plan that it names; without a case none is read."""
    whole = Expanded(deepcopy(document.unchecked))
    for path, named in document.each("options", ANY, "plan"):
        option, file = path[:-1], named.get("file") if isinstance(named, dict) else None
        whole.elsewhere |= {(*option, "parts"), (*option, "service_date")}
        entry = whole.data["options"][option[-1]]
        stated = [key for key in TAKEN if key in entry]
        whole.problems += [document.problem((*option, key), f"{key} is taken from the plan", "Leave it out.", at_key=True) for key in stated]  # fmt: skip
        last = _day(named.get("orders_to")) if isinstance(named, dict) else None
        if case is None or not isinstance(file, str) or last is False or stated:
            continue
        try:
            saved = read_saved(Path(document.name).parent, file)
        except InvalidInput as error:
            whole.problems += [_told(document, (*path, "file"), problem) for problem in error.problems]
            continue
        whole.hashes.append(saved.hashes)
        orders = list(_orders(saved, last or date.max))
        wrong = list(_wrong(document, path, saved, orders, case))
        whole.problems += wrong
        if not wrong:
            entry |= {"source": f"orders of the saved plan {file}"} | entry | _as_bid(saved, orders, case)
    return whole


def _orders(saved: SavedPlan, last: date) -> Iterator[Mapping[str, Any]]:
    """Each order that counts once, on the latest day on which it stands in any branch."""
    once: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in saved.orders:
        key = row["offer"], row["site"], row["node"]
        if date.fromisoformat(row["order_date"]) <= last and (key not in once or once[key]["stands_on"] < row["stands_on"]):  # fmt: skip
            once[key] = row
    yield from once.values()


def _wrong(
    document: Document, path: Place, saved: SavedPlan, orders: list[Mapping[str, Any]], case: Case
) -> Iterator[Problem]:
    """What keeps the orders from being a bid of this comparison."""
    file = (*path, "file")
    if not saved.orders:
        yield document.problem(
            file, "this plan buys nothing, so there is no fleet in it", "Name another, or leave it out."
        )
        return
    if not orders:
        first = min(row["order_date"] for row in saved.orders)
        yield document.problem((*path, "orders_to"), f"the first order of this plan is placed on {first}, after that day", "Give a later day, or leave it out.")  # fmt: skip
        return
    branches = sorted({row["node"] for row in orders if row["node"] != row["period"]})
    if branches:
        what = f"this plan orders in some futures alone ({', '.join(branches[:3])}), and a bid is one fleet"
        yield document.problem(file, what, "Plan one future with --scenario, or end before it with orders_to.")
    for site in dict.fromkeys(row["site"] for row in orders):
        if site not in case.sites:
            what = f"this plan buys for '{site}', which is no site of the comparison's case"
            yield document.problem(file, what, "Add it to the sites there.")
        elif not case.sites[site].takes_purchases:
            what = f"this plan buys for '{site}', which takes rentals alone in the comparison's case"
            yield document.problem(file, what, "Give it `access: own` there.")
    for accelerator in dict.fromkeys(row["accelerator"] for row in orders):
        if accelerator not in case.accelerators:
            what = f"this plan buys '{accelerator}', which is no device of the comparison's case"
            yield document.problem(file, what, "Add it to the accelerators of that case.")
    for offer in dict.fromkeys(row["offer"] for row in orders):
        if _offer(saved, offer, case) is None:
            what = f"how '{offer}' is supplied stands neither beside this plan, nor in the comparison's case or the catalogue"
            yield document.problem(file, what, "Name the folder of the plan: it holds its case.")


def _as_bid(saved: SavedPlan, orders: list[Mapping[str, Any]], case: Case) -> dict[str, Any]:
    together: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in orders:
        together.setdefault((row["offer"], row["site"]), []).append(row)
    return {
        "award_date": min(row["order_date"] for row in orders),
        "service_date": max(row["stands_on"] for row in orders),
        "price_covers": [],
        "parts": {f"{offer}_at_{site}": _part(saved, rows, case) for (offer, site), rows in together.items()},
    }


def _part(saved: SavedPlan, rows: list[Mapping[str, Any]], case: Case) -> dict[str, Any]:
    offer, accelerator = _offer(saved, rows[0]["offer"], case), rows[0]["accelerator"]
    assert offer is not None
    licences = case.licences if saved.licences is None else saved.licences
    waits = [each.wait_months.mid for each in licences.values() if accelerator in each.accelerators]
    return {
        "accelerator": accelerator,
        "devices": sum(float(row["devices"]) for row in rows),
        "site": rows[0]["site"],
        "channel": offer.channel,
        "price_hkd": sum(float(row["hkd"]) for row in rows),
        "transit_months": offer.transit_months,
        "licence_months": max(waits, default=0.0) if offer.channel == "licensed" else 0.0,
        "lifetime_years": offer.lifetime_years,
        "assume": dict(offer.assume),
    }


def _offer(saved: SavedPlan, name: str, case: Case) -> Offer | None:
    """The offer as the plan had it; of a file without its case as the comparison's case or the catalogue has it."""
    books = (case.offers, catalogue.offers()) if saved.offers is None else (saved.offers,)
    return next((book[name] for book in books if name in book), None)


def _day(stated: Any) -> date | Literal[False] | None:
    """The day; False where it is none, which is told with the other fields."""
    if stated is None:
        return None
    try:
        return date.fromisoformat(str(stated))
    except ValueError:
        return False


def _told(document: Document, path: Place, problem: Problem) -> Problem:
    """A problem of the file of a plan, at the place that names the file; one with a line of its own stays there."""
    if problem.line is not None:
        return problem
    file, folder = Path(problem.file or ""), Path(document.name).parent
    shown = file.relative_to(folder) if file.is_relative_to(folder) else file
    return document.problem(path, f"{shown}: {problem.what}", problem.fix)
