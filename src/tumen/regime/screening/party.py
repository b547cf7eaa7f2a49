"""Listed parties, and from when to when they are listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PartyKind = Literal["person", "organization", "vessel", "aircraft", "other"]


@dataclass(frozen=True)
class Listing:
    """One entry of a party on one list.

    Attributes
    ----------
    issuer
        Who lists, e.g. ``UNSC`` or ``OFAC``.
    reference
        The list's own number for the party, e.g. ``KPi.033``.
    programme
        The list's programme, e.g. ``DPRK2``.
    listed
        First day of the listing; None when the list does not say.
    delisted
        First day on which the party is listed no more; None while it is.
    seen
        Day of the list in which the entry was read. It bounds an unknown first day from above.
    gone_by
        A day on which the entry was seen to be off the list, when the day of removal is unknown.
    """

    issuer: str
    reference: str = ""
    programme: str = ""
    listed: date | None = None
    delisted: date | None = None
    seen: date | None = None
    gone_by: date | None = None

    def holds_on(self, day: date) -> bool | None:
        """Return whether the listing holds on a day; None when its first day is unknown.

        A listing without a first day holds from the day on which it was seen; before that day
        the answer is unknown. A listing whose removal day is unknown holds until the day on which
        it was seen to be gone: a hit too many is checked by hand, one too few is missed.
        """
        ends = [end for end in (self.delisted, self.gone_by) if end is not None]
        if ends and day >= min(ends):
            return False
        if self.listed is not None:
            return day >= self.listed
        if self.seen is not None and day >= self.seen:
            return True
        return None


@dataclass(frozen=True)
class Party:
    """A person, body, vessel or aircraft that some list names.

    Attributes
    ----------
    id
        Unique in an index.
    kind
        What it is; a query never hits on kind alone.
    names
        The name of the list first, then aliases, former names and names in other scripts.
    countries
        ISO alpha-3 codes as far as the list gives them.
    born
        Birth years, for persons.
    listings
        Entries with their intervals.
    """

    id: str
    kind: PartyKind
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    born: tuple[int, ...] = ()
    listings: tuple[Listing, ...] = ()
