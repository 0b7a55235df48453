"""`python -m symphony_core`: see `symphony_core.cli`."""

import sys

from symphony_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
