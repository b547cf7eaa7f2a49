"""One file for each source of trade data; each returns the room's nouns."""
