"""Every page in a real Chromium: it opens, says what the library says, and fits narrow and wide, dark and light, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from page_server import ROOT, served

import planner
from planner.app.cases import options_from_path
from planner.domain.bid import Weights
from planner.report.compare_words import recommendation
from planner.report.serve import serve_screen
from planner.study.compare.compare import compare, weighed

pytestmark = pytest.mark.long
OPTIONS = ROOT / "examples" / "midscale_grant" / "options.yaml"
WAITS = {
    "plan": "#kpi-net", "law": "#figure-law .main-svg", "train": "#figure-training_time .main-svg",
    "serve": "#serve-answer figure .main-svg", "compare": "#figure-scores .main-svg", "stress": "#stress-run",
    "catalogue": "#catalogue-answer table", "case": "#case-text",
}  # fmt: skip


@pytest.fixture(scope="module")
def futures() -> Iterator[str]:
    """A case with futures, and bids beside it."""
    with served(ROOT / "examples" / "scenarios" / "case.yaml", "--options", str(OPTIONS)) as address:
        yield address


@pytest.mark.parametrize("page", WAITS)
@pytest.mark.parametrize(("width", "rest"), [(1440, ""), (390, "?theme=dark"), (1920, "?lang=zh-Hant-HK")])
def test_it_opens_and_fits(visit: Any, futures: str, page: str, width: int, rest: str) -> None:
    visitor = visit(futures, width=width)
    opened = visitor.open(page + rest, wait=WAITS[page])
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.get_by_role("navigation").get_by_role("link").count() == len(WAITS)
    tree = opened.locator("main").aria_snapshot()
    unnamed = [
        line for line in tree.splitlines() if line.strip() in ("- textbox", "- spinbutton", "- slider", "- button")
    ]
    assert unnamed == []
    visitor.keep(f"app_{page}_{width}")


def test_law_tells_the_rule_of_a_cell(visit: Any, futures: str) -> None:
    page = visit(futures).open("law?maker=NVIDIA", wait=WAITS["law"])
    page.wait_for_timeout(500)
    box = page.locator("#figure-law .nsewdrag").first.bounding_box()
    place = box["x"] + box["width"] * 0.6, box["y"] + 10
    page.mouse.move(place[0] - 4, place[1])
    page.mouse.move(*place)
    page.wait_for_timeout(300)
    page.mouse.down()
    page.mouse.up()
    page.locator("#law-answer caption").wait_for()
    assert page.locator("#law-answer caption").inner_text().startswith("NVIDIA A100 40GB SXM4 (nvidia_a100_40gb_sxm)")
    assert "device=nvidia_a100_40gb_sxm" in page.url


def test_law_is_asked_by_keyboard_too(visit: Any, futures: str) -> None:
    page = visit(futures).open("law?device=nvidia_h20_96gb&on=2026-11-20", wait=WAITS["law"])
    page.get_by_text("us_h20_mi308_15pct").first.wait_for()
    field = page.get_by_role("textbox", name="Country in which they stand")
    field.fill("Atlantis")
    field.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert "Atlantis" in page.locator("[role=alert]").inner_text()


def test_training_is_what_the_library_says(visit: Any, futures: str) -> None:
    page = visit(futures).open(
        "train?model=llama2-13b&tokens_b=50&accelerators=huawei_ascend_910b2", wait=WAITS["train"]
    )
    best = planner.train_time("huawei_ascend_910b2", model="llama2-13b", tokens_b=50)[0]
    assert best.days is not None
    assert (
        f"{best.count:,} × {best.accelerator_name} takes"
        in page.locator("#figure-training_time figcaption").inner_text()
    )
    page.get_by_role("spinbutton", name="Tokens, billions").fill("-3")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()


def test_a_service_is_what_the_library_says(visit: Any, futures: str) -> None:
    from planner.serving.choice import serve_options
    from planner.serving.question import question

    page = visit(futures).open("serve?tokens_per_s=9000", wait=WAITS["serve"])
    asked = question(tokens_in=2000, tokens_out=500, model="Llama-3.1-70B", output_tokens_per_s=9000, tpot_ms=50)
    said = serve_screen(serve_options(asked), asked)
    shown = page.locator("#serve-answer").inner_text()
    assert all(
        " ".join(part.split()) in " ".join(shown.split()) for part in said[1:4] if isinstance(part, str) and part
    )


def test_weights_move_and_ranks_with_them(visit: Any, futures: str) -> None:
    visitor = visit(futures, accept_downloads=True)
    page = visitor.open("compare", wait=WAITS["compare"])
    before = page.locator("#figure-scores figcaption").inner_text()
    page.get_by_role("spinbutton", name="law").fill("60")
    page.keyboard.press("Enter")
    page.wait_for_function("old => document.querySelector('#figure-scores figcaption')?.innerText !== old", arg=before)
    answer = compare(OPTIONS)
    criteria = {**answer.comparison.weights.criteria, "law": 60.0}
    moved = weighed(answer, Weights(set_by="test", criteria=criteria))
    assert " ".join(recommendation(moved).split()) in " ".join(page.locator("#compare-answer").inner_text().split())
    assert "weight_law=60" in page.url


def test_options_are_brought_with_their_case(visit: Any, futures: str) -> None:
    page = visit(futures).open("compare", wait=WAITS["compare"])
    folder = OPTIONS.parent
    page.locator("input[type=file]").set_input_files([folder / "need.yaml"])
    page.locator("[role=alert]").wait_for()
    text = OPTIONS.read_text(encoding="utf-8").replace("title: ", "title: Mine, ", 1)
    files = [{"name": "options.yaml", "mimeType": "text/yaml", "buffer": text.encode()}]
    files += [
        {"name": f.name, "mimeType": "text/plain", "buffer": f.read_bytes()}
        for f in folder.iterdir()
        if f.suffix in (".csv", ".yaml") and f != OPTIONS
    ]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_text("Mine, ").first.wait_for()
    assert "options=" in page.url


def test_stress_is_carried_out_at_the_button(visit: Any, futures: str) -> None:
    visitor = visit(futures)
    page = visitor.open("stress", wait="#stress-run")
    page.get_by_role("button", name="Carry out all plans").click()
    page.wait_for_selector("#figure-regret .main-svg")
    assert "EVPI" in page.locator("#stress-answer").inner_text()
    visitor.keep("app_stress_answered")
    page.get_by_role("spinbutton", name="tightening, probability").fill("0.9")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Carry out all plans").click()
    page.locator("[role=alert]").wait_for()
    assert "add up to" in page.locator("[role=alert]").inner_text()


def test_the_catalogue_is_searched(visit: Any, futures: str) -> None:
    page = visit(futures).open("catalogue?topic=rules&search=supercomputer", wait=WAITS["catalogue"])
    heading = page.locator("#catalogue-answer h2").first.inner_text()
    assert " records of rules" in heading
    assert not heading.startswith("0 of")
    page.get_by_role("textbox", name="One record in full, by its id").fill("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert page.locator("#catalogue-answer img").count() == 0


def test_a_link_to_files_of_another_kind_is_told(visit: Any, futures: str) -> None:
    sha256 = options_from_path(OPTIONS).sha256
    page = visit(futures).open(f"plan?case={sha256}", wait="[role=alert]")
    assert "options" in page.locator("[role=alert]").inner_text()
    assert page.get_by_role("navigation").get_by_role("link").count() == len(WAITS)
