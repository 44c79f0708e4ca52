"""The map of sites: marks where the catalogue says, as large as the power granted, and in words what cannot be drawn."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import pytest

from planner.domain.site import Location
from planner.errors import UsageError
from planner.figures import figure
from planner.figures.figure import Figure
from planner.figures.map_frames import FRAMES, Point, label, land
from planner.figures.narrow import narrow
from planner.figures.sites import LARGEST
from planner.intake.catalogue import sites as catalogued
from planner.plan.record import PlanRecord

FANLING = Location(place="Fanling", latitude_deg=22.4949, longitude_deg=114.1395)
SINGAPORE = Location(place="Singapore", latitude_deg=1.2897, longitude_deg=103.8501)
FAR = Location(place="Far", latitude_deg=50.0, longitude_deg=8.7)


def placed(plan: PlanRecord, **locations: Location) -> PlanRecord:
    sites = {key: site.model_copy(update={"location": locations.get(key)}) for key, site in plan.case.sites.items()}
    return replace(plan, case=plan.case.model_copy(update={"sites": sites}))


def marks(drawn: Figure) -> list[dict[str, Any]]:
    return [trace for trace in drawn.traces if trace["mode"] == "markers"]


def test_a_circle_is_filled_by_the_share_that_is_drawn_and_a_diamond_is_what_is_rented(plan: PlanRecord) -> None:
    drawn = figure(placed(plan, hall=FANLING, cloud=SINGAPORE), "sites")
    hall, within, cloud, let = marks(drawn)
    row = dict(zip(drawn.table.columns, drawn.table.rows[0], strict=True))
    assert (hall["marker"]["symbol"], cloud["marker"]["symbol"]) == ("circle", "diamond")
    assert (hall["x"], hall["y"], hall["xaxis"]) == ([114.1395], [22.4949], "x")
    assert (cloud["x"], cloud["xaxis"]) == ([103.8501], "x2")
    assert within["marker"]["size"] == pytest.approx(hall["marker"]["size"] * sqrt(row["drawn_mw"] / row["granted_mw"]))
    assert max(hall["marker"]["size"], cloud["marker"]["size"]) == LARGEST
    assert let["marker"]["size"] == cloud["marker"]["size"]
    assert drawn.title == "Hall draws 0.006 of 0.006 MW at most."


def test_sites_of_one_place_and_zone_are_one_mark(plan: PlanRecord) -> None:
    one = figure(placed(plan, hall=FANLING, cloud=FANLING), "sites")
    assert len([trace for trace in marks(one) if "hovertemplate" in trace]) == 2  # zones differ
    zone = plan.case.sites["hall"].legal_zone
    cloud = plan.case.sites["cloud"].model_copy(update={"legal_zone": zone})
    same = replace(plan, case=plan.case.model_copy(update={"sites": {**plan.case.sites, "cloud": cloud}}))
    assert len([trace for trace in marks(figure(placed(same, hall=FANLING, cloud=FANLING), "sites")) if "hovertemplate" in trace]) == 1  # fmt: skip


def test_what_is_not_drawn_is_named(plan: PlanRecord) -> None:
    note = figure(placed(plan, hall=FANLING), "sites").note
    assert "without coordinates that could be cited: Cloud." in note
    assert "Beyond the map: Cloud (Far)." in figure(placed(plan, hall=FANLING, cloud=FAR), "sites").note
    with pytest.raises(UsageError, match="nothing that the figure 'sites' could show"):
        figure(placed(plan), "sites")


def test_a_frame_in_which_nothing_lies_is_left_out(plan: PlanRecord) -> None:
    assert "xaxis2" not in figure(placed(plan, hall=FANLING), "sites").layout
    alone = figure(placed(plan, cloud=SINGAPORE), "sites").layout
    assert (alone["xaxis"]["range"], alone["xaxis"]["constrain"]) == ([98.0, 146.0], "domain")


def test_a_narrow_page_has_the_panels_one_below_another(plan: PlanRecord) -> None:
    drawn = figure(placed(plan, hall=FANLING, cloud=SINGAPORE), "sites")
    own = narrow(drawn)["layout"]
    assert own["height"] > 1.6 * drawn.height
    assert own["xaxis"]["domain"] == own["xaxis2"]["domain"] == [0.0, 1.0]
    assert own["yaxis"]["domain"][0] > own["yaxis2"]["domain"][1]


def test_names_keep_clear_of_marks_and_of_one_another() -> None:
    near = FRAMES[0]
    points = [("One", Point(114.1, 22.4), 20.0), ("Two", Point(114.13, 22.4), 20.0), ("Edge", Point(114.44, 22.3), 8.0)]
    title, one, two, edge = label(near, points, 0, "Title")
    assert title["text"] == "<b>Title</b>"
    assert (one["xanchor"], two["xanchor"], edge["xanchor"]) == ("right", "left", "right")


def test_outlines_are_rings_around_their_frame() -> None:
    for frame in FRAMES:
        for trace in land(frame):
            assert trace["x"].count(None) == trace["y"].count(None) > 0
            assert len(trace["x"]) == len(trace["y"])
            east = [x for x in trace["x"] if x is not None]
            assert min(east) < frame.east
            assert max(east) > frame.west


def test_every_coordinate_of_the_catalogue_is_cited_and_lies_in_its_country() -> None:
    there = {key: site.location for key, site in catalogued().items() if site.location}
    assert len(there) == 15
    for key, location in there.items():
        assert location.source, key
        assert location.as_of, key
    for key, site in catalogued().items():
        if site.location and site.destination == "HK":
            assert 22.15 < site.location.latitude_deg < 22.57, key
            assert 113.83 < site.location.longitude_deg < 114.45, key
