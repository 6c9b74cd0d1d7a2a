"""What a geometry file may use: the gmsh session with names, parameters with provenance, size fields."""

from femsuite.geometry.files import GeometryFile, load_geometry
from femsuite.geometry.model import Face, Model, NamedModel, in_mm, um
from femsuite.geometry.parameters import GeometryParameters, estimated_length, parameter, read_parameters
from femsuite.geometry.shapes import Shape

__all__ = [
    "Face",
    "GeometryFile",
    "GeometryParameters",
    "Model",
    "NamedModel",
    "Shape",
    "estimated_length",
    "in_mm",
    "load_geometry",
    "parameter",
    "read_parameters",
    "um",
]
