"""Which processes a process has started."""

from pathlib import Path


def alive(process: int) -> bool:
    """Tell whether there is a process of that number."""
    return Path(f"/proc/{process}").exists()


def children(parent: int, *words: str) -> list[int]:
    """Return the children of a process whose command has all these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().split("\0")
            of = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        if of == parent and all(word in command for word in words):
            found.append(int(folder.name))
    return found
