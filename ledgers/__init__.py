"""台账: declared ledgers: reading, checking, filing, approval, provenance."""
