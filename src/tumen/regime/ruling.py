"""What a rule says: the transaction, the steps, the verdict of each line."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, TypeVar

from tumen.core.record import Record

Verdict = Literal["prohibited", "undetermined", "conditional", "wind_down", "exempt", "permitted"]
Outcome = Literal[
    "prohibited",
    "undetermined",
    "conditional",
    "wind_down",
    "exempt",
    "permitted",
    "replaced",
    "ended",
    "suspended",
    "noted",
]

ORDER: tuple[Verdict, ...] = (
    "prohibited",
    "undetermined",
    "conditional",
    "wind_down",
    "exempt",
    "permitted",
)
"""Verdicts from the strictest to the mildest; the strictest measure decides a line."""

VERDICT_WORDS: dict[str, str] = {
    "prohibited": "prohibited",
    "undetermined": "undetermined",
    "conditional": "allowed under conditions",
    "wind_down": "allowed as wind-down",
    "exempt": "exempt",
    "permitted": "permitted",
}


R = TypeVar("R", bound=Record)


def made(model: type[R], fields: dict[str, Any]) -> R:
    """Return a record from fields that the engine has checked, all of them given.

    Does what `model_construct` does, ten times faster: a ruling is a dozen records, and files
    hold a hundred thousand rulings. A law test validates rulings in full.
    """
    new = model.__new__(model)
    object.__setattr__(new, "__dict__", fields)
    object.__setattr__(new, "__pydantic_fields_set__", set(fields))
    object.__setattr__(new, "__pydantic_extra__", None)
    object.__setattr__(new, "__pydantic_private__", None)
    return new


def place_text(cite: str, paragraph: str) -> str:
    """Return the act and the place in it, e.g. ``S/RES/2371 (2017), paragraph 8``."""
    if not cite or not paragraph:
        return cite
    return f"{cite}, {'paragraph ' if paragraph[0].isdigit() else ''}{paragraph}"


class Step(Record):
    """One measure that a transaction touches, and what became of it.

    Attributes
    ----------
    measure
        Full name of the measure.
    line
        Line of law it belongs to.
    cite, paragraph
        The act and the place in it.
    outcome
        What this measure says; ``replaced``, ``ended`` and ``suspended`` decide nothing.
    matched
        Prefix, service or party by which it is touched.
    start, end
        Interval in force, half-open; `end` counts a successor that is known.
    text
        One sentence: why this outcome.
    tried
        Exemptions and wind-downs that were tried, each with the reason why it failed or held.
    needs
        Facts that would decide it.
    coverage
        ``possible`` when the measure means less than the code holds.
    """

    measure: str
    line: str
    cite: str
    paragraph: str
    outcome: Outcome
    matched: str
    start: date
    end: date | None
    text: str
    tried: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    coverage: Literal["full", "possible"] = "full"

    @property
    def place(self) -> str:
        """The act and paragraph."""
        return place_text(self.cite, self.paragraph)


class LineRuling(Record):
    """What one line of law says.

    Attributes
    ----------
    line
        ``UN``, or the code of the state whose law it is.
    verdict
        For those whom the line binds.
    is_binding
        Whether the line binds a party of this transaction.
    exposure
        Acts under which an outsider risks being designated or cut off.
    """

    line: str
    verdict: Verdict
    is_binding: bool
    decided_by: str = ""
    cite: str = ""
    paragraph: str = ""
    coverage: Literal["full", "possible"] = "full"
    needs: tuple[str, ...] = ()
    exposure: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The deciding act and paragraph; empty when nothing decides."""
        return place_text(self.cite, self.paragraph)

    @property
    def words(self) -> str:
        """The verdict in words; a line that binds no party exposes it or does not bind."""
        if self.is_binding or self.verdict != "permitted":
            return VERDICT_WORDS[self.verdict]
        return "exposed to designation" if self.exposure else "does not bind"


class Ruling(Record):
    """The answer to "may this be done, and which paragraph says so?".

    Attributes
    ----------
    verdict
        Of the leading line (the first of the regime); `strictest` looks at every binding line.
    coverage
        ``possible`` when the deciding measure means less than the code holds.
    because
        Every measure touched, in the order of lines and of strictness.
    needs
        Facts that would decide an undetermined verdict.
    red_flags
        What a careful officer would ask about.
    summary
        One sentence.
    """

    exporter: str
    importer: str
    product: str
    on: date
    verdict: Verdict
    coverage: Literal["full", "possible"]
    because: tuple[Step, ...]
    needs: tuple[str, ...]
    red_flags: tuple[str, ...]
    lines: tuple[LineRuling, ...]
    summary: str

    @property
    def strictest(self) -> Verdict:
        """The strictest verdict among the lines that bind a party."""
        found = {line.verdict for line in self.lines if line.is_binding} | {self.verdict}
        return next(verdict for verdict in ORDER if verdict in found)

    def text(self, width: int = 100) -> str:
        """Return the ruling as a person reads it, in lines of at most `width` columns.

        First the sentence and the verdict of each line of law, then every measure that was
        touched, with the ways out that were tried and what is needed.
        """
        from tumen.regime.telling import told

        return told(self, width)

    def line(self, name: str) -> LineRuling | None:
        """Return what one line says; None when it has nothing to say."""
        return next((found for found in self.lines if found.line == name), None)
