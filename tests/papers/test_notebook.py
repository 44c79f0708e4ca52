"""A plan shows itself in a notebook."""

from __future__ import annotations

import pytest

from planner.errors import UsageError
from planner.plan.plan import Plan, make_plan
from tests.report.small import small


@pytest.fixture(scope="module")
def made() -> Plan:
    return make_plan(small(title="<b>small</b>"))


def test_it_tells_what_it_costs_and_orders_without_a_script(made: Plan) -> None:
    shown = made._repr_html_()
    assert "&lt;b&gt;small&lt;/b&gt;" in shown
    assert "HKD 455 k" in shown
    assert '<th scope="row" class="d">2027-01-01</th>' in shown
    assert "<script" not in shown


def test_it_draws_a_figure_by_name(made: Plan) -> None:
    assert made.figure("fleet").data[0].type == "bar"
    with pytest.raises(UsageError, match="Did you mean fleet"):
        made.figure("fleat")
