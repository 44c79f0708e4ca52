"""What law and the performance model have answered the audit of a case: answers that hold for a case much like it too."""

from __future__ import annotations

from dataclasses import dataclass

from planner.audit.law import Lawyer
from planner.audit.speeds import Rates
from planner.domain.case import Case


@dataclass(frozen=True)
class Known:
    """Whom the audit of a case asks; every question is put to them once."""

    law: Lawyer
    rates: Rates

    def of(self, case: Case) -> Known:
        """The same for another case, without the answers that hang on what differs between the two."""
        return Known(self.law.of(case), self.rates.of(case))


def nothing_known(case: Case) -> Known:
    """Before anything is asked about a case."""
    return Known(Lawyer(case), Rates(case))
