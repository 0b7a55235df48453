"""One run: watched and steered while it runs, read and carried on when it is over."""

import streamlit as st

from dashboard import explaining, presenting, run_details, run_services
from dashboard.components import (
    not_there,
    problem,
    run_actions,
    run_events,
    run_fork,
    run_graph,
    run_head,
    run_limit,
    run_origin,
    run_questions,
    run_result,
    run_story,
    run_timeline,
    step_list,
)
from dashboard.components.fragments import fragment
from dashboard.components.text import literal
from dashboard.viewmodels.story import story_of
from dashboard.viewmodels.words import as_text, cut

LIVE_SECONDS = 0.5
# A paused or waiting run changes by itself only when its time is over; but another person, or
# another tab, may resume or answer it, and who looks at this page should see that soon.
CALM_SECONDS = 2.0
LONGEST_INPUT = 1_000  # characters; the whole stands in the report

run_id = st.query_params.get("run", "")
run = run_services.view_run(run_id)

if run is None:
    not_there.show("Run", "run", run_id)
    st.stop()

rhythm = LIVE_SECONDS if run.row.is_live else None if run.row.is_over else CALM_SECONDS
is_presenting = presenting.is_on()
drawing = run_details.drawing_of(run)  # while it is shown, only its marks change

st.title(literal(run.row.name), anchor=False)
for name, value in run.inputs.items():
    st.caption(f"**{literal(name)}**: {literal(cut(as_text(value), LONGEST_INPUT))}")
if not is_presenting:
    run_origin.show(run)
with st.container(horizontal=True, vertical_alignment="center"):
    if not is_presenting:
        run_actions.show(run)
    explaining.switch()
# In a place of its own, so that what stands below keeps its place when a question comes or goes.
with st.container(), problem.explained():
    run_limit.show(run)
    run_questions.show(run)


@fragment(run_every=rhythm)
def body() -> None:
    """What the run does and has done; drawn again and again until it is over."""
    now = run_services.view_run(run_id)
    if now is None or now.stance != run.stance:
        st.rerun()
    # Each in a place of its own: what comes and goes above does not move, and so not redraw, it.
    head, graph, result, story, times, steps = (st.container() for _ in range(6))
    can_fork = now.row.is_over and now.definition is not None and not is_presenting
    with head:
        run_head.show(now, has_worker=run_services.worker_count() > 0)
    with graph:
        path = run_graph.show(now, drawing, can_fork=can_fork, is_presented=is_presenting)
    with result:
        run_result.show(now)
    if explaining.is_on():
        with story:
            st.subheader("What has happened", anchor=False)
            run_story.show(story_of(now), key=f"story-{run_id}")
    with times:
        run_timeline.show(now)
    if not is_presenting:
        with steps:
            st.subheader(explaining.title("Steps"), anchor=False)
            path = step_list.show(now.steps, can_fork=can_fork) or path
    if path:
        run_fork.choose(now, path)


with problem.explained():
    body()
if not is_presenting:
    run_events.show(run_id, rhythm=CALM_SECONDS if run.row.is_live else None)
