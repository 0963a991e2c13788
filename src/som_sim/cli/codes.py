"""What the exit code of a command says, the same for every command."""

from __future__ import annotations

FINE = 0
CHECK_FAILED = 1
WRONG_INPUT = 2
UNEXPECTED = 70
INTERRUPTED = 130
PIPE_CLOSED = 141
TERMINATED = 143

HELP = """\b
Exit codes:
  0   fine
  1   a check said no (a total does not reconcile)
  2   the input is wrong, or the output cannot be written; every problem is listed on stderr
  70  a fault in som_sim itself
"""
