"""How tumen is used from a terminal; no analysis in here."""

from tumen.cli.app import main

__all__ = ["main"]
