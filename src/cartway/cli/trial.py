"""`cartway trial`: run a virtual trial from its plan, and write what it found as a folder of files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cartway.cli.draft import draft_of
from cartway.cli.edge import say, sound, stop
from cartway.cli.folder import made
from cartway.problem import Problem

TELL_EVERY = 2.0  # seconds


def trial(path: Path, output: Path | None, threads: int) -> None:
    """Run the plan at `path`. Problems: ``wrong_trial_plan``, ``trial_folder_used``, ``no_folder``."""
    from cartway.twin.trial import PAGE, analyzed, files, read_plan, simulate

    text = _text(path)
    plan = sound(read_plan(text))
    folder = output or Path(f"{path.stem}-trial")
    if folder.is_dir() and not (folder / PAGE).exists() and any(folder.iterdir()):
        stop(Problem("trial_folder_used", f"'{folder}' has other things in it.", "Name another folder with -o."))
    made(folder)
    say(f"{plan.patients:,} virtual patients: {len(plan.arm)} arms and the control once more, {plan.repeats} repeats")
    found = analyzed(plan, simulate(plan, threads=threads, say=_progress()), say)
    for name, content in files(found, text):
        with draft_of(folder / name) as draft:
            draft.write_text(content, "utf-8", newline="")
    say(f"Written to {folder}{os.sep}: open {PAGE}. Simulated; research use.")


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        reason, remedy = "The plan is not written in UTF-8.", "Save it in UTF-8."
        stop(Problem("wrong_trial_plan", reason, remedy, f"{path.name}, line {line}"))


def _progress() -> Callable[[int, int], None]:
    """Tell now and then how many patients are done, and about how long the rest takes."""
    started = told = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= TELL_EVERY or done == of:
            told = now
            left = (now - started) / done * (of - done)
            say(f"{done:,} of {of:,} patients" + (f", about {left:.0f} s left" if done < of else ""))
            sys.stderr.flush()

    return tell
