"""One file written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

from som_sim.core.errors import SomSimError


def write_whole(path: str | os.PathLike[str], content: bytes, *, replace: bool = True) -> None:
    """Write a file in one step: who reads it sees the old content or the new, never a part.

    Parameters
    ----------
    path
        Where to write.
    content
        The bytes.
    replace
        Whether a file that is there may be replaced.

    Raises
    ------
    SomSimError
        With one sentence that says why it cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_whole(folder / "a.txt", b"words")
    >>> (folder / "a.txt").read_bytes()
    b'words'
    """
    name = os.fspath(path)
    if not name.strip():
        raise SomSimError("the name of the file to write is empty")
    if os.path.isdir(name):
        raise SomSimError(f"cannot write {name}: it is a directory")
    if not replace and os.path.lexists(name):
        raise SomSimError(f"{name} is there already, and is left as it is")
    target = os.path.realpath(name)  # through a link, its file is written
    try:
        handle, staging = tempfile.mkstemp(prefix=".som_sim-", dir=os.path.dirname(target))
    except (OSError, ValueError) as error:
        raise _cannot(name, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(staging, _mode(target))
        os.replace(staging, target)
    except OSError as error:
        raise _cannot(name, error) from None
    finally:
        with suppress(OSError):
            os.unlink(staging)


def _mode(target: str) -> int:
    """Return the permissions that the file has, or that a new one gets."""
    with suppress(OSError):
        return os.stat(target).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cannot(name: str, error: Exception) -> SomSimError:
    return SomSimError(f"cannot write {name}: {getattr(error, 'strerror', None) or error}")
