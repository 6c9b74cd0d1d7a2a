"""Finite-element multiphysics for semiconductor packages, from a study file to fields, topographs and films."""

import importlib.util as _util
import logging as _logging

# The binary wheel carries its own PETSc and must be loaded before DOLFINx; a conda or Spack DOLFINx has none.
if _util.find_spec("dolfinx_solver") is not None:
    import dolfinx_solver  # noqa: F401

_logging.getLogger(__name__).addHandler(_logging.NullHandler())  # silent unless somebody listens

__version__ = "0.1.0"
