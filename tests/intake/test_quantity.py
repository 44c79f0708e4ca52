"""Units by name, and amounts that people write."""

import pytest

from planner.intake.quantity import heading, rewrite, unit_of


@pytest.mark.parametrize(
    ("name", "unit", "head"),
    [
        ("power_mw", "MW", "power (MW)"),
        ("price_usd_per_device", "USD/device", "price (USD/device)"),
        ("rent_usd_per_device_hour", "USD/device·hour", "rent (USD/device·hour)"),
        ("unserved_hkd_per_pflops_day", "HKD/(PFLOP/s·day)", "unserved (HKD/(PFLOP/s·day))"),
        ("work_pflops_days", "PFLOP/s·days", "work (PFLOP/s·days)"),
        ("growth_per_year", "1/year", "growth (1/year)"),
        ("tokens_per_s_per_device", "1/s·device", "tokens (1/s·device)"),
        ("days", "days", "days"),
        ("hkd", "HKD", "HKD"),
        ("pue", "", "pue"),
        ("price_year", "", "price year"),
        ("fee_or_tax_pct", "%", "fee or tax (%)"),
    ],
)
def test_a_name_ends_in_its_unit(name, unit, head):
    assert unit_of(name) == unit
    assert heading(name) == head


@pytest.mark.parametrize(
    ("text", "name", "advice"),
    [
        ("9,500", "budget_hkd", "Write 9500, no separators."),
        ("1 000 000", "x", "Write 1000000, no separators."),
        ("1_000", "x", "Write 1000, no separators."),
        ("1'000", "x", "Write 1000, no separators."),
        ("1,5", "x", "Write 1.5, with a decimal point."),
        ("120 million", "budget_hkd", "Write 120000000, no words and no separators."),
        ("3.5bn", "budget_hkd", "Write 3500000000, no words and no separators."),
        ("US$3 million", "price_usd", "Write 3000000, no words and no separators."),
        ("7B", "params_b", "Write 7, no words and no separators."),
        ("700 million", "params_b", "Write 0.7, no words and no separators."),
        ("10 MW", "power_mw", "Write 10; the unit is in the name."),
        ("10 mw", "power_mw", "Write 10; the unit is in the name."),
        ("500 kW", "power_mw", "Write the number in MW, without its unit."),
        ("10 m", "lead_time_months", "Write the number in months, without its unit."),
        ("5%", "deposit_share", "Write 0.05, no percent sign."),
        ("5 %", "fee_pct", "Write 5, no percent sign."),
        ("HKD 5", "budget_hkd", "Write 5; the currency is in the name."),
        ("5 HKD", "budget_hkd", "Write 5; the currency is in the name."),
        ("12", "x", "Write 12, without quotes."),
        ("12:30", "x", "Write the number only."),
        ("about ten", "x", "Write the number only."),
        ("", "x", "Write the number only."),
    ],
)
def test_advice_is_what_to_write(text, name, advice):
    assert rewrite(text, name) == advice
