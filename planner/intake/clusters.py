"""The public clusters of `data/public_clusters.csv`."""

from __future__ import annotations

from functools import cache

from planner.domain.cluster import Cluster
from planner.intake.csv_table import parse_table
from planner.intake.source import data_path, read_source

FILE = "public_clusters.csv"


@cache
def clusters() -> tuple[Cluster, ...]:
    """All of them, in the order of the file."""
    return parse_table(read_source(data_path(FILE)), Cluster, key=("name",))


def months_of_peers() -> tuple[float, ...]:
    """Months from award to service of those that serve, the fastest first."""
    return tuple(sorted(each.months for each in clusters() if each.status == "in_service" and each.months is not None))
