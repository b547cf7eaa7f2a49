"""Labelled arrays, named random streams, the tolerance policy; no economics. Import from its files."""
