"""gmsh model -> tagged mesh; quality, cache, import and export, contact layers."""

from femsuite.meshing.build import from_arrays, tag_mesh
from femsuite.meshing.tagged import TaggedMesh, interface_name, select_names

__all__ = ["TaggedMesh", "from_arrays", "interface_name", "select_names", "tag_mesh"]
