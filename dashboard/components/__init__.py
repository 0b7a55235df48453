"""One widget a file: `show(...)` draws it and returns what was chosen."""
