"""Locks that killed compilations leave in the cache of forms."""

import os
import time

import pytest
import ufl

from femsuite.errors import SolveError
from femsuite.solve import assembly, form_cache


def test_only_old_locks_without_a_result_are_removed(tmp_path):
    old = time.time() - 2 * form_cache.STALE
    for name in ("libffcx_forms_killed.c", "libffcx_forms_made.c", "libffcx_forms_made.c.cached", "else.c"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (old, old))
    (tmp_path / "libffcx_forms_at_work.c").touch()
    assert form_cache.drop_stale(tmp_path) == ["libffcx_forms_killed.c"]
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError("JIT compilation timed out, probably due to a failed previous compile."), "if no other run"),
        (RuntimeError("JIT compilation failed on rank 0."), "on rank 0"),
    ],
)
def test_a_form_that_never_gets_ready_is_told_in_words(monkeypatch, error, words):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(assembly.fem, "form", fail)
    with pytest.raises(SolveError, match=words):
        assembly.compile_form(ufl.as_ufl(0))


def test_a_form_that_does_not_compile_is_told_as_it_is(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("undefined symbol")

    monkeypatch.setattr(assembly.fem, "form", fail)
    with pytest.raises(RuntimeError, match="undefined symbol"):
        assembly.compile_form(ufl.as_ufl(0))
