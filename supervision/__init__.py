"""督导: tasks, inspection rounds, findings, rectification."""
