"""The entry point of ``som-sim``: finds the command, and turns every ending into an exit code.

A command's module is imported when the command is used. Neither this module nor a command's module
imports anything slow at its top, so that help and ``validate`` answer at once.
"""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import click

from som_sim.cli import codes
from som_sim.core.errors import ScenarioError, SomSimError
from som_sim.core.texts import one_line

COMMANDS = {
    "knowledge": "som_sim.cli.knowledge_command:knowledge",
    "rules": "som_sim.cli.rules_command:rules",
    "reconcile": "som_sim.cli.reconcile_command:reconcile",
    "run": "som_sim.cli.run_command:run",
    "follow": "som_sim.cli.follow_command:follow",
    "sight": "som_sim.cli.sight_command:sight",
    "validate": "som_sim.cli.validate_command:validate",
    "new": "som_sim.cli.new_command:new",
    "som": "som_sim.cli.som_command:som",
    "bridge": "som_sim.cli.bridge_command:bridge",
    "audit": "som_sim.cli.audit_command:audit",
    "trace": "som_sim.cli.trace_command:trace",
    "describe": "som_sim.cli.describe_command:describe",
    "diff": "som_sim.cli.diff_command:diff",
    "convert": "som_sim.cli.convert_command:convert",
    "schema": "som_sim.cli.schema_command:schema",
    "set": "som_sim.cli.set_command:set_values",
    "calibrate": "som_sim.cli.calibrate_command:calibrate",
    "backtest": "som_sim.cli.calibrate_command:backtest",
    "sensitivity": "som_sim.cli.sensitivity_command:sensitivity",
    "report": "som_sim.cli.report_command:report",
}


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Why a stream cannot be written to, through no fault of the program."""


class LazyGroup(click.Group):
    """A group of commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Example:
  som-sim run scenarios/randers_act.yaml --out out
"""
    + "\n"
    + codes.HELP,
)
@click.option("--debug", is_flag=True, help="Show the traceback of a fault in som_sim itself.")
@click.version_option(package_name="som-sim", prog_name="som-sim")
def commands(debug: bool) -> None:
    """Simulate the people behind an investment in social programmes, and book every krone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no input ends in a traceback.

    Parameters
    ----------
    arguments
        What follows the program's name; taken from the process when not given.
    """
    _forgive_encodings()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _terminate_tidily():
            code = _dispatch(words)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        _stop_writing()
        return codes.PIPE_CLOSED
    except OSError as error:  # what a command writes to files it answers for itself
        _stop_writing()
        with suppress(OSError):
            click.echo(f"cannot write the output: {error.strerror or error}", err=True)
        return codes.WRONG_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return codes.INTERRUPTED


def _dispatch(words: list[str]) -> int:
    debug = False
    try:
        with commands.make_context("som-sim", words) as context:
            debug = bool(context.params.get("debug"))
            commands.invoke(context)
        return codes.FINE
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return codes.WRONG_INPUT
    except ScenarioError as error:
        for problem in error.problems:
            click.echo(one_line(str(problem)), err=True)
        return codes.WRONG_INPUT
    except SomSimError as error:
        click.echo(one_line(str(error)), err=True)
        return codes.WRONG_INPUT
    except (BrokenPipeError, click.Abort):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise
        if debug:
            traceback.print_exc()
        else:
            click.echo(
                one_line(
                    f"som-sim met a fault of its own ({type(error).__name__}: {error}); please "
                    "report it with what 'som-sim --debug ...' prints for the same command"
                ),
                err=True,
            )
        return codes.UNEXPECTED


def _forgive_encodings() -> None:
    """Show a question mark for a letter that the terminal cannot, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def _stop_writing() -> None:
    """Point standard output at nothing, so that Python does not complain of the pipe at exit."""
    with suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _terminate_tidily() -> Iterator[None]:
    """Let a request to end the process (SIGTERM) run the clean-up of what is being written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signal_number: int, frame: FrameType | None) -> None:
        raise SystemExit(codes.TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
