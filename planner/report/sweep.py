"""A sweep in words: what the range of answers is, where the choice turns, which of the parameters matter, and how runs and
their measures read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import pairwise, starmap
from typing import TYPE_CHECKING, Any

from planner.cells import number
from planner.report.tables import Part, Table
from planner.report.words import left_out, listed, money, percent, short_money

if TYPE_CHECKING:
    from planner.study.sweep.answer import Answer
    from planner.study.sweep.designs import Point
    from planner.study.sweep.runs import Run


UNMOVED = "None of the parameters changes the cost of the plan."
MOST_ROWS = 24
MATTERS = 0.01
SAME_HKD = 1.0
COLUMNS = ("objective_hkd", "spending_hkd", "unserved_share", "carbon_t", "main_purchase")
WORDS = {
    "objective_hkd": "cost",
    "spending_hkd": "spending",
    "unserved_share": "work unserved",
    "carbon_t": "carbon (t CO2e)",
    "main_purchase": "main purchase",
}


def page(answer: Answer) -> list[Part]:
    """The answer first, then the table that carries it."""
    return PAGES[answer.question.design](answer)


def records_of(answer: Answer) -> list[dict[str, Any]]:
    """One flat record per run (per point of a frontier, per turn of a search)."""
    if answer.frontier:
        return [asdict(point) for point in answer.frontier]
    if answer.turns:
        return list(answer.turns)
    return [flat(run) for run in answer.runs]


def results(answer: Answer) -> dict[str, Any]:
    """Everything, for other programs."""
    question = answer.question
    return {
        "design": question.design,
        "samples": question.samples,
        "seed": question.seed,
        "parameters": [asdict(parameter) for parameter in question.parameters],
        "runs": [asdict(run) for run in answer.runs],
        "effects": answer.effects,
        "tornado": answer.bars,
        "spread": answer.spread,
        "choices": answer.choices,
        "turning_points": answer.turns,
        "frontier": [asdict(point) for point in answer.frontier],
    }


def _grid(answer: Answer) -> list[Part]:
    solved = [run for run in answer.runs if run.status == "optimal"]
    parts: list[Part] = [_extremes(answer, solved), *_turned(answer), *_unsolved(answer), ""]
    paths = [parameter.path for parameter in answer.question.parameters]
    rows = [(*(value_words(run.point[path]) for path in paths), *measured(run)) for run in answer.runs[:MOST_ROWS]]
    note = left_out(len(answer.runs), MOST_ROWS)
    return [*parts, Table("", (*short_names(paths), *(WORDS[name] for name in COLUMNS)), rows, note)]


def _samples(answer: Answer) -> list[Part]:
    solved = [run for run in answer.runs if run.status == "optimal"]
    names = ("mean", "p05", "p25", "p50", "p75", "p95")
    rows = [
        (WORDS[line["measure"]], *(amount(line["measure"], line[name]) for name in names)) for line in answer.spread
    ]
    return [_spread(answer, solved), *_chosen(answer), *_unsolved(answer), "", Table("", ("", *names), rows)]


def _morris(answer: Answer) -> list[Part]:
    effects = [effect for effect in answer.effects if effect["mu_star"] > SAME_HKD]
    most = max((effect["mu_star"] for effect in effects), default=0.0)
    matter = [effect["path"] for effect in effects if effect["mu_star"] >= MATTERS * most]
    sentence = (
        f"Of {len(answer.effects)} parameters {len(matter)} matter; most of all {listed(matter, 4)}."
        if matter
        else UNMOVED
    )
    rows = [
        (effect["path"], short_money(effect["mu_star"]), short_money(effect["mu"]), short_money(effect["sigma"]))
        for effect in effects[:MOST_ROWS]
    ]
    columns = ("from its low to its high", "size of effect", "mean effect", "spread")
    return [sentence, *_unsolved(answer), "", Table("Change of cost, HKD", columns, rows)]


def _tornado(answer: Answer) -> list[Part]:
    if not answer.bars or answer.bars[0]["size"] <= SAME_HKD:
        return [UNMOVED, *_unsolved(answer)]
    first = answer.bars[0]
    ends = ((first["low"], first["at_low"]), (first["high"], first["at_high"]))
    sentence = f"The cost hangs most on {first['path']}: it {' and '.join(starmap(moved, ends))}."
    rows = [
        (
            bar["path"],
            f"{value_words(bar['low'])} … {value_words(bar['high'])}",
            change_words(bar["at_low"]),
            change_words(bar["at_high"]),
        )
        for bar in answer.bars[:MOST_ROWS]
        if bar["size"] > SAME_HKD
    ]
    columns = ("parameter", "low … high", "cost at low", "cost at high")
    return [sentence, *_unsolved(answer), "", Table("Change of cost, HKD, one parameter at a time", columns, rows)]


def _switching(answer: Answer) -> list[Part]:
    said: list[Part] = []
    for turn in answer.turns:
        span = f"{turn['path']} between {value_words(turn['low'])} and {value_words(turn['high'])}"
        if turn["turns_at"] is None:
            said.append(f"The main purchase stays {purchase(turn['from'])} for {span}.")
        else:
            said.append(
                f"The main purchase turns from {purchase(turn['from'])} to {purchase(turn['to'])} "
                f"when {turn['path']} passes {value_words(float(format(turn['turns_at'], '.3g')))} (looked for {span})."
            )
    return said


def _frontier(answer: Answer) -> list[Part]:
    points = answer.frontier
    most, least = max(points, key=lambda p: p.served_share), min(points, key=lambda p: p.spending_hkd)
    cleanest = min((p for p in points if p.served_share >= most.served_share - 1e-6), key=lambda p: p.carbon_t)
    dirtiest = max((p for p in points if p.served_share >= most.served_share - 1e-6), key=lambda p: p.carbon_t)
    sentence = (
        f"All that can be served ({percent(most.served_share)} of the work) costs at least {money(dirtiest.spending_hkd)}; "
        f"{percent(least.served_share)} costs {money(least.spending_hkd)}."
    )
    if dirtiest.carbon_t - cleanest.carbon_t > 1e-3 * dirtiest.carbon_t:
        price = (cleanest.spending_hkd - dirtiest.spending_hkd) / (dirtiest.carbon_t - cleanest.carbon_t)
        sentence += f" Carbon can fall from {number(dirtiest.carbon_t)} t to {number(cleanest.carbon_t)} t, at {money(price)} a tonne on average."
    risky = any(p.dearest_future_hkd > p.spending_hkd * (1 + 1e-6) for p in points)
    rows = [
        (
            percent(p.served_share),
            number(p.carbon_t),
            short_money(p.spending_hkd),
            *((short_money(p.dearest_future_hkd),) if risky else ()),
        )
        for p in points
    ]
    columns = ("work served", "carbon (t CO2e)", "spending (HKD)", *(("in the dearest future",) if risky else ()))
    return [sentence, "", Table("", columns, rows)]


PAGES: dict[str, Callable[[Answer], list[Part]]] = {
    "grid": _grid,
    "lhs": _samples,
    "monte_carlo": _samples,
    "morris": _morris,
    "tornado": _tornado,
    "switching": _switching,
    "frontier": _frontier,
}


def _extremes(answer: Answer, solved: list[Run]) -> str:
    if not solved:
        return f"None of the {len(answer.runs)} variants has a plan."
    cheap, dear = (choose(solved, key=lambda run: run.measures["objective_hkd"]) for choose in (min, max))
    if dear.measures["objective_hkd"] - cheap.measures["objective_hkd"] < SAME_HKD:
        paths = [parameter.path for parameter in answer.question.parameters]
        cost, said = money(cheap.measures["objective_hkd"]), "changes" if len(paths) == 1 else "change"
        return f"The plan costs {cost} in all {len(solved)} variants: {listed(paths)} {said} nothing over this range."
    return (
        f"Over {len(answer.runs)} variants the plan costs between {money(cheap.measures['objective_hkd'])} ({point_words(cheap.point)}) "
        f"and {money(dear.measures['objective_hkd'])} ({point_words(dear.point)})."
    )


def _spread(answer: Answer, solved: list[Run]) -> str:
    if not solved:
        return f"None of the {len(answer.runs)} samples has a plan."
    cost = answer.spread[0]
    count = len(answer.question.parameters)
    return (
        f"With {count} parameter{'s' * (count != 1)} uncertain the plan costs {money(cost['p50'])}; nine times out of ten "
        f"between {money(cost['p05'])} and {money(cost['p95'])}."
    )


def _turned(answer: Answer) -> list[Part]:
    """Where, along a single parameter, the main purchase changes."""
    if len(answer.question.parameters) != 1:
        return _chosen(answer)
    path = answer.question.parameters[0].path
    said: list[Part] = []
    for before, after in pairwise(answer.runs):
        one, other = (run.measures.get("main_purchase") for run in (before, after))
        if one != other and before.status == after.status == "optimal":
            between = f"between {value_words(before.point[path])} and {value_words(after.point[path])}"
            said.append(f"The main purchase turns from {purchase(one)} to {purchase(other)} {between}.")
    return said or _chosen(answer)


def _chosen(answer: Answer) -> list[Part]:
    if not answer.choices:
        return []
    if len(answer.choices) == 1:
        return [f"The main purchase is {purchase(answer.choices[0]['main_purchase'])} in all of them."]
    names = [f"{purchase(choice['main_purchase'])} in {percent(choice['share'])}" for choice in answer.choices]
    return [f"The main purchase is {listed(names, 4)} of them."]


def _unsolved(answer: Answer) -> list[Part]:
    failed = [run for run in answer.runs if run.status != "optimal"]
    if not failed:
        return []
    return [
        f"{len(failed)} of {len(answer.runs)} have no plan; the first: {point_words(failed[0].point)}: {failed[0].message.splitlines()[0]}"
    ]


def flat(run: Run) -> dict[str, Any]:
    """A run as one record: what was set, how it ended, its measures."""
    return {**run.point, "status": run.status, **{name: run.measures.get(name) for name in COLUMNS}}


def measured(run: Run) -> tuple[str, ...]:
    """The measures of a run as the cells of a table."""
    if run.status != "optimal":
        return (run.status, "", "", "", "")
    return tuple(amount(name, run.measures[name]) for name in COLUMNS)


def amount(name: str, value: Any) -> str:
    """A measure in its own unit."""
    if name == "main_purchase":
        return purchase(value)
    if name.endswith("_hkd"):
        return short_money(value)
    return percent(value) if name.endswith("_share") else number(value)


def change_words(change: float | None) -> str:
    """A change of the cost, for a table."""
    return "no plan" if change is None else short_money(change) if abs(change) > SAME_HKD else "0"


def purchase(name: str | None) -> str:
    """The name of a main purchase."""
    return name or "nothing"


def point_words(point: Point) -> str:
    """What a run sets, as `a=1, b=2`."""
    return ", ".join(f"{path}={value_words(value)}" for path, value in point.items()) or "the case as it is"


def value_words(value: Any) -> str:
    """A value of a parameter: 1,200, 2.5e9, uncontrolled."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "null" if value is None else str(value)
    # As exact as it may be given again: values of a fine grid must not read alike.
    return number(value, 6) if abs(value) < 1e6 else f"{value:.6g}".replace("e+0", "e").replace("e+", "e")


def moved(value: Any, change: float | None) -> str:
    """`falls by HKD 2 M at 1.3`, as the end of a sentence about the cost."""
    if change is None:
        return f"has no plan at {value_words(value)}"
    verb = f"{'rises' if change > 0 else 'falls'} by {money(abs(change))}" if round(change) else "stays"
    return f"{verb} at {value_words(value)}"


def short_names(paths: Sequence[str]) -> list[str]:
    """The ends of the paths, as long as it takes to tell them apart."""
    for parts in range(1, 10):
        names = [".".join(path.split(".")[-parts:]) for path in paths]
        if len(set(names)) == len(set(paths)):
            return names
    return list(paths)
