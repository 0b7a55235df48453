"""The names and imports of a program that is written: each name once, each import once."""

import re
import sys
import unicodedata
from collections import defaultdict

from symphony_core.errors import DocumentError
from symphony_core.io.python_text import Name, expression

_LONGEST = 19  # characters, so that `NAME_step_500.id = "…"` fits on a line with every id


class Names:
    """What a program defines and imports."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._imports: dict[str, dict[str, str]] = defaultdict(dict)

    def new(self, text: str, ending: str, otherwise: str) -> str:
        """Return a free name made of what people call something.

        Args:
            text: What they call it.
            ending: What it is; the name ends with it, so that it is never one of Python's own.
            otherwise: What to call it where the text has no plain letters.
        """
        letters = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
        letters = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters)
        words = re.sub(r"[^a-z0-9]+", "_", letters.lower()).strip("_").removesuffix(ending)
        stem = words[:_LONGEST].strip("_") or otherwise
        stem = stem if stem[0].isalpha() else f"{otherwise}_{stem}"[:_LONGEST].strip("_")
        return self._free(f"{stem}{ending}" if stem != ending.strip("_") else stem)

    def constant(self, owner: str, what: str) -> str:
        """Return a free name for a text of something that has a name already."""
        what = re.sub(r"[^A-Z0-9]+", "_", what.upper())[:_LONGEST].strip("_") or "TEXT"
        owner = owner.removesuffix("_step").removesuffix("_agent")
        return self._free(f"{owner.upper()}_{what}")

    def use(self, module: str, name: str) -> Name:
        """Return something that is imported from a module, under a name that is free here."""
        known = self._imports[module]
        if name not in known:
            known[name] = self._free(name)
        return Name(known[name])

    def use_class(self, class_: type, what: str) -> Name:
        """Return a class that somebody has defined.

        Raises:
            DocumentError: no program can import it, because it lies in no module or not at its top.
        """
        module, name = class_.__module__, class_.__qualname__
        importable = all(part.isidentifier() for part in (*module.split("."), name))
        found = getattr(sys.modules.get(module), name, None) if importable else None
        if found is not class_ or module == "__main__":
            raise DocumentError(
                f"{what} cannot be written as Python: a program cannot import its class "
                f"{name[:100]!r}. Define it at the top of a module."
            )
        return self.use(module, name)

    def import_lines(self) -> tuple[list[str], list[str]]:
        """Return the import statements: those of Python's own modules, and the others."""
        standard: list[str] = []
        others: list[str] = []
        for module, names in sorted(self._imports.items()):
            is_standard = module.partition(".")[0] in sys.stdlib_module_names
            (standard if is_standard else others).append(_import(module, names))
        return standard, others

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}_{number}"
        self._taken.add(free)
        return free


def _import(module: str, names: dict[str, str]) -> str:
    head = f"from {module} import "
    items = [name if name == as_ else f"{name} as {as_}" for name, as_ in sorted(names.items())]
    flat = head + ", ".join(items)
    if len(flat) <= 100:
        return flat
    return head + expression(tuple(map(Name, items)), before=len(head) + 100)
