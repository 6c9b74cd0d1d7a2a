"""Where the shipped geometries, materials and studies lie: in a checkout, or inside the installed wheel."""

from __future__ import annotations

from pathlib import Path

from femsuite.errors import InputError, unknown

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds ``geometries``, ``materials`` and ``studies``."""
    inside_wheel = _PACKAGE / "_library"
    return inside_wheel if inside_wheel.is_dir() else _PACKAGE.parent


def names(room: str, suffix: str) -> dict[str, Path]:
    """Return the files of one room by name.

    Args:
        room: ``geometries``, ``materials`` or ``studies``.
        suffix: ``.py`` or ``.toml``.

    Returns:
        Path below the room without suffix (``lm3046/power_sweep``) -> file.
    """
    folder = root() / room
    files = sorted(folder.rglob(f"*{suffix}"))
    return {
        file.relative_to(folder).with_suffix("").as_posix(): file for file in files if not file.name.startswith("_")
    }


def find(room: str, name: str, suffix: str, beside: Path | None = None) -> Path:
    """Return the file that ``name`` means: a path (relative to ``beside`` or here), else a shipped name.

    Raises:
        InputError: when there is no such file; names the nearest.
    """
    folders = [beside, Path.cwd()] if beside is not None else [Path.cwd()]
    for folder in folders:
        candidate = folder / name
        if candidate.suffix == suffix and candidate.is_file():
            return candidate.resolve()
    shipped = names(room, suffix)
    key = name.removesuffix(suffix).removeprefix(f"{room}/")
    if key in shipped:
        return shipped[key]
    kind = {"geometries": "geometry", "materials": "material", "studies": "study"}.get(room, room)
    raise InputError(unknown(kind, name, shipped))
