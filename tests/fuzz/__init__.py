"""Coverage-guided fuzzing of what strangers may send: machine-readable zones, names, queries (`make campaign`)."""
