"""A pytest plugin for runs that must be complete: a skipped test fails the run.

`scripts/test` loads it; pytest by hand does not.
"""

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn success into failure if anything was skipped."""
    if _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say why the run failed although no test did."""
    if count := _skipped(config):
        terminalreporter.write_line(
            f"{count} skipped, and nothing may be: this run fails.", red=True
        )


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0
