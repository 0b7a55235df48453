"""What a folder is asked for by every store that keeps files."""

import os
import sys
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make a new, replaced or deleted name survive a power cut; Windows cannot be asked to."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
