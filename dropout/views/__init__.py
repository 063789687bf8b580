"""Pages of the dropout room, one module a subject."""
