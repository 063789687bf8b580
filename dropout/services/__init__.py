"""Verbs of the dropout room, one module a subject: cases (opening, moving, visits, papers), children, care, the clock."""
