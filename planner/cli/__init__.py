"""The command line: one verb a file, no logic. Results go to stdout, everything else to stderr.

Exit: 0 fine · 1 our fault · 2 usage · 3 invalid input · 4 infeasible · 5 solver failed or ran out of time.
"""

from __future__ import annotations

import gc
import os
import sys

OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""A call makes a million small objects and keeps most to its end; looking for garbage after every 700 takes a tenth of its time."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    from planner.cli.run import INTERRUPTED, run

    code = run(sys.argv[1:])
    if code == INTERRUPTED:
        # A solver may still be at work in its thread, and an orderly end would wait for it.
        sys.stdout.flush()
        os._exit(code)
    # What is left dies with the process; Python would go through all of it once more.
    gc.freeze()
    sys.exit(code)
