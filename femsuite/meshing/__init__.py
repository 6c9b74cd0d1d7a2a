"""gmsh model -> tagged mesh; quality, cache, import and export, contact layers.

What the room offers is imported when it is first asked for: a study is read without DOLFINx, SciPy and meshio.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from femsuite.meshing.build import from_arrays, tag_mesh
    from femsuite.meshing.contact_layer import layer_conductivity
    from femsuite.meshing.exchange import export
    from femsuite.meshing.mesh import build_mesh
    from femsuite.meshing.options import MeshOptions
    from femsuite.meshing.tagged import TaggedMesh, interface_name, select_names

_PLACES = {
    "MeshOptions": "options",
    "TaggedMesh": "tagged",
    "build_mesh": "mesh",
    "export": "exchange",
    "from_arrays": "build",
    "interface_name": "tagged",
    "layer_conductivity": "contact_layer",
    "select_names": "tagged",
    "tag_mesh": "build",
}

__all__ = [
    "MeshOptions",
    "TaggedMesh",
    "build_mesh",
    "export",
    "from_arrays",
    "interface_name",
    "layer_conductivity",
    "select_names",
    "tag_mesh",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
