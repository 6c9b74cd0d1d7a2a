"""What loading a study with changes is told, for the tests of its checks."""

import pytest

from femsuite.errors import InputError
from femsuite.study import load


def faults(overrides, study="die_attach/assembly"):
    """Return all faults of a study that cannot be loaded."""
    with pytest.raises(InputError) as caught:
        load(study, overrides)
    return caught.value.faults


def only(overrides, study="die_attach/assembly"):
    """Return the one fault there is."""
    found = faults(overrides, study)
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]
