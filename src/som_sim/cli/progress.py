"""A bar on stderr for work that takes a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BAR_AFTER_SECONDS = 1.0


@contextmanager
def show_progress(wanted: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give a callback that shows a bar on stderr once a run has taken a while."""
    if not wanted:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    began = time.monotonic()
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def advance(done: int, total: int) -> None:
        if time.monotonic() - began > BAR_AFTER_SECONDS:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()
