"""Materials: files with provenance, curves over temperature, orientation, and coefficients at quadrature points."""

from femsuite.material.catalogue import KINDS, STATUSES
from femsuite.material.file import load, names, read
from femsuite.material.material import Material, ParameterSet
from femsuite.material.orientation import Orientation
from femsuite.material.property import Property

__all__ = ["KINDS", "STATUSES", "Material", "Orientation", "ParameterSet", "Property", "load", "names", "read"]
