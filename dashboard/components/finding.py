"""How something is found in a long list: by a part of its name, page by page.

Both stand in the address, so that a list can be come back to as it was.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

PAGE = "page"


def to_first_page() -> None:
    """Leave the page of another selection."""
    st.session_state[PAGE] = 1


def search() -> str:
    """Draw the field for a part of a name, and return what stands in it."""
    typed = st.text_input(
        "Search",
        key="search",
        type="search",
        placeholder="Part of a name",
        live=True,
        bind="query-params",
        on_change=to_first_page,
        width=220,
    )
    return typed or ""


def page(place: DeltaGenerator, pages: int) -> int:
    """Draw the way to other pages where there are any, and return the number of the chosen one."""
    return place.pagination(pages, key=PAGE, bind="query-params") if pages > 1 else 1
