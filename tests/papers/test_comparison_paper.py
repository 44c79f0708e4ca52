"""The paper of a comparison, from what was saved: in the order of a committee, its numbers those of the tables, in every format."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace

import pytest

from planner.cli.run import run
from planner.domain.bid import Weights
from planner.intake.options_file import read_options
from planner.papers.comparison_paper import comparison_paper
from planner.papers.writers import write
from planner.report.compare_words import recommendation
from planner.study.compare.compare import compare
from tests.study.compare.bids import bid, comparison, rental, written


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    options = {
        "cheap": bid(claim={"pflops": 23.5}, commitments=["=eight hours for schools"]),
        "dear": bid(3_600_000),
        "cloud": rental(),
    }
    asked = {**comparison(decision="Which of these?", grant_hkd=7_000_000), "options": options}
    return written(tmp_path_factory.mktemp("bids"), asked)


@pytest.fixture(scope="module")
def answer(path):
    return compare(path)


@pytest.mark.slow
def test_it_reads_in_the_order_of_a_committee(answer):
    headings = [section.heading for section in comparison_paper(answer).sections]
    assert headings == [
        "Summary", "Claims, worked out again", "Cost", "What it does", "Law and futures", "What would change the answer",
        "The best set within the grant", "Criteria and weights", "Bids and commitments", "Assumptions",
    ]  # fmt: skip


def test_markdown_tells_decision_answer_and_flags(answer):
    text = str(write(comparison_paper(answer), "markdown"))
    assert "Which of these?" in text
    assert recommendation(answer) in text
    assert "the claim is that of dense FP8" in text
    assert f"**{answer.best.name}**" in text


@pytest.mark.slow
def test_a_workbook_has_every_figure_of_every_option(answer):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(write(comparison_paper(answer), "xlsx")))
    rows = list(book["Options in full"].iter_rows(values_only=True))
    head = next(row for row in rows if row and row[0] == "option")
    by_option = {row[0]: row for row in rows if row and row[0] in {o.option for o in answer.options}}
    assert by_option["cheap"][head.index("npv_cost_hkd")] == pytest.approx(answer.option("cheap").npv_cost_hkd)
    formulas = {sheet.title for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"}
    assert formulas == {"Weights and scores"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("weights", [None, {"cost": 1.0, "months": 5.0, "law": 0.0}])
def test_a_committee_may_change_the_weights_in_the_workbook(answer, path, tmp_path, weights):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(write(comparison_paper(answer), "xlsx")))
    sheet, expected = book["Weights and scores"], answer
    if weights is not None:
        for line in sheet.iter_rows(min_row=2, max_col=2):
            if isinstance(line[1].value, int | float):
                line[1].value = weights.get(line[0].value, 0.0)
        inputs = read_options(path)
        asked = inputs.comparison.model_copy(update={"weights": Weights(set_by="us", criteria=weights)})
        expected = compare(replace(inputs, comparison=asked))
    book.save(tmp_path / "changed.xlsx")
    call = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/home",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*call, "--outdir", str(tmp_path / "out"), str(tmp_path / "changed.xlsx")], check=True, capture_output=True
    )
    found = openpyxl.load_workbook(tmp_path / "out" / "changed.xlsx", data_only=True)["Weights and scores"]
    rows = {row[0]: row for row in found.iter_rows(values_only=True)}
    for place, key in enumerate(rows["criterion"][2:], 2):
        assert rows["score"][place] == pytest.approx(expected.option(key).score)
        assert rows["rank"][place] == expected.option(key).rank


@pytest.mark.slow
def test_report_makes_of_a_saved_comparison_what_compare_makes_at_once(path, tmp_path):
    saved, once, later = (tmp_path / name for name in ("c.json", "once.html", "later.html"))
    for call in (["compare", path, "-o", saved], ["compare", path, "-o", once], ["report", saved, "-o", later]):
        assert run([str(part) for part in call]) == 0
    assert later.read_bytes() == once.read_bytes()


def test_what_is_no_comparison_is_refused(path, tmp_path, capsys):
    assert run(["report", str(path), "-o", str(tmp_path / "x.html")]) == 3
    assert "this is not JSON" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()
