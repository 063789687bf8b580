"""测算: explain a figure, what-if, least-cost plan."""
