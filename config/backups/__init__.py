"""A backup of everything that lives: rows in a form no database engine owns, files as they lie, and word of the keys.

`making.make(folder)` and `restoring.restore(folder)` are the two ends; `rows` is the form both speak.
"""
