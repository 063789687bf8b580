"""The items of a standard that are no school indicator: each kind a frozen declaration that judges itself, in its own file."""
