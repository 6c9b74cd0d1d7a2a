"""Finite-element multiphysics for semiconductor packages, from a study file to fields, topographs and films."""

import importlib.util as _util

# The binary wheel carries its own PETSc and must be loaded before DOLFINx; a conda or Spack DOLFINx has none.
if _util.find_spec("dolfinx_solver") is not None:
    import dolfinx_solver  # noqa: F401

__version__ = "0.1.0"
