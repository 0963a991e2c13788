"""What a report needs beyond the plain installation, and how to say that it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from som_sim.core.errors import SomSimError

INSTALL = 'pip install "som-sim[report]"'


@contextmanager
def needs_report_extra(library: str) -> Iterator[None]:
    """Turn a missing library into a message that says how to get it.

    Raises
    ------
    SomSimError
        When the import within fails.

    Examples
    --------
    >>> with needs_report_extra("sys"):
    ...     import sys
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in (library, "markupsafe", "docx", "lxml"):
            raise
        raise SomSimError(
            f"this format needs {library}, which is not installed; install it with: {INSTALL}"
        ) from None
