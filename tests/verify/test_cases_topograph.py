import pytest

from femsuite.verify.harness import run_cases

CHEAP = ("V1", "V2", "V3", "V4", "V5", "R3", "R4", "R6", "R7")


@pytest.mark.parametrize("name", CHEAP)
def test_topograph_case_is_met(name):
    """Exact limits of contrast (V) and ray tracing (R), and the Takagi-Taupin solution near a heater (V5).

    Without strain, in pure bending, in rotation and uniform strain C = 1; at g = 1 the strain's part is
    A g (1 - exp(-pi/g)) (Landau and Zener). A tilt moves the image by 2 tilt D, and by 2 sin(theta) tilt D sideways; a
    dilation only changes the wavelength (Authier, Dynamical Theory of X-ray Diffraction). R1, R2 and R5 take longer:
    they run in ``femsuite verify``.
    """
    rows = run_cases(f"topograph.{name}")
    assert rows
    assert all(row.physics == "topograph" for row in rows)
    failed = [f"{row.quantity}: expected {row.expected}, got {row.got}" for row in rows if not row.passed]
    assert not failed
