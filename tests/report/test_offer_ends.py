"""Which offers end inside the horizon, and by whose word."""

from __future__ import annotations

from tiny import DEVICE, ageless, case, offer, rental, site

from planner.report.offer_ends import offer_ends

CLOUD = site(access="rent", phases=[], destination="OTHER", legal_zone="sg", operator_parent="SG")
H100 = "nvidia_h100_sxm"


def told(**ends: str | None) -> dict[str, tuple[str | None, str]]:
    """Last period and reason by offer, where the device of the tiny case has these ends."""
    plain = case(
        offers={
            "used": offer(channel="secondary", lifetime_years=4),
            "own": offer(available_to="2027q2"),
            "rent": rental(),
        },
        sites={"cloud": CLOUD},
    )
    devices = {**ageless(), DEVICE: ageless()[DEVICE].model_copy(update=ends)}
    devices[H100] = devices[H100].model_copy(update={"last_support": "2027-09"})
    lines = offer_ends(plain.model_copy(update={"accelerators": devices}))
    return {line.offer: (line.last_period, line.because) for line in lines}


def test_every_end_is_told_with_its_reason():
    ends = told(last_order="2026-11", last_support="2031-03", life_basis="press")
    assert ends == {
        "card": (None, "last order in 2026-11, as the press says"),
        "used": ("2027q1", "support ends in 2031-03, and it serves for 4 years"),
        "own": ("2027q2", "on offer to 2027q2"),
        "rent": ("2027q3", "support ends in 2027-09"),
    }
    assert list(ends) == ["card", "used", "own", "rent"]


def test_a_cycle_is_told_with_its_range():
    ends = told(last_order="2027-05", life_basis="cycle")
    assert ends["card"] == ("2027q2", "last order in 2027-05, by its maker's cycle of 2 to 3 years")


def test_what_lasts_longer_than_the_plan_is_not_told():
    assert told().keys() == {"own", "rent"}
