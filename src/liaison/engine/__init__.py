"""Which records resemble this query, how much, and why.  Pure: no Django, no clock, no rights."""
