"""The command line: one verb a file, no logic. Results go to stdout, everything else to stderr.

Exit: 0 fine · 1 our fault · 2 usage · 3 invalid input · 4 infeasible · 5 solver failed or ran out of time.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from planner.cli.run import run

    sys.exit(run(sys.argv[1:]))
