"""The example of five bids gives what it gave, and its README tells what comes out."""

import json
import sys

import pytest
from example_runs import EXAMPLES

from planner.report.compare_words import recommendation
from planner.study.compare.compare import compare

FOLDER = EXAMPLES / "midscale_grant"
KEPT = FOLDER / "expected" / "comparison.json"


def kept(answer):
    """What a change must not change unseen: ranks, costs, work and flags."""
    return {
        "recommendation": recommendation(answer),
        "options": {
            option.option: {
                "rank": option.rank,
                "npv_cost_hkd": option.npv_cost_hkd,
                "net_value_hkd": option.net_value_hkd,
                "effective_pflops": option.effective_pflops,
                "regret_hkd": option.regret_hkd,
                "flags": [check.subject for check in option.checks if check.agrees is False],
                "excluded": bool(option.excluded_by),
            }
            for option in answer.options
        },
    }


@pytest.fixture(scope="module")
def answer():
    return compare(FOLDER / "options.yaml")


@pytest.mark.slow
def test_the_example_gives_what_it_gave(answer):
    wanted, given = json.loads(KEPT.read_text()), kept(answer)
    assert given["recommendation"] == wanted["recommendation"]
    for name, record in wanted["options"].items():
        for field, value in record.items():
            shown = given["options"][name][field]
            assert shown == (pytest.approx(value, rel=1e-6, abs=1) if isinstance(value, float) else value), (
                name,
                field,
            )


@pytest.mark.slow
def test_the_readme_tells_it(answer):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rental, mixed, cards = (answer.option(name) for name in ("gba_rental", "mixed", "rtx_cluster"))
    assert (rental.rank, mixed.rank, answer.option("supernode_colocation").rank) == (1, 2, 3)
    assert f"HKD {(mixed.net_value_hkd - rental.net_value_hkd) / 1e6:.0f} million more" in text
    assert f"{answer.option('h200_licensed').months_to_service:.0f} months after the award" in text
    peak = next(check for check in cards.checks if check.subject == "computing power")
    assert f"{peak.claim:,.0f} PFLOP/s is their peak in FP8, of which {peak.recomputed:.0f} are left" in text
    grow = next(switch for switch in answer.switches if (switch.moved, switch.of) == ("weight", "expansion"))
    assert f"from {grow.at:.0f} % of the weight on" in text
    assert [each.option for each in answer.portfolio.taken] == ["mixed"]
    wide = compare(FOLDER / "options.yaml", grant_hkd=1.1e9)
    assert [each.option for each in wide.portfolio.taken] == ["mixed"]


if __name__ == "__main__":
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept(compare(FOLDER / "options.yaml")), indent=2) + "\n")
    sys.exit()
