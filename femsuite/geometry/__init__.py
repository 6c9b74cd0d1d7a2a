"""What a geometry file may use: the gmsh session with names, parameters with provenance, size fields."""
