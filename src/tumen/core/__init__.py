"""Shared nouns: errors, findings, codes, periods, units, reading. Import from its files."""
