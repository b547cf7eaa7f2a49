"""Games are written so that other software reads the same payoffs."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import DataError
from tumen.strategy import Game, Payoffs, Player, write_gambit
from tumen.strategy.export import extensive_form, strategic_form
from tumen.strategy.game import moves_at


def game() -> Game:
    players = tuple(
        Player(name, moves_at(range(count), listed_as="acts"), 1.0)
        for name, count in (("A", 2), ("B", 3), ("C", 2))
    )
    return Game(players, Payoffs(np.random.default_rng(0).normal(size=(3, 2, 3, 2))))


def test_the_strategic_form_lists_payoffs_with_the_first_move_fastest() -> None:
    text = strategic_form(game(), title='say "x"')
    assert text.startswith('NFG 1 R "say \'x\'" { "A" "B" "C" }')
    numbers = np.array([float(word) for word in text.rsplit('""', 1)[1].split()]).reshape(-1, 3)
    places = [place[::-1] for place in product(range(2), range(3), range(2))]
    for cell, place in zip(numbers, places, strict=True):
        np.testing.assert_array_equal(cell, [game().payoffs.values[(k, *place)] for k in range(3)])


def test_the_extensive_form_has_a_node_for_every_history() -> None:
    text = extensive_form(game())
    nodes = re.findall(r'^p "" (\d) (\d+)', text, flags=re.MULTILINE)
    leaves = re.findall(r'^t "" (\d+) "" \{ (.*) \}$', text, flags=re.MULTILINE)
    assert [player for player, _ in nodes].count("1") == 1
    assert [player for player, _ in nodes].count("2") == 2
    assert [player for player, _ in nodes].count("3") == 6
    assert len(set(nodes)) == len(nodes)
    assert len(leaves) == 12
    first = [float(word) for word in leaves[0][1].split()]
    np.testing.assert_array_equal(first, game().payoffs.values[:, 0, 0, 0])


def test_a_batch_and_another_suffix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.nfg or \.efg"):
        write_gambit(game(), tmp_path / "game.xml")
    players = (Player("A", moves_at([0, 1]), 1.0),)
    batch = Game(players, Payoffs(np.zeros((5, 1, 2))))
    with pytest.raises(DataError, match="single game"):
        write_gambit(batch, tmp_path / "game.nfg")
    write_gambit(batch.first(), tmp_path / "game.nfg")
    assert (tmp_path / "game.nfg").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    one = Player("CHN", moves_at([0, 1], listed_as="acts"), precision=4.0)
    game = Game((one,), Payoffs(np.array([[0.0, 0.5]])))
    with pytest.raises(DataError, match="the file cannot be written"):
        write_gambit(game, tmp_path / "no-such-folder" / "game.nfg")
