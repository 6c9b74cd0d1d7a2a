"""How much contrast the mesh prints into a topograph, against the size of its elements."""

from __future__ import annotations

from femsuite.topograph.imprint import mesh_imprint
from femsuite.verify.row import Row

DIVISIONS = (10, 15, 20)
"""Cubes along 800 um, each cut into six tetrahedra of second order."""


def case_mesh() -> list[Row]:
    """A closed-form thermal displacement through P2 tetrahedra and recovery: what appears where nothing should.

    A plate with free faces below a smooth heater, ``u = c (phi_x, phi_y, -phi_z)`` with phi harmonic: no polynomial
    holds it. The rms of recovered minus exact contrast, over the pixels whose exact contrast is below 1.05.
    Source: J. Dundurs, Mech. Res. Commun. 1 (1974) 121.
    """
    rows = []
    for found in mesh_imprint(DIVISIONS, pixels=120):
        size = f"elements of {found.size * 1e6:.0f} um"
        rows.append(
            Row("imprint.mesh", f"rms contrast, {size}", 0.0, found.quiet_rms, 0.02, "at_most", physics="topograph")
        )
    return rows
