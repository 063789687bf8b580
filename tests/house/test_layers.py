"""The floors of design.md §2 hold: imports point only downward, and stand at the top of the file."""
