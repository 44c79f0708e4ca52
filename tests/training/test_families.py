"""What a budget trains: the largest model of each family, its tokens, and why nothing."""

from __future__ import annotations

from datetime import date

import pytest

from planner.errors import InvalidInput
from planner.report.tables import text
from planner.report.train_families import families_screen
from planner.training.families import families, family_of, largest_of_each, obstacles
from planner.training.no_decoder import check_decoder, kind_of
from planner.training.train_time import question, train_time

START = date(2026, 11, 21)


def posed(**changes):
    return question(**{"tokens_b": 1, "params_b": 7, "budget_hkd": 2e6, "site": "aisc", "start": START} | changes)


def test_a_family_is_the_name_before_the_first_figure() -> None:
    names = ("Llama-3.1-70B", "llama2-7b", "gpt-oss-120b", "qwen3-235b-a22b", "deepseek-v3")
    assert [family_of(name) for name in names] == ["llama", "llama", "gpt-oss", "qwen", "deepseek"]
    of = families(None, None)
    assert not {"mc", "mxt", "gpt"} & set(of)
    assert of["qwen"][0].name == "qwen3-coder-480b"


@pytest.mark.slow
def test_tokens_devices_and_money_of_the_largest_agree() -> None:
    asked = posed(by=date(2027, 9, 30))
    found = {each.family: each for each in largest_of_each(asked, (), families(None, None), None)}
    best = found["qwen"]
    assert best.tokens_per_parameter >= 20
    assert best.count % 8 == 0
    assert best.finish <= date(2027, 9, 30)
    assert best.cost_hkd.p50 <= 2e6
    told = train_time(model=best.model, tokens_b=best.tokens_b, count=best.count, start=START, site="aisc")
    same = next(entry for entry in told if entry.option == best.option)
    assert (same.days.p50, same.cost_hkd.p50) == pytest.approx((best.days.p50, best.cost_hkd.p50))


@pytest.mark.slow
def test_before_anything_is_ready_nothing_is_trained_and_the_first_day_is_told() -> None:
    asked = posed(by=date(2027, 3, 1))
    assert largest_of_each(asked, (), families(None, None), None) == []
    page = text(families_screen([], asked, obstacles(asked, ()), named=False))
    assert "  - aisc_h800_rental: ready on 2027-03-23 at the earliest" in page
    assert "  - aisc_h800_rental_aiss: ready on 2027-07-07 at the earliest" in page


def test_what_stands_in_the_way_is_told_of_each_option() -> None:
    assert obstacles(posed(count=5000), ())["aisc_h800_rental"] == "only 606 devices are on offer at a time"
    assert obstacles(posed(budget_hkd=100), ())["aisc_h800_rental"].startswith("dearer than the budget")
    assert "is not published" in obstacles(posed(site=None), ("amd_mi308x",))["mi308x_licensed"]


def test_the_page_names_one_option_once() -> None:
    asked = posed(by=date(2027, 9, 30), method="lora")
    found = largest_of_each(asked, (), families(asked.shape, 2048), 16)
    page = text(families_screen(found, asked, {}, named=True))
    assert page.count("aisc_h800_rental") == 1
    assert found[0].count == 16


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("whisper-large-v3", "a speech model"), ("ResNet-50", "a vision model"), ("BERT-large", "a text encoder"),
        ("Stable Diffusion XL", "a diffusion model"), ("DLRM-v2", "a recommender"), ("t5-11b", "an encoder and decoder"),
        ("qwen2-vl-7b", "a model of text and pictures"),
    ],
)  # fmt: skip
def test_what_is_no_text_decoder_is_refused_in_those_words(name: str, kind: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} is {kind}, and train-time reckons text decoders alone"):
        question(model=name, tokens_b=1)


def test_no_model_of_the_catalogue_is_taken_for_something_else() -> None:
    for shapes in families(None, None).values():
        for shape in shapes:
            assert kind_of(shape.name) is None
            check_decoder(shape.name)
