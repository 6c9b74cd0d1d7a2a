"""``femsuite mesh``: the mesh of a study, its names and its quality, and a copy for other codes."""

from __future__ import annotations

import argparse

from femsuite import parallel
from femsuite.commands.screen import plain, screen, table


def main(arguments: argparse.Namespace) -> int:
    """Build or find the mesh, show it, and export it. Collective."""
    from femsuite.study import load

    console = screen()
    study = parallel.on_root(lambda: load(arguments.study, arguments.overrides))
    from femsuite.meshing import export
    from femsuite.meshing.quality import quality
    from femsuite.run import mesh_of

    tagged = mesh_of(study)
    found = quality(tagged)
    power = tagged.mesh.topology.dim
    unit = f"mm{power}"
    console.print(
        plain(f"{study.name}: {found.cells} {found.cell_type} cells, {found.vertices} vertices"), style="bold"
    )
    regions = table("\nRegions", "region", "part of", "cells", unit, "worst shape", "mean shape", right=("cells", unit))
    for name, row in sorted(found.regions.items()):
        size = f"{row.volume * 1e3**power:.4g}"
        parent = tagged.part_of.get(name, "")
        regions.add_row(
            plain(name), plain(parent), f"{row.cells}", size, f"{row.shape_min:.3f}", f"{row.shape_mean:.3f}"
        )
    console.print(regions)
    console.print(f"Shape: {found.measure}; 1 is ideal.", style="dim")
    if found.dihedral_min is not None and found.dihedral_max is not None:
        console.print(f"Angles between faces: {found.dihedral_min:.1f} to {found.dihedral_max:.1f} degrees")
    console.print(plain(f"\nSurfaces: {', '.join(sorted(tagged.surfaces))}"))
    console.print(plain(f"Interfaces: {', '.join(sorted(tagged.interfaces))}"))
    if tagged.source is not None:
        console.print(plain(f"Kept in {tagged.source}"))
    if arguments.export:
        console.print(plain(f"Written to {export(tagged, arguments.export)}"))
    return 0
