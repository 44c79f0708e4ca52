"""Puts the top-level data/ into the wheel as planner/_data, and into nothing else.

An editable install reads data/ where it lies; a second copy in site-packages would go stale unseen.
"""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataInWheel(BuildHookInterface):
    def initialize(self, version, build_data):
        if version != "editable":
            build_data["force_include"]["data"] = "planner/_data"
