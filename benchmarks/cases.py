"""Realistic cases of stated sizes, drawn from the catalogue with a fixed seed, as files that `planner plan` reads.

    python -m benchmarks.cases M FOLDER [SEED]      writes FOLDER/M.yaml and FOLDER/M.csv

Devices, offers, prices, law, sites and speeds are the catalogue's; policies, funds, licences and economics are Hong
Kong's. What is drawn:

    sites       half take purchases, the others rent; as Hong Kong takes them
    offers      every rental of the drawn sites but what is owned there; then purchases, each at one to three halls, until
                the number of accelerators is reached. Where the catalogue's offers run out, devices that it has a price for
                are bought at that price, on the terms of an offer of their maker, or else of any
    workloads   Hong Kong's twenty in turn: another published model of 0.6 to 1.7 times the size, lengths and latency
                of another of its services, load and value of unserved work log-normal about its own, a tenant of the same trade.
                All loads together are the share of Hong Kong's that its sites are. Six services in ten run all the time,
                others begin in the first half; a training's window lies anywhere
    scenarios   XL: four futures of policy over M; beyond four, futures of the market, revealed in the third quarter of 2027, which
                differ in loads, prices and the price of carbon
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from planner.domain.horizon import Period
from planner.intake.catalogue import accelerators, models, raw
from planner.intake.strict_yaml import load

ROOT = Path(__file__).resolve().parents[1]
HONG_KONG = ROOT / "examples/hong_kong"
WHOLE_LOTS = re.compile(r"^whole: \{lots: true.*\}\nnear_tie_share: .*\n", re.MULTILINE)
START, DECISION_DATE = "2026q4", "2026-11-21"
MARKET_REVEALED = "2027-07-01"
FUTURES = {"status_quo": 0.4, "tightening": 0.25, "snap_embargo": 0.2, "relaxation": 0.15}
SERVICE_FROM_THE_START = 0.6
SPREAD = 0.7
"""Standard deviation of the logarithm of a load."""

Fields = dict[str, Any]


class Size(NamedTuple):
    """How many of each a case has; `scenarios` 1 is a case without any."""

    accelerators: int
    sites: int
    periods: int
    workloads: int
    scenarios: int = 1


SIZES = {
    "S": Size(20, 4, 8, 20),
    "M": Size(60, 8, 20, 100),
    "L": Size(80, 10, 40, 500),
    "XL": Size(60, 8, 20, 100, scenarios=4),
}
CASES = (*SIZES, "hong_kong")


def case_path(name: str, folder: Path, seed: int = 1) -> Path:
    """The file of a case, written into the folder: Hong Kong's own in fractions, which peers know, or one drawn."""
    return _in_fractions(HONG_KONG, folder) if name == "hong_kong" else write(name, SIZES[name], folder, seed)


def _in_fractions(example: Path, folder: Path) -> Path:
    """A copy of an example whose lots may be fractions."""
    copied = shutil.copytree(example, folder / example.name) / "case.yaml"
    text = copied.read_text(encoding="utf-8")
    fractions, lines = WHOLE_LOTS.subn("", text)
    if lines != 1:
        raise ValueError(f"{copied} plans in no whole lots")
    copied.write_text(fractions, encoding="utf-8")
    return copied


def write(name: str, size: Size, folder: Path, seed: int = 1) -> Path:
    """Draw a case and write it with its table of workloads; the same name and seed give the same bytes."""
    case, workloads = drawn(size, seed)
    case["workloads_csv"] = f"{name}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(workloads[0]))
        table.writeheader()
        table.writerows(workloads)
    path = folder / f"{name}.yaml"
    text = yaml.safe_dump(case, sort_keys=False, allow_unicode=True, width=140)
    path.write_text(f"# Drawn by `python -m benchmarks.cases {name} FOLDER {seed}`.\n{text}", encoding="utf-8")
    return path


