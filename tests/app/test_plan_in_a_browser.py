"""The plan's page in a real Chromium: a slider shows what the library plans, a pin what differs, a link the same again."""

from __future__ import annotations

from typing import Any

import pytest
from page_server import net

pytestmark = pytest.mark.long


def answered(page: Any, after: str) -> None:
    """Wait until the page shows another answer than the one of that text."""
    page.wait_for_function("old => document.querySelector('#kpi-net')?.innerText !== old", arg=after)


def test_a_slider_shows_what_the_library_plans(visit: Any) -> None:
    visitor = visit()
    page = visitor.open()
    before = page.locator("#kpi-net").inner_text()
    assert before == net({})
    slider = page.get_by_role("slider", name="Power of all sites, %")
    slider.focus()
    page.keyboard.press("ArrowRight")
    answered(page, before)
    assert page.locator("#kpi-net").inner_text() == net({"sites.*.power_mw": "*1.05"})
    assert "power=105" in page.url


def test_a_pin_shows_what_differs_and_a_link_the_same_again(visit: Any) -> None:
    visitor = visit()
    page = visitor.open()
    page.get_by_role("button", name="Pin as baseline").click()
    page.wait_for_selector("#change-net")
    before = page.locator("#kpi-net").inner_text()
    page.get_by_role("spinbutton", name="Power of all sites, %").fill("200")
    page.keyboard.press("Enter")
    answered(page, before)
    shown = page.locator(".facts").inner_text()
    assert page.locator("#change-net").inner_text().startswith(("+HKD", "-HKD"))
    again = visit()
    other = again.open(page.url.removeprefix(again.address))
    other.wait_for_selector("#change-net")
    assert other.locator(".facts").inner_text() == shown
    visitor.keep("app_plan_pinned")


def test_numbers_of_a_figure_are_fetched_when_they_are_opened(visit: Any) -> None:
    page = visit().open()
    figure = page.locator("#figure-capacity")
    figure.get_by_text("The numbers of this figure").click()
    figure.locator("table").wait_for()
    assert "2027q1" in figure.locator("table").inner_text()


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_it_fits_every_width(visit: Any, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.open()
    page.wait_for_selector("#figure-power .main-svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    visitor.keep(f"app_plan_{width}")


@pytest.mark.parametrize("lang", ["en", "zh-Hant-HK"])
def test_it_has_languages_and_a_dark_side(visit: Any, lang: str) -> None:
    visitor = visit(color_scheme="dark")
    page = visitor.open(f"plan?lang={lang}")
    assert page.locator(".whole.dark").get_attribute("lang") == lang
    assert page.evaluate("getComputedStyle(document.querySelector('figure')).backgroundColor") == "rgb(22, 27, 34)"
    visitor.keep(f"app_plan_dark_{lang}")


def test_every_control_has_a_name(visit: Any) -> None:
    page = visit().open()
    tree = page.locator("main").aria_snapshot()
    for role in ("slider", "spinbutton", "button", "figure"):
        lines = [line.strip() for line in tree.splitlines() if line.strip().startswith(f"- {role}")]
        assert lines, role
        assert all('"' in line or "'" in line for line in lines), lines


def test_two_visitors_do_not_see_each_other(visit: Any) -> None:
    one, other = visit(), visit()
    first, second = one.open(), other.open()
    before = first.locator("#kpi-net").inner_text()
    first.get_by_role("spinbutton", name="Power of all sites, %").fill("150")
    first.keyboard.press("Enter")
    answered(first, before)
    assert second.locator("#kpi-net").inner_text() == before
    assert "power" not in second.url
