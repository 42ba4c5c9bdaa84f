"""A log that only grows, and that anybody can check: Merkle tree, tiles, signed checkpoints.

Sources: RFC 9162, section 2 (the hashing is that of RFC 6962), and of c2sp.org tlog-tiles, tlog-checkpoint,
signed-note and tlog-cosignature, version 1 each.
"""
