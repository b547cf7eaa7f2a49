"""tumen regime screen, screen-index, screen-quality: is this party listed as of that day?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.parameters import COUNTRY, DAY
from tumen.cli.show import bar, emit, json_option
from tumen.core.errors import CaseError, DataError
from tumen.core.settings import default_settings

if TYPE_CHECKING:
    from tumen.regime.screening import Hit, NameIndex, Party, Quality, Screening

INDEX = click.option(
    "--index",
    "folder",
    type=click.Path(path_type=Path),
    help="Index made by screen-index; the library's own designations when left out.",
)


@click.command("screen")
@click.argument("name", required=False)
@click.option("--as-of", "as_of", type=DAY, required=True, help="Day on which a listing counts.")
@click.option("--country", type=COUNTRY, help="Country of the party, if known.")
@click.option("--born", type=click.IntRange(1800, 2100), help="Birth year, if known.")
@click.option("--threshold", type=click.FloatRange(0.3, 1.0), help="Score of a hit; 0.78 if unset.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="csv with a column name.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the screened csv goes.")
@INDEX
@json_option
def screen_command(
    name: str | None,
    as_of: date,
    country: str | None,
    born: int | None,
    threshold: float | None,
    path: Path | None,
    out: Path | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Screen a name, or a csv of names, as of a day.

    A hit is a reason to look, not a finding of identity; no hit is not a clearance. Every line
    of a csv comes back, one that cannot be screened with its problem; then the command leaves
    with 3.

    \b
    Examples:
      tumen regime screen "Ardis Bearings" --as-of 2017-08-31
      tumen regime screen --file names.csv --out screened.csv --as-of 2017-08-31 --index lists
    """
    from tumen.regime.screening import THRESHOLD, screen, screen_csv

    if (name is None) == (path is None):
        raise CaseError("give a NAME or --file, one of the two", "tumen regime screen")
    limit = THRESHOLD if threshold is None else threshold
    with bar() as progress:
        index = _index(folder)
        if path is not None:
            target = out or path.with_name(f"{path.stem}-screened.csv")
            result = screen_csv(
                path, target, index=index, as_of=as_of, threshold=limit, progress=progress
            )
            lines = [
                f"lines: {result.lines}, hits: {result.hits}, undated: {result.undated}, "
                f"not screened: {result.bad}",
                *_old_text(index, as_of),
                str(result.out),
            ]
            emit(result, as_json=as_json, text=lambda: "\n".join(lines))
            if result.bad:
                raise click.exceptions.Exit(3)
            return
        assert name is not None
        answer = screen(name, index=index, as_of=as_of, country=country, born=born, threshold=limit)
    emit(answer, as_json=as_json, text=lambda: _answer_text(answer, index, is_own=folder is None))


@click.command("screen-index")
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--index", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--seen", type=DAY, help="Day of the lists, where a file does not carry it.")
@json_option
def index_command(lists: tuple[Path, ...], folder: Path, seen: date | None, as_json: bool) -> None:
    """Build an index of lists: UN or OFAC xml, OFAC csv, FollowTheMoney JSON lines.

    \b
    Example:
      tumen regime screen-index consolidated.xml sdn.csv --seen 2024-05-03 --index lists
    """
    from tumen.core.record import sha256_bytes
    from tumen.regime.screening import build_index, read_list

    def parties() -> Iterator[Party]:
        for path in lists:
            yield from read_list(path, seen=seen)

    with bar() as progress:
        sources = [
            {"file": path.name, "sha256": sha256_bytes(path.read_bytes())}
            for path in lists
            if path.is_file()
        ]
        index = build_index(parties(), folder, sources=sources, progress=progress)
    emit(
        index.meta,
        as_json=as_json,
        text=lambda: (
            f"{index.meta['names']:,} names of {index.meta['parties']:,} parties\n{folder}"
        ),
    )


@click.command("screen-quality")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Day on which a listing counts.")
@click.option("--names", type=click.IntRange(17, 5000), default=500, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@INDEX
@json_option
def quality_command(as_of: date, names: int, seed: int, folder: Path | None, as_json: bool) -> None:
    """Measure recall and false alarms of screening on an index.

    \b
    Example:
      tumen regime screen-quality --as-of 2024-06-01 --index lists
    """
    from tumen.regime.screening import measure

    with bar():
        quality = measure(_index(folder), as_of=as_of, names=names, seed=seed)
    emit(quality, as_json=as_json, text=lambda: _quality_text(quality))


def _index(folder: Path | None) -> NameIndex:
    from tumen.regime import library, load
    from tumen.regime.screening import build_index, load_index, parties_of

    if folder is not None:
        return load_index(folder)
    programmes = [load(name) for name in library()]
    name = "-".join(regime.sha256[:12] for regime in programmes)
    own = default_settings().cache / "screening" / f"library-{name}"
    try:
        return load_index(own)
    except DataError:  # none yet, or one of another version
        shutil.rmtree(own, ignore_errors=True)
    parties = (party for regime in programmes for party in parties_of(regime))
    return build_index(parties, own)


def _answer_text(answer: Screening, index: NameIndex, *, is_own: bool) -> str:
    lines = [_hit_text(hit) for hit in answer.hits]
    if not answer.hits:
        lines.append(
            f"no hit on {answer.as_of} among the {index.meta['names']:,} names of the index"
        )
    if answer.not_listed:
        lines.append(f"{answer.not_listed} matching, but not listed on {answer.as_of}")
    if answer.undated:
        lines.append("listed on an unknown day, check by hand:")
        lines += [_hit_text(hit) for hit in answer.undated]
    return "\n".join([*lines, *_old_text(index, answer.as_of)])


def _old_text(index: NameIndex, as_of: date) -> list[str]:
    """Say what an index cannot know: listings after its newest list."""
    if index.newest is None or index.newest >= as_of:
        return []
    return [f"the newest list of the index is of {index.newest}: later listings are not in it"]


def _hit_text(hit: Hit) -> str:
    head = f"{hit.score:.2f}  {hit.name}  ({', '.join((hit.party.kind, *hit.party.countries))})"
    return "\n".join([head, *(f"      {reason}" for reason in hit.reasons)])


def _quality_text(quality: Quality) -> str:
    kinds = sorted(quality.recall_by_kind.items(), key=lambda pair: pair[1])
    return "\n".join(
        [
            f"recall {quality.recall:.3f} on {quality.names} changed names, at threshold "
            f"{quality.threshold:.3f}",
            f"false alarms {quality.false_positive_rate:.3f} of unrelated names, "
            f"{quality.hard_negative_rate:.3f} of names crossed from two listed ones",
            *(f"  {share:.2f}  {kind}" for kind, share in kinds),
        ]
    )
