"""The command line: one verb a file, no logic. Results go to stdout, everything else to stderr.

Exit: 0 fine · 1 our fault · 2 usage · 3 invalid input · 4 infeasible · 5 solver failed or ran out of time.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

from planner.collector import OBJECTS_BETWEEN_COLLECTIONS


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # numpy's linear algebra begins with threads that spin: more than all else that loading numpy takes, and we multiply few matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Asked to end by a service or a scheduler, we end as for Ctrl-C: workers with us, what is finished kept.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from planner.cli.run import INTERRUPTED, run

    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # A second one, while the first was being dealt with.
        code = INTERRUPTED
    if code == INTERRUPTED:
        _leave(code)
    # What is left dies with the process; Python would go through all of it once more.
    gc.freeze()
    sys.exit(code)


def _leave(code: int) -> None:
    """End at once: a solver may still be at work in its thread, and an orderly end would wait for it.

    Worker processes would outlive that: joblib ends them when it is interrupted, but not when that is interrupted too.
    """
    from multiprocessing import active_children

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for worker in active_children():
        worker.terminate()
    if sys.stdout is not None:
        sys.stdout.flush()
    os._exit(code)
