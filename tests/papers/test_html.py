"""A paper in HTML: what stands in it, and that it asks nothing of the net and trusts no text."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from planner.figures.figure import Figure
from planner.papers.html import html
from planner.papers.paper import Paper, Section, Sources, paper_of, paper_of_tables
from planner.report.tables import Heading, Table

EVIL = "</script><img src=x onerror=alert(1)>"
FIGURE = Figure("one", f"Finds {EVIL}", "Shows", [{"type": "bar", "x": [EVIL], "y": [1]}], {}, Table.of([{"hkd": 1.5}]))


def body(page: str) -> list[str]:
    return [line for line in page[page.index("<main>") :].splitlines()[1:] if line]


def test_a_page_of_words() -> None:
    table = Table("Ways", ("way", "HKD"), [("abroad", ""), ("  one", "1.2 M")])
    page = html(paper_of([Heading("A <b>"), "First.", "", table, Heading("Why"), "  - one", "  - two"]))
    assert "<h1>A &lt;b&gt;</h1>" in page
    assert body(page)[:11] == [
        "<section>",
        "<p>First.</p>",
        '<div class="scroll" tabindex="0"><table class="short">',
        "<caption>Ways</caption>",
        '<thead><tr><th scope="col">way</th><th scope="col" class="n">HKD</th></tr></thead>',
        "<tbody>",
        '<tr><th scope="colgroup" colspan="2">abroad</th></tr>',
        '<tr><th scope="row">  one</th><td class="n">1.2 M</td></tr>',
        "</tbody></table></div>",
        "<h2>Why</h2>",
        "<ul><li>one</li><li>two</li></ul>",
    ]


def test_tables_of_records_are_headed_by_words_and_unit() -> None:
    page = html(paper_of_tables([Table("Halls", ("id", "power_mw"), [("a&b", 1234.5), ("c\nd", None)], "one\ntwo")]))
    assert "<title>Halls</title>" in page
    assert '<th scope="col" class="n">power (MW)</th>' in page
    assert '<tr><th scope="row">a&amp;b</th><td class="n">1,234</td></tr>' in page
    assert '<tr><th scope="row">c<br>d</th><td class="n">–</td></tr>' in page
    assert '<p class="note">one<br>two</p>' in page


def test_no_text_of_a_case_becomes_markup() -> None:
    page = html(Paper(EVIL, [Section(EVIL, [EVIL, FIGURE])], lead=EVIL, facts=[(EVIL, EVIL)], sources=[EVIL]))
    assert "<img" not in page
    assert page.count("</script>") == 3


def test_a_page_runs_its_own_scripts_and_fetches_nothing() -> None:
    page = html(Paper("A", [Section("B", [FIGURE])]))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline'; img-src" in policy[1]
    own = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in own]
    assert all(f"'sha256-{digest}'" in policy[1] for digest in digests)
    assert not re.search(r'(src|href)="(?!#)', page)
    assert html(Paper("A", [Section("B", ["no figure"])])).count("<script") == 0


def test_a_figure_is_told_to_eyes_and_ears_and_sends_nothing() -> None:
    page = html(Paper("A", [Section("B", [FIGURE])]))
    assert 'role="img" aria-label="Shows"' in page
    assert "<summary>The numbers of this figure</summary>" in page
    assert '<th scope="row" class="n">1.5</th>' in page
    specs = json.loads(re.search(r'id="figures">(.*?)</script>', page)[1])  # type: ignore[index]
    assert specs["config"]["showSendToCloud"] is False
    assert specs["config"]["plotlyServerURL"] == ""


def test_sources_are_numbered_once_and_linked() -> None:
    sources = Sources()
    words = f"One{sources.mark('first')}, two{sources.mark('second')}, one{sources.mark('first')}{sources.mark('')}."
    assert words == "One[^1], two[^2], one[^1]."
    page = html(Paper("A", [Section("B", [words])], sources=sources.texts))
    assert page.count('<a href="#source-1"') == 2
    assert '<li id="source-2">second</li>' in page
