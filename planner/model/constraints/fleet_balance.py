"""Fleet balance: what stands is what stood, plus what arrived, minus what was taken out; nothing outlives its service
life.

    fleet[a,s,n]  =  fleet[a,s,parent(n)] + Σ order[o,s,m] whose first whole period is n - retire[a,s,n]        (at the root: the standing fleet)
    fleet[a,s,n] <=  Σ order[o,s,m] that stand in n and are within their life in all of it + standing fleet within its life
    part[o,m,s,n] <=  order[o,s,m]                     where it stands a part of n: it arrives within n, or its life ends there
    part[f,m,s,n] <=  devices of the standing fleet f  where its life ends within n
    Σ part[o,m,s,n] whose life ends in n  <=  retire[a,s,n]
    Σ ( order[o,s,m] - forfeit[o,s,m,leaf] ) that outlive the horizon  <=  fleet[a,s,leaf] + Σ part[o,m,s,leaf]     for each leaf, with residual value
    forfeit[o,s,m,leaf] <=  order[o,s,m]
    upkeep[o,s,n] <=  Σ order[o,s,m] that stand in n and are within their life
    0  <=  fleet[a,s,n] - Σ_o upkeep[o,s,n]  <=  standing fleet within its life         where devices of a pair differ in price

    a  accelerator   s  site   o  offer of a   n  node   m  node of the order, an ancestor of n   retire  early or at the end of life

The second row is written only where something has reached the end of its life. The next three keep a plan from being
credited for what it has taken out, or never had room, power or cooling for; the last two let upkeep follow what was paid
for the devices that stand: where some were taken out, the dearest. A row's shadow price is the value of one
more device standing in n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.domain.horizon import Node
from planner.model.family import Family
from planner.model.options import Options
from planner.model.rows import Row, Term, Terms
from planner.model.variables import Columns


def rows(options: Options, x: Columns) -> Iterator[Row]:
    """One balance per pair and node, and an end-of-life row where needed."""
    for accelerator, site in options.owned_pairs:
        for node in options.case.tree:
            if (accelerator, site, node.id) in x.fleet:
                yield _balance(options, x, accelerator, site, node)
                if row := _end_of_life(options, x, accelerator, site, node):
                    yield row
                if options.upkept_apart(accelerator, site):
                    yield from _upkept(options, x, accelerator, site, node)
    yield from _parts(options, x)
    yield from _credited(options, x)


def _parts(options: Options, x: Columns) -> Iterator[Row]:
    for part in options.all_parts:
        offer, ordered, site, node = part.key
        if part.offer is not None:
            because = f"no more of {offer} at {site} stands than was ordered in {ordered}"
            terms = Terms((x.part[part.key], x.order[offer, site, ordered]), (1.0, -1.0))
            yield Row("fleet_balance", (offer, ordered, site), node, terms, "<=", 0.0, because, ("part",))
    for key, parts in options.parts.items():
        leaving = [x.part[part.key] for part in parts if part.stood]
        if leaving:
            because = f"only what is taken out then stays to the end of its life: {key[0]} at {key[1]}"
            terms = Terms((*leaving, x.retire[key]), (*(1.0 for _ in leaving), -1.0))
            yield Row("fleet_balance", key[:-1], key[-1], terms, "<=", 0.0, because, ("last_days",))


def _balance(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Row:
    key = accelerator, site, node.id
    terms = [(x.fleet[key], 1.0), (x.retire[key], 1.0)]
    parent = x.fleet.get((accelerator, site, node.parent.id)) if node.parent else None
    if parent is not None:
        terms.append((parent, -1.0))
    terms += [(x.order[o.offer.id, site, o.node.id], -1.0) for o in options.arrivals.get(key, ())]
    standing = options.standing(accelerator, site, node) if node.parent is None else 0.0
    because = f"devices are conserved: {accelerator} at {site}"
    return Row("fleet_balance", (accelerator, site), node.id, Terms.of(terms), "==", standing, because)


def _end_of_life(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Row | None:
    living: list[Term] = []
    lapsed = options.standing(accelerator, site, node) < options.standing_at_start(accelerator, site)
    first = options.first_end.get((accelerator, site))
    if not lapsed and (first is None or first >= node.period.end):
        return None
    for order, lives in options.joined(accelerator, site, node):
        if lives:
            living.append((x.order[order.offer.id, site, order.node.id], -1.0))
        else:
            lapsed = True
    if not lapsed:
        return None
    terms = Terms.of([(x.fleet[accelerator, site, node.id], 1.0), *living])
    limit = options.standing(accelerator, site, node)
    because = f"service life of {accelerator} at {site}"
    return Row("fleet_balance", (accelerator, site), node.id, terms, "<=", limit, because, ("end_of_life",))


def _upkept(options: Options, x: Columns, accelerator: str, site: str, node: Node) -> Iterator[Row]:
    living: dict[str, list[Term]] = defaultdict(list)
    for order, lives in options.joined(accelerator, site, node):
        if lives:
            living[order.offer.id].append((x.order[order.offer.id, site, order.node.id], -1.0))
    counted: list[Term] = []
    for offer in options.purchases_of.get((accelerator, site), ()):
        column = x.upkeep[offer, site, node.id]
        counted.append((column, -1.0))
        because = f"no more of {offer} can be kept up at {site} than stands"
        kept_up = Terms.of([(column, 1.0), *living[offer]])
        yield Row("fleet_balance", (offer, site), node.id, kept_up, "<=", 0.0, because, ("upkept",))
    rest = Terms.of([(x.fleet[accelerator, site, node.id], 1.0), *counted])
    stood = options.standing(accelerator, site, node)
    because = f"all {accelerator} that stands at {site} is kept up"
    yield Row("fleet_balance", (accelerator, site), node.id, rest, "<=", stood, because, ("kept_up",))
    yield Row("fleet_balance", (accelerator, site), node.id, rest, ">=", 0.0, because, ("kept_up_once",))


def _credited(options: Options, x: Columns) -> Iterator[Row]:
    outliving: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for (offer, site, node, leaf), forfeit in x.forfeit.items():
        order = x.order[offer, site, node]
        because = f"no more of {offer} at {site} can be taken out than was ordered in {node}"
        taken = Terms((forfeit, order), (1.0, -1.0))
        yield Row("fleet_balance", (offer, site, node), leaf, taken, "<=", 0.0, because, ("forfeit",))
        place = options.orders[offer, site, node].accelerator, site, leaf
        outliving[place] += [(order, 1.0), (forfeit, -1.0)]
        if (offer, node, site, leaf) in x.part:
            outliving[place].append((x.part[offer, node, site, leaf], -1.0))
    for key, terms in outliving.items():
        because = f"only what still stands has a residual value: {key[0]} at {key[1]}"
        fleet = [(x.fleet[key], -1.0)] if key in x.fleet else []
        yield Row("fleet_balance", key[:-1], key[-1], Terms.of([*terms, *fleet]), "<=", 0.0, because, ("credited",))


FAMILY = Family(
    "fleet_balance",
    rows,
    unit="device",
    price_says="the value of one more device standing",
    kind="balance",
    one_more=lambda at: f"One more {' at '.join(at.what[:2])} {at.when}",
)
