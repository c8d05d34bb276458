"""A pytest plugin for `make test`: a test that was skipped, expected to fail or deselected fails the run.

A test that does not run proves nothing, and nobody sees that it stopped running. The soak tests, which `make soak`
runs, are the one set that may be left out.
"""

from __future__ import annotations

from typing import Any

import pytest

NOT_RUN = ("skipped", "xfailed", "xpassed")
LEFT_OUT = pytest.StashKey[list[str]]()  # the tests left out by this process


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = []


@pytest.hookimpl(tryfirst=True)
def pytest_deselected(items: list[pytest.Item]) -> None:
    """Note what was deselected, but for soak tests and for everything else while soak tests are asked for."""
    for item in items:
        soaking = item.config.option.markexpr == "soak"
        if not soaking and item.get_closest_marker("soak") is None:
            item.config.stash[LEFT_OUT].append(item.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its notes to the controller; the controller fails the run for any test that did not run."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash[LEFT_OUT]
    elif did_not_run(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_testnodedown(node: Any) -> None:
    """Every worker deselects the same tests: the last one's notes stand for all."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in did_not_run(config):
        terminalreporter.write_line(f"did not run: {name}", red=True)


def did_not_run(config: pytest.Config) -> list[str]:
    """The tests, by name, that were skipped, expected to fail or deselected."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats: dict[str, list[Any]] = reporter.stats if reporter else {}
    return config.stash[LEFT_OUT] + [report.nodeid for kind in NOT_RUN for report in stats.get(kind, [])]
