"""What happens when the catalogue itself is wrong: every problem, by the name of its record."""

import pytest

from planner.domain.accelerator import Accelerator
from planner.errors import InvalidInput
from planner.intake.catalogue import by_id, checked, raw


def test_a_stored_figure_that_does_not_follow_is_a_problem_of_its_device():
    first, second, *_ = raw("accelerators.yaml")["devices"]
    broken = [{**first, "tpp": 5000}, {**second, "performance_density": 7}]
    with pytest.raises(InvalidInput) as caught:
        checked(list[Accelerator], broken, "accelerators.yaml")
    told = [problem.what for problem in caught.value.problems]
    assert told == [
        "nvidia_a100_40gb_sxm.tpp: tpp 5000 does not follow from rates and die area, which give 4992",
        "nvidia_a100_80gb_sxm.performance_density: performance_density 7 does not follow from rates and die area, "
        "which give 6.043583535",
    ]
    assert caught.value.problems[0].file.endswith("accelerators.yaml")


def test_an_id_stands_once():
    device = Accelerator.model_validate(raw("accelerators.yaml")["devices"][0])
    with pytest.raises(InvalidInput, match="nvidia_a100_40gb_sxm stands twice"):
        by_id([device, device], "accelerators.yaml")


def test_a_missing_file_is_told():
    with pytest.raises(InvalidInput, match=r"the catalogue lacks nowhere\.yaml"):
        raw("nowhere.yaml")
