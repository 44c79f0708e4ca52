"""Measurements of speed and accuracy, each beside those of peers, and the refit of fitted data."""

import os

# The fits are many small products: threads of the linear algebra wait for one another longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
