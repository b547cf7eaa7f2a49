"""The command `tumen`: finds commands by name, prints errors, sets the exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module

import click

from tumen import __version__
from tumen.cli.show import inert_text
from tumen.core.errors import CaseError, DataError, ModelError, Problem, TumenError
from tumen.core.nearest import did_you_mean

COMMANDS = {
    "new": "Scaffold a commented case that runs.",
    "check": "List every problem of a case at once.",
    "run": "Run a case: findings, judgments, record and brief.",
    "brief": "Write the brief of a record as HTML, PDF or Markdown.",
    "verify": "Run a case again and name what differs from its record.",
    "regime": "May I trade this?",
    "trade": "What was traded? Recorded flows and facts.",
    "monitor": "Does recorded trade fit the rules?",
    "impact": "What would a cut-off cost, and whom?",
    "strategy": "What will the governments do?",
    "evidence": "Who says so? Sources, claims, hypotheses.",
    "assess": "How sure are we? Judgments of a record.",
}
"""Commands in the order of the story, each in the file of its name, with its one line of help."""

MOST_PROBLEMS = 50
"""So many problems are printed; the rest is counted."""

MACHINE = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "allow larger files",
    errno.EACCES: "allow it, or name another place",
    errno.EPERM: "allow it, or name another place",
    errno.EROFS: "name another place",
    errno.EMFILE: "allow more open files",
    errno.ENFILE: "close other programs",
    errno.ENOMEM: "close other programs",
    errno.EIO: "check the disk",
}
"""What helps when the machine, and neither the call nor tumen, is at fault; by its error number."""

EXIT_CODES: tuple[tuple[type[TumenError], int], ...] = (
    (CaseError, 2),
    (DataError, 3),
    (ModelError, 4),
)


class Story(click.Group):
    """A group whose commands are loaded only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the story."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the file of a command and return what bears its name there."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"tumen.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"there is no command '{args[0]}'. {hint}".rstrip(), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Story, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96}
)
@click.version_option(__version__, prog_name="tumen")
def tumen() -> None:
    """Turn a case into an assessment that you can defend.

    A case is a folder with a question, rival hypotheses, the sanctions in force, trade data and
    sources. `tumen run` writes the record (assessment.json) and its brief.

    \b
    Example:
      tumen run cases/dprk-2017-backfill
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0 done, 2 the case or the call, 3 the data, 4 a model, 5 the machine, 1 a bug.
    """
    _write_any_letter()
    # A command makes many objects and ends: looking for cycles now and then is enough.
    gc.set_threshold(100_000, 20, 50)
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        left_with = tumen.main(args=arguments, prog_name="tumen", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _stopped()
    except BrokenPipeError:
        # The reader, e.g. `head`, has gone.
        _say_no_more()
        return 0
    except TumenError as error:
        click.echo(error_text(error), err=True)
        return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
    except Exception as error:
        if str(error) == "Query interrupted":  # so duckdb tells of a stop from the keyboard
            return _stopped()
        if os.environ.get("TUMEN_TRACEBACK"):
            raise
        problem = machine_problem(error)
        if problem is not None:
            if isinstance(error, OSError) and not error.filename:
                _say_no_more()
            click.echo(str(problem), err=True)
            return 5
        click.echo(
            f"bug: {type(error).__name__}: {error}\n"
            "  hint: set TUMEN_TRACEBACK=1, run again and report what is printed",
            err=True,
        )
        return 1
    # A command that leaves by itself gives its exit code, any other gives None.
    return left_with if isinstance(left_with, int) else 0


def _stopped() -> int:
    click.echo("stopped; what stood on disk stands as it was", err=True)
    return 130


def machine_problem(error: Exception) -> Problem | None:
    """Return what the machine refused, where and what helps; None when it is not at fault."""
    if isinstance(error, MemoryError):
        return Problem("the memory is full", hint=MACHINE[errno.ENOMEM])
    if not isinstance(error, OSError) or error.errno not in MACHINE:
        return None
    reason, where = os.strerror(error.errno), error.filename
    what = f"the {'file' if where else 'output'} cannot be used: {reason}"
    return Problem(what, str(where or ""), MACHINE[error.errno])


def error_text(error: TumenError) -> str:
    """Return the problems of an error, one after the other; beyond a screenful, their count."""
    shown = [str(problem) for problem in error.problems[:MOST_PROBLEMS]]
    left = len(error.problems) - len(shown)
    if left:
        shown.append(f"... and {left:,} more problems")
    if len(error.problems) > 1:
        shown.append(f"{len(error.problems):,} problems")
    return inert_text("\n".join(shown))


def _say_no_more() -> None:
    """Drop what is still to be printed, which nobody can take."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_any_letter() -> None:
    """Print a replacement sign where a terminal has no such letter, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
