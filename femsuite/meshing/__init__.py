"""gmsh model -> tagged mesh; quality, cache, import and export, contact layers."""

from femsuite.meshing.build import from_arrays, tag_mesh
from femsuite.meshing.contact_layer import layer_conductivity
from femsuite.meshing.exchange import export
from femsuite.meshing.mesh import build_mesh
from femsuite.meshing.options import MeshOptions
from femsuite.meshing.quality import Quality, quality
from femsuite.meshing.tagged import TaggedMesh, interface_name, select_names

__all__ = [
    "MeshOptions",
    "Quality",
    "TaggedMesh",
    "build_mesh",
    "export",
    "from_arrays",
    "interface_name",
    "layer_conductivity",
    "quality",
    "select_names",
    "tag_mesh",
]
