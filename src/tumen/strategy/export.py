"""Games as files that other game software reads: strategic (.nfg) and extensive form (.efg)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.game import Game


def write_gambit(game: Game, path: Path, *, title: str = "") -> None:
    """Write a single game for checking elsewhere, as its suffix says.

    Parameters
    ----------
    game
        A game without a batch. Choice by level widths is no part of the formats: in a check,
        list the moves as ``acts``.
    path
        Ends in ``.nfg`` (all players move at once) or ``.efg`` (one after the other).

    Raises
    ------
    DataError
        When the game has a batch, the suffix is another, or the file cannot be written.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from tumen.strategy import Game, Payoffs, Player
    >>> from tumen.strategy.game import moves_at
    >>> one = Player("CHN", moves_at([0, 1], listed_as="acts"), precision=4.0)
    >>> game = Game((one,), Payoffs(np.array([[0.0, 0.5]])))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_gambit(game, Path(folder, "game.nfg"))
    """
    if game.batch:
        raise DataError("only a single game can be written", hint="take one draw")
    if path.suffix == ".nfg":
        text = strategic_form(game, title=title)
    elif path.suffix == ".efg":
        text = extensive_form(game, title=title)
    else:
        raise DataError(f"'{path.suffix}' is no format of games", str(path), "write .nfg or .efg")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"the file cannot be written: {error.strerror or error}"
        raise DataError(what, str(path)) from None


def strategic_form(game: Game, *, title: str = "") -> str:
    """Return the strategic form; payoffs follow with the first player's move running fastest."""
    names = " ".join(_quoted(player.name) for player in game.players)
    moves = " ".join(
        "{ " + " ".join(_quoted(move.name) for move in player.moves) + " }"
        for player in game.players
    )
    cells = np.moveaxis(game.payoffs.values, 0, -1)
    order = np.transpose(cells, (*range(len(game.players) - 1, -1, -1), len(game.players)))
    numbers = " ".join(repr(float(value)) for value in order.ravel())
    return f'NFG 1 R {_quoted(title)} {{ {names} }}\n{{ {moves} }}\n""\n\n{numbers}\n'


def extensive_form(game: Game, *, title: str = "") -> str:
    """Return the extensive form of a sequential game: a player sees the moves before its own."""
    names = " ".join(_quoted(player.name) for player in game.players)
    lines = [f"EFG 2 R {_quoted(title)} {{ {names} }}", '""', ""]
    sets = [0] * len(game.players)

    def add(history: tuple[int, ...]) -> None:
        depth = len(history)
        if depth == len(game.players):
            own = (values[history] for values in game.payoffs.values)
            numbers = " ".join(repr(float(value)) for value in own)
            outcome = int(np.ravel_multi_index(history, [len(p.moves) for p in game.players])) + 1
            lines.append(f't "" {outcome} "" {{ {numbers} }}')
            return
        player = game.players[depth]
        sets[depth] += 1
        moves = " ".join(_quoted(move.name) for move in player.moves)
        lines.append(f'p "" {depth + 1} {sets[depth]} "" {{ {moves} }} 0')
        for place in range(len(player.moves)):
            add((*history, place))

    add(())
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'
