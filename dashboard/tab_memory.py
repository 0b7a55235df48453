"""What an open tab costs the server: no more than what it shows and what is typed in it."""

from contextlib import suppress

from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_gone_widgets() -> None:
    """Drop what Streamlit knows of widgets whose value it has dropped, as they are gone.

    It keeps their metadata, callbacks and all, and their keys until two minutes after the tab is
    closed, and nothing public forgets them. It has to be called before a page draws its widgets:
    the last clicks' callbacks have been run then. Where a newer Streamlit keeps these things
    elsewhere, nothing is forgotten.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    tab = context.session_state
    with suppress(AttributeError), tab._lock:
        state = tab._state
        widgets, keys = state._new_widget_state, state._key_id_mapper
        there = state._old_state.keys() | widgets.states.keys()
        for gone in widgets.widget_metadata.keys() - there:
            del widgets.widget_metadata[gone]
        known = keys._key_id_mapping.items()
        keys.set_key_id_mapping({key: widget for key, widget in known if widget in there})
