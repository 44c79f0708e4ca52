"""Files become domain objects here: strict YAML and CSV, the catalogue, and every problem at once."""

from planner.intake.read import Inputs, data_as_of, inputs_sha256, read_case, read_inputs

__all__ = ["Inputs", "data_as_of", "inputs_sha256", "read_case", "read_inputs"]
