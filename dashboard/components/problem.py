"""What could not be done, in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.components.text import literal
from symphony_core.errors import SymphonyError


@contextmanager
def explained() -> Iterator[None]:
    """Show the sentence of what goes wrong inside, instead of failing the page."""
    try:
        yield
    except SymphonyError as error:
        st.error(literal(str(error)), icon=":material/error:")
