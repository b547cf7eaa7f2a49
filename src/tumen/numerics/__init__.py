"""Labelled arrays, named random streams, the tolerance policy; import from its files."""
