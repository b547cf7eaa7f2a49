"""Template, style sheet and layout of the brief, as data."""
