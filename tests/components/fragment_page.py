"""A fragment that is due again while the page that it is a part of is not sent yet."""

import time

import streamlit as st

from dashboard.components.fragments import fragment
from tests.components import server

BEAT = 0.2  # seconds


@fragment(run_every=BEAT)
def part() -> None:
    st.write("The part that is drawn again.")


st.title("A page")
times = st.session_state.get("times", 0)
if st.button("Draw it on a busy server"):
    times = st.session_state["times"] = times + 1
    server.keep_busy(3 * BEAT)  # the browser asks for the part, and is not heard
    time.sleep(5 * BEAT)  # and now it is
    server.keep_busy(3 * BEAT)  # until all below is drawn, and the part once more
part()
st.write(f"Drawn {times} times.")
