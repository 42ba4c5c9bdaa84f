"""What an account or an agency is told: one list for all parts of the house, none of which it knows."""
