"""The benchmarks of design.md §10: `python -m bench [NAME …]` runs them, one JSON line each (script/bench)."""
