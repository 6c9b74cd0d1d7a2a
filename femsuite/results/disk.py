"""Writing files safely: whole or not at all, and a sentence when the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from femsuite.errors import FemsuiteError, SolveError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file is larger than this system or shell allows (see 'ulimit -f')",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "the file system is read-only",
    errno.ENOTDIR: "a file is in the way where a folder is needed",
    errno.EEXIST: "a file is in the way where a folder is needed",
    errno.EISDIR: "a folder is in the way where a file is needed",
    errno.ENAMETOOLONG: "the name is too long",
}


def reason(error: OSError) -> str:
    """Return why the system refused, in words."""
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())


@contextlib.contextmanager
def sentences(path: Path, kind: type[FemsuiteError] = SolveError) -> Iterator[None]:
    """Turn an ``OSError`` of the body into a sentence that names the path.

    Args:
        path: what is being written, where the system error itself names no file.
        kind: ``InputError`` before the run has begun, ``SolveError`` later.
    """
    try:
        yield
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else path
        raise kind(f"'{place}' cannot be written: {reason(error)}.") from error


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part (POSIX ``rename``).

    Raises:
        OSError: when the system refuses; the old file is then untouched and no temporary file is left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    data = content.encode() if isinstance(content, str) else content
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_json(path: Path, content: Any) -> None:
    """Write plain data as JSON, whole or not at all. Numbers that are not finite become null."""
    write_whole(path, json.dumps(finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def finite(content: Any) -> Any:
    """Return plain data with numpy numbers as Python's own and NaN and infinities as None."""
    if isinstance(content, dict):
        return {str(key): finite(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [finite(value) for value in content]
    if hasattr(content, "tolist"):
        return finite(content.tolist())
    if isinstance(content, float) and not (float("-inf") < content < float("inf")):
        return None
    if isinstance(content, Path):
        return str(content)
    return content


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in a file, or None when there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
