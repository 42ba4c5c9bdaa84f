"""The check: what an officer asks, over all databases that the officer may check, and the answer."""
