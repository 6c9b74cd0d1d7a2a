"""Loads h5py so that it uses its own HDF5 library.

DOLFINx with PETSc brings an HDF5 of another version into the process. Loaded after ``dolfinx.fem.petsc`` in the usual
way, h5py binds to that one and fails with "Not a datatype". With ``RTLD_DEEPBIND`` (dlopen(3), glibc) a library looks
into what it was linked against first, whatever was loaded before.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from typing import Any


@functools.cache
def h5py() -> Any:
    """Return the h5py module."""
    before = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        return importlib.import_module("h5py")
    finally:
        sys.setdlopenflags(before)
