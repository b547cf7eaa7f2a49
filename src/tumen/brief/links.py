"""Which addresses may be followed from a brief."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_KEPT = "!#$%&'()*+,/:;=?@[]~-._"


def safe_url(address: str) -> str:
    """Return an address that is safe as a link, or an empty text.

    Only ``http`` and ``https`` with a host pass. Everything that is not a plain character of an
    address is percent-encoded, so that quotes, spaces and control characters cannot end an
    attribute.

    Examples
    --------
    >>> safe_url("https://example.org/a b")
    'https://example.org/a%20b'
    >>> safe_url("javascript:alert(1)")
    ''
    """
    stripped = address.strip()
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "\\" in stripped:
        return ""
    return quote(stripped, safe=_KEPT)


def doi_url(doi: str) -> str:
    """Return the address that resolves a DOI, or an empty text when it is none.

    Examples
    --------
    >>> doi_url("10.1093/restud/rdu035")
    'https://doi.org/10.1093/restud/rdu035'
    """
    bare = doi.strip().removeprefix("https://doi.org/").removeprefix("doi:")
    return safe_url(f"https://doi.org/{bare}") if bare.startswith("10.") else ""
