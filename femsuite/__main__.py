"""``python -m femsuite``."""

import sys

from femsuite.cli import main

sys.exit(main())
