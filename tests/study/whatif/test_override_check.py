"""A typo in an override that waits for its day is found by `planner check`."""

from pathlib import Path

import yaml
from tiny import case

from planner.cli.run import run
from planner.study.whatif.variant import kept_overrides

EXAMPLE = Path(__file__).parents[3] / "examples" / "1_power_limit" / "case.yaml"


def test_kept_overrides_are_checked_where_they_stand():
    wrong = case(
        variants={
            "late": {"set": {"sites.hal.pue": 1.2}, "scenario": "tightning"},
            "fine": {"set": {"sites.hall.pue": 1.2}},
        },
        scenarios=[{"id": "calm", "probability": 1, "set": {"budget_hkd": "much"}}],
    )
    assert [str(problem) for problem in kept_overrides(wrong)] == [
        "variant late: sites.hal.pue: 'hal' is no entry of sites. Did you mean 'hall'?",
        "variant late: there is no scenario 'tightning'. Did you mean 'tightening'?",
        "scenario calm: budget_hkd=much: 'budget_hkd' is 'much', not a number. Write the number only.",
    ]


def test_check_tells_of_them(tmp_path, capsys):
    content = yaml.safe_load(EXAMPLE.read_text())
    file = tmp_path / "case.yaml"
    file.write_text(yaml.safe_dump(content | {"variants": {"late": {"set": {"sitez.x.pue": 1}}}}))
    assert run(["check", str(file)]) == 3
    told = capsys.readouterr().err
    assert f"{file}: variant late: sitez.x.pue: 'sitez' is no field of the case. Did you mean 'sites'?" in told
