"""What a plan pays, worked out anew: the facts, and every payment and value of the plan."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from planner.audit.payments import SOURCES, Payment
from planner.audit.presence import Standing


class Account(Standing):
    """All that the rules of the audit read."""

    @cached_property
    def payments(self) -> dict[str, list[Payment]]:
        """By cost: every payment and value of the plan, worked out anew."""
        by_cost: dict[str, list[Payment]] = defaultdict(list)
        for source in SOURCES:
            for payment in source(self):
                if payment.hkd:
                    by_cost[payment.cost].append(payment)
        return by_cost

    @cached_property
    def cash(self) -> list[Payment]:
        """The payments that funds must cover."""
        return [payment for payments in self.payments.values() for payment in payments if payment.cash]