def drawn(size: Size, seed: int) -> tuple[Fields, list[Fields]]:
    """A case of that size without its workloads, and these."""
    rng = random.Random(seed)
    city: Fields = dict(load(HONG_KONG / "case.yaml").data)
    sites = _sites(rng, size.sites, city["sites"])
    halls = [site for site in sites if _buys(site, sites)]
    periods = [Period.parse(START).later(number) for number in range(size.periods)]
    case: Fields = {
        "schema_version": 1,
        "title": f"{size.accelerators} accelerators, {size.sites} sites, {size.periods} quarters, {size.workloads} workloads",
        "horizon": {"start": START, "end": str(periods[-1]), "decision_date": DECISION_DATE},
        "buyer": city["buyer"],
        "sites": sites,
        "offers": _offers(rng, size.accelerators, sites, halls),
        "funds": city["funds"],
        "licences": city["licences"],
        "vendor_supply": city["vendor_supply"],
        "capacity_targets": {"midscale": _target(city, halls)},
        "vendor_share": city["vendor_share"],
        "carbon_cap": city["carbon_cap"],
        "economics": city["economics"],
    }
    if size.scenarios > 1:
        case["scenarios"] = _scenarios(rng, size.scenarios)
    return case, list(_workloads(rng, size.workloads, periods, size.sites / len(city["sites"])))


def _scenarios(rng: random.Random, number: int) -> list[Fields]:
    """Futures of policy; where there are more than those, futures of the market of equal chance take half."""
    policy = [{"id": id, "probability": share} for id, share in list(FUTURES.items())[:number]]
    more = number - len(policy)
    if more:
        policy = [{**future, "probability": future["probability"] / 2} for future in policy]
    return policy + [
        {
            "id": f"market_{place + 1}",
            "probability": 0.5 / more,
            "revealed": MARKET_REVEALED,
            "set": {
                "workloads.*.output_tokens_per_s": f"*{rng.uniform(0.7, 1.3):.2f}",
                "offers.*.price_usd_per_device": f"*{rng.uniform(0.8, 1.2):.2f}",
                "offers.*.rent_usd_per_device_hour": f"*{rng.uniform(0.8, 1.2):.2f}",
                "economics.carbon_price_hkd_per_tonne": round(rng.uniform(0, 2_000)),
            },
        }
        for place in range(more)
    ]


