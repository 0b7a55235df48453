"""Parts of a page that are drawn again without the rest of it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

P = ParamSpec("P")
R = TypeVar("R")


def fragment(*, run_every: float | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a fragment, in a place of its own; `run_every` is in seconds.

    When a fragment is about to be drawn again, Streamlit takes back what is not yet sent of its
    last drawing, also where that was a part of the whole page. Without a place that stays,
    whatever comes after it would then be counted wrong, and the browser's page would go blank.
    """

    def made(part: Callable[P, R]) -> Callable[P, R]:
        drawn_again = st.fragment(part, run_every=run_every)

        @wraps(part)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
            with st.container():
                return drawn_again(*args, **kwargs)

        return drawn

    return made
