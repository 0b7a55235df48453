"""The drawing's description, which Streamlit puts into the drawing itself."""

from streamlit.testing.v1 import AppTest


def test_a_description_gives_no_orders_to_mermaid() -> None:
    def script() -> None:
        from dashboard.components import workflow_drawing  # noqa: PLC0415 - runs as a script

        workflow_drawing.show("flowchart TB", alt='%%{init: {"theme": "forest"}}%%\nend')

    [drawing] = AppTest.from_function(script).run().markdown
    assert '%% stAlt: %%(init: ("theme": "forest"))%% end\nflowchart TB' in drawing.value
