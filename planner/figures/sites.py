"""Where the sites lie: power granted and drawn at each place, by legal zone, on outlines of land that ship with planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any, NamedTuple

from planner.domain.site import Location
from planner.figures.figure import Figure, Trace
from planner.figures.map_frames import FRAMES, Frame, Point, axes, label, land
from planner.figures.names import site_names
from planner.figures.power import at_the_meter
from planner.figures.style import INK, PALETTE, REST, layout, legend_below
from planner.plan.record import PlanRecord
from planner.report.language import Language
from planner.report.tables import Table

LARGEST, SMALLEST = 46.0, 7.0
"""Diameter of a mark, pixels; its area tells MW."""
HEIGHT = 420
COLUMNS = ("site", "place", "zone", "period", "granted_mw", "drawn_mw", "rented_mw", "latitude_deg", "longitude_deg", "confidence", "source")  # fmt: skip


class Standing(NamedTuple):
    """A site at the period in which the plan draws the most there, MW at the meter; `granted` is None where nothing may be bought."""

    site: str
    zone: str
    location: Location | None
    period: str
    granted: float | None
    drawn: float
    rented: float


class Mark(NamedTuple):
    """The sites of one place and zone, the power of all."""

    location: Location
    zone: str
    sites: tuple[str, ...]
    granted: float
    drawn: float
    rented: float


def sites(plan: PlanRecord, say: Language) -> Figure | None:
    """Circles for power granted, filled by the part drawn; diamonds where the plan can only rent."""
    standing, call = list(_standing(plan)), site_names(plan.case)
    marks = list(_marks(standing))
    drawn_in = {frame: [mark for mark in marks if _frame_of(mark.location) is frame] for frame in FRAMES}
    frames = [frame for frame in FRAMES if drawn_in[frame]]
    if not frames:
        return None
    book = plan.case.governance.zones
    zones = list(dict.fromkeys(mark.zone for frame in frames for mark in drawn_in[frame]))
    colours = dict(zip(zones, (*PALETTE, *[REST] * len(zones)), strict=False))
    most = max((max(mark.granted, mark.rented) for mark in marks), default=0.0) or 1.0
    traces: list[Trace] = []
    titles: list[dict[str, Any]] = []
    for number, frame in enumerate(frames):
        on = {"xaxis": f"x{number + 1 if number else ''}", "yaxis": f"y{number + 1 if number else ''}"}
        traces += [{**trace, **on} for trace in land(frame)]
        for mark in sorted(drawn_in[frame], key=lambda mark: -max(mark.granted, mark.rented)):
            name = book[mark.zone].name if mark.zone in book else mark.zone
            first = all(trace.get("legendgroup") != mark.zone for trace in traces)
            traces += [{**trace, **on} for trace in _drawn(mark, most, colours[mark.zone], name, first, call, say)]
        sizes: dict[tuple[str, Point], float] = {}
        for mark in drawn_in[frame]:
            key = mark.location.place, _point(mark.location)
            sizes[key] = max(sizes.get(key, 0.0), _diameter(max(mark.granted, mark.rented), most))
        shown = [(*key, size) for key, size in sizes.items()]
        titles += label(frame, shown, number, say(frame.title))
    return Figure(
        "sites",
        _title(standing, say, call),
        say("A map of {count} places at which sites lie: circles as large as the power granted, filled by the part that the plan draws.", count=sum(map(len, drawn_in.values()))),
        traces,
        layout(
            annotations=titles, showlegend=True, legend=legend_below(-0.03), margin={"l": 8, "r": 8, "t": 26, "b": 60},
            **axes(frames),
        ),
        Table.of([_record(each, say) for each in standing], COLUMNS),
        note=_note(standing, say, call),
        height=HEIGHT,
    )  # fmt: skip


def _standing(plan: PlanRecord) -> Iterator[Standing]:
    owned, rented = list(at_the_meter(plan, rented=False)), list(at_the_meter(plan, rented=True))
    for site in plan.case.sites.values():
        mine = [row for row in owned if row["site"] == site.id]
        let = max((row["power_mw"] for row in rented if row["site"] == site.id), default=0.0)
        peak = max(reversed(mine), key=lambda row: row["power_mw"], default=None)
        if peak is None:
            yield Standing(site.id, site.legal_zone, site.location, "", None, 0.0, let)
        else:
            yield Standing(
                site.id, site.legal_zone, site.location, peak["period"], peak["granted_mw"], peak["power_mw"], let
            )


def _marks(standing: Sequence[Standing]) -> Iterator[Mark]:
    together: dict[tuple[float, float, str], list[Standing]] = {}
    for each in standing:
        if each.location is not None:
            key = each.location.latitude_deg, each.location.longitude_deg, each.zone
            together.setdefault(key, []).append(each)
    for (_, _, zone), here in together.items():
        location = here[0].location
        assert location is not None
        yield Mark(
            location, zone, tuple(each.site for each in here), sum(each.granted or 0.0 for each in here),
            sum(each.drawn for each in here), sum(each.rented for each in here),
        )  # fmt: skip


def _point(location: Location) -> Point:
    return Point(location.longitude_deg, location.latitude_deg)


def _frame_of(location: Location) -> Frame | None:
    """The first frame, the closest, in which it lies."""
    return next((frame for frame in FRAMES if frame.holds(_point(location))), None)


def _diameter(mw: float, most: float) -> float:
    return max(SMALLEST, LARGEST * sqrt(mw / most))


def _drawn(mark: Mark, most: float, colour: str, zone: str, first: bool, call: Any, say: Language) -> Iterator[Trace]:
    """What is granted as an outline, what is drawn of it as a disc within."""
    bought = mark.granted > 0
    whole = mark.granted if bought else mark.rented
    part = mark.drawn if bought else mark.rented
    at = {"x": [mark.location.longitude_deg], "y": [mark.location.latitude_deg]}
    amounts = [say("{drawn} of {granted} MW drawn", drawn=f"{mark.drawn:.3g}", granted=f"{mark.granted:.3g}")] if bought else []  # fmt: skip
    amounts += [say("{rented} MW rented", rented=f"{mark.rented:.3g}")] if mark.rented or not bought else []
    size, symbol = _diameter(whole, most), "circle" if bought else "diamond"
    yield {
        "type": "scatter", "mode": "markers", "name": zone, "legendgroup": mark.zone, "showlegend": first, **at,
        "marker": {"symbol": symbol, "size": size, "color": "rgba(255,255,255,0.75)", "line": {"color": colour, "width": 2}},
        "hovertemplate": "<br>".join([f"<b>{mark.location.place}</b>", *(call(site) for site in mark.sites), *amounts]) + "<extra></extra>",
    }  # fmt: skip
    if part > 0:
        yield {
            "type": "scatter", "mode": "markers", "legendgroup": mark.zone, "showlegend": False, "hoverinfo": "skip", **at,
            "marker": {"symbol": symbol, "size": max(3.0, size * sqrt(min(1.0, part / whole))), "color": colour, "line": {"color": INK, "width": 0}},
        }  # fmt: skip


def _title(standing: Sequence[Standing], say: Language, call: Any) -> str:
    granted = [each for each in standing if each.granted]
    used = [each for each in granted if each.drawn > 0]
    rented = [each for each in standing if each.rented > 0]
    if used:
        most = max(used, key=lambda each: each.drawn)
        if len(granted) == 1:
            return say("{site} draws {drawn} of {granted} MW at most.", site=call(most.site), drawn=f"{most.drawn:.3g}", granted=f"{most.granted:.3g}")  # fmt: skip
        return say(
            "{site} draws the most power, {drawn} of {granted} MW; {used} of {all} sites that the plan may fill are used.",
            site=call(most.site), drawn=f"{most.drawn:.3g}", granted=f"{most.granted:.3g}", all=len(granted), used=len(used),
        )  # fmt: skip
    if rented:
        most = max(rented, key=lambda each: each.rented)
        return say("Nothing bought stands at any site; most is rented at {site}, {rented} MW at the meter.", site=call(most.site), rented=f"{most.rented:.3g}")  # fmt: skip
    return say("Nothing stands at any of {count} sites.", count=len(standing))


def _note(standing: Sequence[Standing], say: Language, call: Any) -> str:
    words = [say("Area of a circle: power granted; its filled part: power drawn when the most is. Diamonds: places that only let devices, as large as the power of what is rented. Sites of one place and zone are one mark; coordinates are those of the place named, not of a hall.")]  # fmt: skip
    beyond = [
        f"{call(each.site)} ({each.location.place})"
        for each in standing
        if each.location and _frame_of(each.location) is None
    ]
    unknown = [call(each.site) for each in standing if each.location is None]
    if beyond:
        words.append(say("Beyond the map: {sites}.", sites=say.listed(beyond, len(beyond))))
    if unknown:
        words.append(say("Without one place, or without coordinates that could be cited: {sites}.", sites=say.listed(unknown, len(unknown))))  # fmt: skip
    return " ".join([*words, say("Outlines: Natural Earth, simplified.")])


def _record(each: Standing, say: Language) -> dict[str, Any]:
    where = each.location
    return {
        "site": each.site, "place": where.place if where else None, "zone": each.zone, "period": each.period or None,
        "granted_mw": each.granted, "drawn_mw": each.drawn if each.granted is not None else None, "rented_mw": each.rented,
        "latitude_deg": where.latitude_deg if where else None, "longitude_deg": where.longitude_deg if where else None,
        "confidence": say(where.confidence) if where else None, "source": where.source if where else None,
    }  # fmt: skip
