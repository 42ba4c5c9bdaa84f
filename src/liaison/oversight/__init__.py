"""ANSWERED FOR: who saw a source's records, what one officer did, and checks that somebody must be able to explain."""
