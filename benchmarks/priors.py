"""What is believed of each fitted parameter before the fit: its value, and how far the data may move it (in log).

Values come from published analyses, not from the measurements that the fit is tested on, as far as that can be: ring
exchanges and bubbles from their algebra, ceilings from best-measured matrix products, the ratio of non-CUDA to CUDA kernels
from MLPerf image and language results (0.7 to 0.85), the rest from an earlier model of the same kind. A tight spread keeps a
parameter near its physics where few sources speak of it.
"""

PRIORS = {
    "achievable": (0.5, 0.3),
    "balance": (0.1, 0.5),
    "year": (0.076, 0.3),
    "low_year": (0.05, 0.3),
    "moe_year": (0.3, 0.4),
    "untuned": (0.2, 0.05),
    "coherent_host": (0.5, 0.4),
    "cast": (0.065, 0.3),
    "rows": (208.0, 0.25),
    "width": (400.0, 0.25),
    "expert": (0.8, 0.2),
    "expert_rows": (514.0, 0.2),
    "attention": (0.51, 0.12),
    "attention_small": (0.25, 0.3),
    "unfused": (1.0, 0.4),
    "memory": (1.2, 0.2),
    "moe_memory": (1.5, 0.5),
    "tensor": (0.35, 0.4),
    "context": (0.4, 0.4),
    "expert_exchange": (0.42, 0.4),
    "pipeline": (0.3, 0.5),
    "launch": (1e-4, 0.5),
    "moe_launch": (1.6e-3, 0.7),
    "logit_imbalance": (0.28, 0.4),
    "bubble": (0.8, 0.15),
    "data_once": (0.25, 0.5),
    "data_each": (1.2, 0.3),
    "overlap": (0.7, 0.15),
    "jitter": (0.005, 0.5),
}
"""Shared parameters: (value, spread)."""

STACKS = {
    "cuda": {"matmul": 0.80, "low": 0.70, "fp4": 0.50, "experts": 1.0, "matures": True, "launches": True},
    "cann": {"matmul": 0.60, "low": 0.55, "fp4": 0.40, "experts": 1.6, "matures": True, "launches": True},
    "xla": {"matmul": 0.85, "low": 0.60, "fp4": 0.45, "experts": 1.6, "matures": False, "launches": False},
    "rocm": {"matmul": 0.75, "low": 0.62, "fp4": 0.45, "experts": 1.6, "matures": True, "launches": True},
    "synapse": {"matmul": 0.75, "low": 0.62, "fp4": 0.45, "experts": 1.6, "matures": True, "launches": True},
}
"""Stacks with measurements."""

FITTED_CEILINGS = ("matmul", "low", "fp4")
CEILING_SPREAD = 0.12
EXPERTS_SPREAD = 0.15
"""`experts` is one parameter for all stacks but CUDA: too few sources measure mixtures of experts elsewhere."""

CHIP_SPREAD = 0.04

UNMEASURED = {
    "maca": {
        "matmul": 0.62, "low": 0.50, "experts": 1.6,
        "source": "FlagPerf: C500 at 0.71 to 0.99 of the A100 and A800 utilisation",
    },
    "corex": {
        "matmul": 0.35, "low": 0.30, "experts": 1.6,
        "source": "FlagPerf: BI-150 at 0.25 to 0.44 of the A800 utilisation",
    },
    "other": {
        "matmul": 0.58, "low": 0.50, "experts": 1.6,
        "source": "no public training measurement; the usual ratio of non-CUDA to CUDA kernels, 0.7 to 0.85",
    },
}  # fmt: skip
"""Stacks whose ceiling is an estimate from ratios, not a fit. `other` stands for every stack that is not named."""
