"""指标: declared standards, the engine, snapshots, verdicts."""