def _sites(rng: random.Random, number: int, city: Mapping[str, Fields | None]) -> dict[str, Fields]:
    """Half of them halls with power, half places where something is rented, in the order of Hong Kong's case."""
    known = raw("sites.yaml")["sites"]
    given = {site: dict(city[site] or {}) for site in city}
    halls = [site for site in given if _buys(site, given) and known[site].get("phases")]
    rented = {
        site for offer in raw("offers.yaml")["offers"].values() if offer["kind"] == "rental" for site in offer["sites"]
    }
    places = [site for site in given if site in rented and site not in halls]
    chosen = {*rng.sample(halls, number - number // 2), *rng.sample(places, number // 2)}
    return {site: fields for site, fields in given.items() if site in chosen}


def _buys(site: str, given: Mapping[str, Fields]) -> bool:
    return str({**raw("sites.yaml")["sites"][site], **given[site]}["access"]) != "rent"


def _offers(rng: random.Random, number: int, sites: Mapping[str, Fields], halls: Sequence[str]) -> dict[str, Fields]:
    known = raw("offers.yaml")["offers"]
    offers: dict[str, Fields] = {
        id: {} for id, offer in known.items() if offer["kind"] == "rental" and {*offer["sites"]} <= {*sites} - {*halls}
    }
    devices = {known[id]["accelerator"] for id in offers}
    purchases = [id for id, offer in known.items() if offer["kind"] == "purchase"]
    more = {f"{device}_at_list_price": terms for device, terms in _unoffered(rng)}
    for id in (*rng.sample(purchases, len(purchases)), *more):
        if len(devices) == number:
            break
        fields = more.get(id, {})
        devices.add(fields.get("accelerator") or known[id]["accelerator"])
        offers[id] = {**fields, "sites": sorted(rng.sample(halls, min(len(halls), rng.randint(1, 3))))}
    if len(devices) < number:
        raise ValueError(f"the catalogue has prices of {len(devices)} devices alone, {number} are asked for")
    return offers


def _unoffered(rng: random.Random) -> Iterator[tuple[str, Fields]]:
    """Devices of the catalogue that no offer names but a price is known of, on the terms of an offer."""
    known = [offer for offer in raw("offers.yaml")["offers"].values() if offer["kind"] == "purchase"]
    named = {offer["accelerator"] for offer in raw("offers.yaml")["offers"].values()}
    for id, device in accelerators().items():
        if id in named or device.unit_price_usd_low is None:
            continue
        of_maker = [offer for offer in known if accelerators()[offer["accelerator"]].vendor == device.vendor]
        low, high = device.unit_price_usd_low, device.unit_price_usd_high or device.unit_price_usd_low
        price = {"low": low, "mid": (low + high) / 2, "high": high}
        terms = {field: value for field, value in rng.choice(of_maker or known).items() if field != "as_of"}
        words = {
            "name": f"{device.name} at its list price",
            "confidence": "estimate",
            "source": "benchmark: list price, terms of another offer",
        }
        yield id, {**terms, **words, "accelerator": id, "price_usd_per_device": price}


def _target(city: Fields, halls: Sequence[str]) -> Fields:
    """Hong Kong's midscale target at the drawn halls, at the price of Sandy Ridge's, so that every case has a plan."""
    price = city["capacity_targets"]["sandy_ridge_2032"]["shortfall_hkd_per_pflops"]
    return {**city["capacity_targets"]["midscale"], "sites": list(halls), "shortfall_hkd_per_pflops": price}


def _workloads(rng: random.Random, number: int, periods: Sequence[Period], load: float) -> Iterator[Fields]:
    with open(HONG_KONG / "workloads.csv", encoding="utf-8", newline="") as file:
        city = list(csv.DictReader(file))
    shapes = [row for row in city if row["tokens_out"]]
    share = load * len(city) / number
    for place in range(number):
        row = dict(city[place % len(city)])
        factor = share * rng.lognormvariate(-(SPREAD**2) / 2, SPREAD)
        for field in ("work_pflops_days", "output_tokens_per_s", "demand_pflops"):
            if row[field]:
                row[field] = f"{float(row[field]) * factor:.4g}"
        row["unserved_hkd_per_pflops_day"] = (
            f"{float(row['unserved_hkd_per_pflops_day']) * rng.lognormvariate(0, 0.2):.0f}"
        )
        if row["tokens_out"]:
            lengths = rng.choice(shapes)
            row |= {field: lengths[field] for field in ("tokens_in", "tokens_out", "tpot_ms")}
        if row["model"]:
            row["model"] = rng.choice(_alike(row["model"]))
        row["id"], row["note"] = f"{row['id']}_{place + 1}", ""
        row["tenant"] = f"{row['tenant']}_{rng.randint(1, max(1, number // len(city)))}"
        row["start"], row["end"] = _window(rng, row, periods)
        yield row


def _alike(model: str) -> list[str]:
    """Published models of 0.6 to 1.7 times the size in all and in use, the model itself among them."""
    own = models()[model]
    return [
        name
        for name, shape in models().items()
        if 0.6 <= shape.total_parameters / own.total_parameters <= 1.7
        and 0.6 <= shape.active_matrix_parameters / own.active_matrix_parameters <= 1.7
    ]


def _window(rng: random.Random, row: Mapping[str, str], periods: Sequence[Period]) -> tuple[str, str]:
    last = len(periods) - 1
    if row["kind"] == "service":
        begins = 0 if rng.random() < SERVICE_FROM_THE_START else rng.randint(0, last // 2)
        return str(periods[begins]), str(periods[last])
    long = rng.randint(4, 8)
    begins = rng.randint(0, max(0, last - long + 1))
    return str(periods[begins]), str(periods[min(last, begins + long - 1)])


if __name__ == "__main__":
    print(case_path(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:4])))
