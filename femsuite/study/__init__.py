"""The study file: its models, how it is read and checked, its complete form and its JSON Schema."""

from femsuite.study.load import load
from femsuite.study.model import Study
from femsuite.study.resolve import resolved_text
from femsuite.study.stages import Point

__all__ = ["Point", "Study", "load", "resolved_text"]
