"""Files that a scenario names: a base it extends, a table beside it.

A scenario may come from anybody, so it cannot make us read just any file. What it names must be a
regular file in the folder of the scenario that is read, in a folder next to that one, or below
either. Links are followed before this is judged, and no more is read than of a scenario.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from som_sim.core.yaml_tree import MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file that was read.

    Attributes
    ----------
    shown
        Its name in messages: the way to it from where the user stands.
    identity
        Its one true path, however it was named.
    content
        Its bytes; one more than `MAX_BYTES` when it is larger than is read.
    """

    shown: str
    identity: str
    content: bytes


def boundary(folder: str) -> str:
    """Return the folder outside which a scenario in `folder` can name no file."""
    return os.path.dirname(os.path.realpath(folder or os.curdir))


def read_named(name: str, folder: str, within: str) -> NamedFile:
    """Read a file that is named in a file of `folder`.

    Parameters
    ----------
    name
        As it was written: the way from `folder`.
    folder
        The folder of the file that names it; empty for the one we are in.
    within
        What `boundary` says of the folder of the scenario.

    Raises
    ------
    ValueError
        With the sentence for the user.
    """
    if os.path.isabs(name):
        raise ValueError(f"'{name}' begins at the root; write the way from this file")
    path = os.path.join(folder, name)
    identity = os.path.realpath(path)
    shown = os.path.normpath(path)
    try:
        inside = os.path.commonpath([within, identity]) == within
    except ValueError:  # another drive
        inside = False
    if not inside:
        raise ValueError(
            f"'{name}' is too far away; a scenario reads files of its own folder, of folders next "
            "to it, and below these"
        )
    try:
        if not stat.S_ISREG(os.stat(identity).st_mode):
            raise ValueError(f"'{shown}' is not a file with text")
        with open(identity, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ValueError(f"there is no file '{shown}'") from None
    except OSError as error:
        raise ValueError(f"'{shown}' cannot be read: {error.strerror or error}") from None
    return NamedFile(shown=shown, identity=identity, content=content)
