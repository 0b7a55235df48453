"""Where everything is kept, how to keep a copy of it, and whether it is sound."""

import streamlit as st

from dashboard import run_services, theme, upkeep_services
from dashboard.components import problem
from dashboard.components.text import literal
from dashboard.upkeep_services import BackupView, StorageView
from dashboard.viewmodels.words import ago, count, file_size

LARGEST_DOWNLOAD = 200_000_000  # bytes, for they go through this process's memory
_FOUND = "doctor-found"


def show() -> None:
    """Draw the place, the backups and the doctor."""
    view = upkeep_services.storage_view()
    _place(view)
    st.subheader("Backups", anchor=False)
    if view.is_file:
        _backups()
    else:
        st.info(
            f"{literal(view.kind)} has programs of its own for this, such as pg_dump and "
            "pg_restore.",
            icon=":material/database:",
        )
    _doctor()


def _place(view: StorageView) -> None:
    st.subheader("Storage", anchor=False)
    st.markdown(literal(view.kind))
    st.code(view.where, language=None, wrap_lines=True)
    if view.size is not None and view.free is not None:
        size, free = file_size(view.size), file_size(view.free)
        st.caption(f"It takes {size}; {free} are free on its disk.")
    with problem.explained():
        rows = upkeep_services.row_counts()
        with st.grid(len(rows), min_column_width=110):
            for name, number in rows.items():
                st.metric(name, f"{number:,}", border=True)


def _backups() -> None:
    st.caption(
        "A copy of everything as it is at one moment; nobody has to stop for it. It holds all "
        "prompts and answers, and no key."
    )
    if st.button("Back up now", type="primary", icon=":material/save:", key="back-up"):
        with problem.explained(), st.spinner("Copying the database…"):
            made = upkeep_services.back_up()
            st.toast(f"Backed up as {literal(made.name)}", icon=":material/check:")
    found = upkeep_services.list_backups()
    if not found:
        st.info("No backup yet in the data folder.", icon=":material/save:")
        return
    for backup in found:
        _backup(backup)
    with st.expander("Restore one of them", icon=":material/settings_backup_restore:"):
        st.markdown(
            "Nothing may use the database meanwhile, so this is done without the dashboard: "
            "stop Symphony and all workers, then say where Symphony is started"
        )
        for backup in found:
            st.code(backup.command, language=None, wrap_lines=True)
        st.markdown("and start it again. What is replaced is kept beside the database.")


def _backup(backup: BackupView) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{literal(backup.path.name)}**")
            made = ago(backup.made_at, run_services.now())
            st.caption(f"{file_size(backup.size)} · {made} · {literal(str(backup.path.parent))}")
        if backup.size <= LARGEST_DOWNLOAD:
            st.download_button(
                "Download",
                data=backup.path.read_bytes,
                file_name=backup.path.name,
                mime="application/vnd.sqlite3",
                on_click="ignore",
                icon=":material/download:",
                key=f"download-{backup.path.name}",
            )


def _doctor() -> None:
    st.subheader("Is it sound?", anchor=False)
    st.caption("Reads all that is stored, and changes nothing. A large store takes a while.")
    if st.button("Examine the store", icon=":material/health_and_safety:", key="examine"):
        with st.spinner("Examining the store…"):
            st.session_state[_FOUND] = (run_services.now(), upkeep_services.find_problems())
    if _FOUND not in st.session_state:
        return
    looked_at, findings = st.session_state[_FOUND]
    wrong = sum(not finding.ok for finding in findings)
    said = f"{count(wrong, 'problem')} found" if wrong else "All is sound"
    st.markdown(f"**{said}** :small[· looked at {ago(looked_at, run_services.now())}]")
    for finding in sorted(findings, key=lambda finding: finding.ok):
        badge = theme.light("OK" if finding.ok else "Problem", is_ready=finding.ok)
        st.markdown(f"{badge} **{literal(finding.check.capitalize())}:** {literal(finding.text)}")
