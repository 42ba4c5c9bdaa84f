"""Template tags of the base page and its components."""
