"""A file that the user names, read whole, or one located message of why it cannot be."""

from __future__ import annotations

import os

from som_sim.core.errors import Problem, ScenarioError
from som_sim.core.yaml_tree import MAX_BYTES


def read_content(
    path: str | os.PathLike[str], *, kind: str = "file", most: int = MAX_BYTES
) -> tuple[str, bytes]:
    """Return the name of a file as text, and its content.

    Parameters
    ----------
    path
        The file.
    kind
        What is wanted, for the message where a folder is named.
    most
        Bytes allowed. One more is read, so that whoever reads the content sees it is too much.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    name = os.fsdecode(path)
    try:
        with open(name, "rb") as file:
            return name, file.read(most + 1)
    except FileNotFoundError:
        message = "no such file"
    except IsADirectoryError:
        message = f"this is a directory; name a {kind}"
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    raise ScenarioError([Problem(path=(), message=message, file=name)])
