"""Jobs: their pipeline, rows, files, recovery, history and personal data."""
