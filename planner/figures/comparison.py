"""Options compared: what they cost for what they do, what makes their score, regret by future, and how far the first place holds."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.style import ALARM, INK, PALETTE, REST, axis, cut, layout, legend_below
from planner.report.compare_words import id_of, name_of
from planner.report.language import Language
from planner.report.tables import Table
from planner.report.words import percent
from planner.study.compare.compare import Compared
from planner.study.compare.option import Option
from planner.units import HKD_PER_MILLION

NAME, ROW = 26, 30
THOUSAND = 1e3
SCALE = [[0.0, "#f4f7fa"], [1.0, "#D55E00"]]


def cost_effectiveness(answer: Compared, say: Language) -> Figure | None:
    """NPV cost against the work that an option adds; the line is what no mixture of options beats."""
    shown = [option for option in answer.options if option.work_pflops_days > 0]
    if len(shown) < 2:
        return None
    edge = frontier([(o.work_pflops_days, o.npv_cost_hkd) for o in shown])
    least = min(shown, key=lambda option: (option.hkd_per_effective_pflops_day or 0.0, option.option))
    hover = say("{work} k PFLOP/s-days for HKD {cost} M", work="%{x:,.0f}", cost="%{y:,.0f}")
    values = {
        "option": name_of(least, say),
        "hkd": f"{least.hkd_per_effective_pflops_day or 0:,.0f}",
        "count": len(shown),
    }
    colours = [PALETTE[0] if option.rank else REST for option in shown]
    return Figure(
        "cost_effectiveness",
        say("Least is paid for work with {option}: HKD {hkd} per PFLOP/s-day.", **values),
        say("Points of {count} options: work that each adds against its NPV cost; a line joins those that no mixture of others beats.", **values),
        [
            {
                "type": "scatter", "mode": "lines", "x": [w / THOUSAND for w, _ in edge], "y": [c / HKD_PER_MILLION for _, c in edge],
                "line": {"color": INK, "width": 1, "dash": "dot"}, "hoverinfo": "skip",
            },
            {
                "type": "scatter", "mode": "markers+text", "x": [o.work_pflops_days / THOUSAND for o in shown],
                "y": [o.npv_cost_hkd / HKD_PER_MILLION for o in shown], "text": [cut(id_of(o, say), NAME) for o in shown],
                "textposition": [_beside(o, shown) for o in shown], "cliponaxis": False,
                "marker": {"color": colours, "size": 11, "line": {"color": INK, "width": 1}},
                "hovertemplate": f"%{{text}}<br>{hover}<extra></extra>",
            },
        ],
        layout(
            xaxis=axis(say("work added, thousand PFLOP/s-days, discounted"), zeroline=True),
            yaxis=axis(say("NPV cost, million HKD")),
            margin={"l": 64, "r": 24, "t": 12, "b": 48},
        ),
        Table.of([
            {
                "option": id_of(o, say), "work_pflops_days": o.work_pflops_days, "npv_cost_hkd": o.npv_cost_hkd,
                "hkd_per_effective_pflops_day": o.hkd_per_effective_pflops_day, "shortlisted": say("yes") if o.shortlisted else say("no"),
            }
            for o in shown
        ]),
        note=say("Blue: on the short list. Grey: off it, or what can be done without a grant."),
        height=400,
    )  # fmt: skip


def _beside(option: Option, shown: list[Option]) -> str:
    """Where a name stands at its point: inside the picture, and right of the middle clear of those that stand on theirs."""
    share = option.work_pflops_days / max(each.work_pflops_days for each in shown)
    return "middle left" if share > 0.85 else "bottom right" if share > 0.6 else "top center"


def frontier(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """From nothing for nothing on, the lower edge of all mixtures of options: work and cost, each corner dearer per unit than the last."""
    edge = [(0.0, 0.0)]
    left = sorted(points)
    while left := [point for point in left if point[0] > edge[-1][0]]:
        edge.append(min(left, key=lambda point: ((point[1] - edge[-1][1]) / (point[0] - edge[-1][0]), -point[0])))
    return edge


def scores(answer: Compared, say: Language) -> Figure | None:
    """What each criterion adds to the score."""
    shown = [option for option in answer.options if option.rank]
    if not shown:
        return None
    weights = {name: weight for name, weight in answer.comparison.weights.criteria.items() if weight}
    whole = sum(weights.values())
    points = {name: [100 * weight / whole * o.values[name] for o in shown] for name, weight in weights.items()}
    colours = dict(zip(points, (*PALETTE, INK, REST) * (1 + len(points) // 8), strict=False))
    first = shown[0]
    best = max(points, key=lambda name: points[name][0])
    texts = {
        "option": first.name,
        "score": f"{first.score or 0:.0f}",
        "criterion": say(best.replace("_", " ")),
        "part": f"{points[best][0]:.0f}",
    }
    labels = [cut(o.option, NAME) for o in shown]
    return Figure(
        "scores",
        say("{option} comes first with {score} points of 100, {part} of them for {criterion}.", **texts),
        say("Stacked bars of the options on the short list: points by criterion, {option} first with {score}.", **texts),
        [
            {
                "type": "bar", "orientation": "h", "name": say(name.replace("_", " ")), "y": labels, "x": amounts,
                "marker": {"color": colours[name], "line": {"color": "white", "width": 0.5}},
                "hovertemplate": f"{say.name(name)}: %{{x:.1f}}<extra></extra>",
            }
            for name, amounts in points.items()
        ],
        layout(
            barmode="stack", showlegend=True, legend=legend_below(-0.32),
            xaxis=axis(say("points of 100"), range=[0, 100]),
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            margin={"l": 40, "r": 16, "t": 8, "b": 96},
        ),
        Table.of([
            {"option": o.option, "criterion": say.name(name), "weight_pct": 100 * weights[name] / whole, "value": o.values[name], "points": points[name][place]}
            for place, o in enumerate(shown)
            for name in weights
        ]),
        height=150 + 40 * len(shown),
    )  # fmt: skip


def regret(answer: Compared, say: Language) -> Figure | None:
    """Option by future: what it costs above the least there."""
    futures = [entry.scenario for entry in answer.options[0].scenarios]
    if not futures:
        return None
    amounts = [[entry.regret_hkd / HKD_PER_MILLION for entry in option.scenarios] for option in answer.options]
    calm = min(answer.options, key=lambda option: (option.regret_hkd, option.option))
    hover = say("{option}, {future}: HKD {hkd} M", option="%{y}", future="%{x}", hkd="%{z:,.0f}")
    texts = {"option": name_of(calm, say), "hkd": say.money(calm.regret_hkd), "count": len(futures)}
    return Figure(
        "regret",
        say("{option} regrets least: at most {hkd} in any of {count} futures.", **texts),
        say("Table of colours: a row for each option, a column for each of {count} futures, darker where it costs more above the least there.", **texts),
        [
            {
                "type": "heatmap", "x": [say.name(each) for each in futures], "y": [cut(id_of(o, say), NAME) for o in answer.options], "z": amounts, "colorscale": SCALE,
                "zmin": 0, "showscale": False, "text": [[f"{each:,.0f}" for each in row] for row in amounts], "texttemplate": "%{text}",
                "xgap": 2, "ygap": 2, "hovertemplate": f"{hover}<extra></extra>",
            }
        ],
        layout(
            xaxis={"side": "top", "fixedrange": True, "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            margin={"l": 40, "r": 16, "t": 28, "b": 12},
        ),
        Table.of([
            {"option": id_of(o, say), "scenario": say.name(e.scenario), "probability": e.probability, "regret_hkd": e.regret_hkd, "arrives": e.arrives}
            for o in answer.options
            for e in o.scenarios
        ]),
        note=say("Million HKD above the least of all options in that future, unserved work included."),
        height=60 + ROW * len(answer.options),
    )  # fmt: skip


def rank_stability(answer: Compared, say: Language) -> Figure | None:
    """How often each comes first when weights and prices move."""
    steady = sorted(answer.rank_stability, key=lambda each: (-each.first_share_both, each.option))
    if not steady:
        return None
    texts = {"option": answer.option(steady[0].option).name, "share": percent(steady[0].first_share_both)}
    ways = {
        say("weights move"): [each.first_share_weights for each in steady],
        say("prices move"): [each.first_share_prices for each in steady],
        say("both move"): [each.first_share_both for each in steady],
    }
    return Figure(
        "rank_stability",
        say("{option} comes first in {share} of draws of weights and prices.", **texts),
        say("Bars of how often each option comes first: where weights move, prices, or both; {option} in {share} of all draws.", **texts),
        [
            {
                "type": "bar", "orientation": "h", "name": way, "y": [cut(each.option, NAME) for each in steady],
                "x": [100 * share for share in shares], "marker": {"color": colour}, "hovertemplate": f"{way}: %{{x:.0f}} %<extra></extra>",
            }
            for (way, shares), colour in zip(ways.items(), (PALETTE[4], PALETTE[1], PALETTE[0]), strict=True)
        ],
        layout(
            barmode="group", showlegend=True, legend=legend_below(-0.3),
            xaxis=axis(say("draws in which it comes first, %"), range=[0, 100]),
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            margin={"l": 40, "r": 16, "t": 8, "b": 84},
        ),
        Table.of([
            {
                "option": each.option, "first_share_weights": each.first_share_weights, "first_share_prices": each.first_share_prices,
                "first_share_both": each.first_share_both, "mean_rank": each.mean_rank, "worst_rank": each.worst_rank,
            }
            for each in steady
        ]),
        height=130 + 56 * len(steady),
    )  # fmt: skip


def time_to_train(answer: Compared, say: Language) -> Figure | None:
    """Days of the reference trainings, with the range in which eight of ten runs fall."""
    bids = [option for option in answer.options if option.days_to_train]
    jobs = answer.comparison.reference_jobs
    rows = [(o.option, place, o.days_to_train[place].days) for o in bids for place in range(len(jobs))]
    timed = [(option, place, spread) for option, place, spread in rows if spread is not None]
    if not timed:
        return None
    option, place, spread = min(timed, key=lambda row: (-row[1], row[2].p50, row[0]))
    texts = {"option": answer.option(option).name, "model": jobs[place].model, "days": f"{spread.p50:,.1f}"}
    traces = []
    for number, job in enumerate(jobs):
        own = [(name, days) for name, at, days in timed if at == number]
        traces.append({
            "type": "bar", "name": say("{model}, {tokens} tokens", model=job.model, tokens=say.billions(job.tokens_b)), "x": [cut(name, NAME) for name, _ in own],
            "y": [days.p50 for _, days in own], "marker": {"color": PALETTE[number % len(PALETTE)]},
            "error_y": {
                "type": "data", "symmetric": False, "array": [d.p90 - d.p50 for _, d in own], "arrayminus": [d.p50 - d.p10 for _, d in own],
                "color": INK, "thickness": 1.2, "width": 4,
            },
            "hovertemplate": say("{option}: {days} days", option="%{x}", days="%{y:,.1f}") + "<extra></extra>",
        })  # fmt: skip
    return Figure(
        "time_to_train",
        say("{option} trains {model} soonest, in {days} days.", **texts),
        say("Bars of the days that each bid takes for each reference training, with whiskers from p10 to p90; {option} is soonest for {model}.", **texts),
        traces,
        layout(
            barmode="group", showlegend=True, legend=legend_below(-0.2),
            xaxis={"automargin": True, "fixedrange": True},
            yaxis=axis(say("days")),
            margin={"l": 56, "r": 16, "t": 12, "b": 72},
        ),
        Table.of([
            {"option": name, "model": jobs[at].model, "tokens_b": jobs[at].tokens_b, "days_p10": d.p10, "days_p50": d.p50, "days_p90": d.p90}
            for name, at, d in timed
        ]),
        note=say("On all devices of a kind; whiskers hold eight of ten runs."),
    )  # fmt: skip


def claims(answer: Compared, say: Language) -> Figure | None:
    """Computing power as claimed beside dense BF16 and what is left of it on the mix."""
    bids = [option for option in answer.options if option.kind == "bid"]
    stated = {o.option: next((c.claim for c in o.checks if c.subject == "computing power"), None) for o in bids}
    if not bids:
        return None
    names = [cut(o.option, NAME) for o in bids]
    widest = max(
        bids, key=lambda o: ((stated[o.option] or 0.0) / o.effective_pflops if o.effective_pflops else 0.0, o.option)
    )
    texts = {
        "option": widest.option,
        "claim": f"{stated[widest.option] or 0:,.0f}",
        "useful": f"{widest.effective_pflops:,.0f}",
    }
    series = (
        (say("claimed"), [stated[o.option] for o in bids], REST),
        (say("dense BF16 peak of what comes"), [o.peak_pflops for o in bids], PALETTE[4]),
        (say("useful on the mix"), [o.effective_pflops for o in bids], PALETTE[0]),
    )
    return Figure(
        "claims",
        say("Of {claim} PFLOP/s that {option} claims, {useful} are useful on the mix.", **texts),
        say("Bars of computing power by bid: as claimed, dense BF16 peak of what comes and fits, and useful on the mix.", **texts),
        [
            {
                "type": "bar", "name": name, "x": names, "y": values,
                "marker": {"color": colour, "line": {"color": ALARM if colour == REST else colour, "width": 0.5}},
                "hovertemplate": f"{name}: %{{y:,.0f}} PFLOP/s<extra></extra>",
            }
            for name, values, colour in series
        ],
        layout(
            barmode="group", showlegend=True, legend=legend_below(-0.2),
            xaxis={"automargin": True, "fixedrange": True},
            yaxis=axis(say("PFLOP/s")),
            margin={"l": 56, "r": 16, "t": 12, "b": 72},
        ),
        Table.of([
            {"option": o.option, "claim_pflops": stated[o.option], "peak_pflops": o.peak_pflops, "effective_pflops": o.effective_pflops}
            for o in bids
        ]),
    )  # fmt: skip
