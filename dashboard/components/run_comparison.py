"""Two runs side by side, as they are compared."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components import difference, long_text, unfolding
from dashboard.components.text import literal
from dashboard.theme import badge
from dashboard.viewmodels.comparison import Comparison, FigureRow, StepPair, TextPair
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import count, duration, money

A, B = ":blue-badge[A]", ":violet-badge[B]"
VERDICTS = {
    "same": ":gray-badge[:material/equal: the same]",
    "differs": ":orange-badge[:material/difference: differs]",
    "only a": ":blue-badge[only in A]",
    "only b": ":violet-badge[only in B]",
}
PAGE_SIZE = 20
OPEN_AT_MOST = 6
COLUMN_WIDTH = 280


def heads(compared: Comparison) -> None:
    """Draw which runs they are."""
    with st.grid(2, min_column_width=COLUMN_WIDTH):
        for letter, run in ((A, compared.a), (B, compared.b)):
            with st.container(border=True, key=f"head-{run.row.id}"):
                _head(letter, run)
    if compared.remark:
        st.info(literal(compared.remark), icon=":material/info:")


def inputs(pairs: Sequence[TextPair]) -> None:
    """Draw what the runs were given."""
    if not pairs:
        return
    st.subheader("Inputs", anchor=False)
    for pair in pairs:
        verdict = VERDICTS["same" if pair.is_same else "differs"]
        st.markdown(f"**{literal(pair.name)}** {verdict}")
        _texts(pair, f"input-{pair.name}")


def figures(rows: Sequence[FigureRow]) -> None:
    """Draw the runs' figures, and how far apart they are."""
    st.subheader("Figures", anchor=False)
    st.table(
        [
            {
                "": row.name,
                "A": literal(row.a),
                "B": literal(row.b),
                "From A to B": literal(row.difference),
            }
            for row in rows
        ],
        hide_index=True,
    )


def result(pair: TextPair) -> None:
    """Draw how the results differ."""
    st.subheader("Result", anchor=False)
    if pair.a is None and pair.b is None:
        st.caption("Neither run has a result.")
    else:
        if pair.is_same:
            st.markdown(VERDICTS["same"])
        _texts(pair, "result")


def path(sentences: Sequence[str], number: int) -> None:
    """Draw where the ways of the runs part."""
    st.subheader("Path", anchor=False)
    if not number:
        st.caption("No step has started yet.")
    elif not sentences:
        st.markdown(f":material/check: Both took the same path: {count(number, 'step')}.")
    for sentence in sentences:
        st.markdown(f":material/alt_route: {literal(sentence)}")


def steps(pairs: Sequence[StepPair]) -> None:
    """Draw the steps, a page of them at a time."""
    if not pairs:
        return
    st.subheader("Steps", anchor=False)
    pages = -(-len(pairs) // PAGE_SIZE)
    page = st.pagination(pages, key="compared-page") if pages > 1 else 1
    shown = pairs[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    is_open = sum(pair.verdict != "same" for pair in shown) <= OPEN_AT_MOST
    for pair in shown:
        _step(pair, is_open=is_open)


def _head(letter: str, run: RunView) -> None:
    st.markdown(f"{letter} {badge(run.row.status)}")
    st.page_link(
        "../pages/run.py",
        label=f"**{literal(run.row.name)}**",
        query_params={"run": run.row.id},
        icon=":material/open_in_new:",
    )
    st.caption(f":material/calendar_today: {run.row.created_at:%d %b %Y, %H:%M:%S} UTC")
    if run.error:
        st.error(literal(run.error), icon=":material/error:")


def _step(pair: StepPair, *, is_open: bool) -> None:
    key = f"compared-{pair.key}"
    with st.container(border=True, key=key):
        st.markdown(f"**{literal(pair.either.label)}** {VERDICTS[pair.verdict]}")
        with st.grid(2, min_column_width=COLUMN_WIDTH):
            for letter, step in ((A, pair.a), (B, pair.b)):
                with st.container(gap="xsmall"):
                    _facts(letter, step)
        if not pair.answer.is_empty:
            _closed("Answer", [pair.answer], f"answer-{key}", is_open=is_open)
        if pair.prompts:
            _closed("Prompt", pair.prompts, f"prompt-{key}", is_open=False)


def _facts(letter: str, step: StepView | None) -> None:
    if step is None:
        st.markdown(f"{letter} :gray[This run did not go here.]")
        return
    facts = [literal(step.agent)] if step.agent else []
    facts += [duration(step.duration_s)] if step.duration_s is not None else []
    if step.tokens_in or step.tokens_out:
        facts += [count(step.tokens_in + step.tokens_out, "token"), literal(money(step.cost))]
    st.markdown(f"{letter} {badge(step.status)} :small[:gray[{' · '.join(facts)}]]")
    for said in (step.note, step.decision, step.error):
        if said:
            st.caption(literal(said))


def _closed(name: str, pairs: Sequence[TextPair], key: str, *, is_open: bool) -> None:
    """Draw texts under a name which says whether they differ; what is closed is not sent."""
    is_in_both = all(pair.a is not None and pair.b is not None for pair in pairs)
    differs = any(not pair.is_same for pair in pairs)
    words = f": {'differs' if differs else 'the same'}" if is_in_both else ""
    with unfolding.part(f"{name}{words}", key=key, is_open=is_open and differs) as is_shown:
        for pair in pairs if is_shown else ():
            if len(pairs) > 1:
                st.caption(pair.name)
            _texts(pair, f"{pair.name}-{key}")


def _texts(pair: TextPair, key: str) -> None:
    if pair.a is None or pair.b is None:
        st.caption(f"Only {'A' if pair.b is None else 'B'} has it.")
        long_text.show(pair.a or pair.b or "", key=f"only-{key}")
    elif pair.is_same:
        long_text.show(pair.a, key=f"same-{key}")
    else:
        difference.show(pair.a, pair.b, key=key, removed="only in A", added="only in B")
