"""Measure what is promised about speed, beside a bare comparison, on the machine at hand.

`python -m bench [NAME...]`; `docs/bench/README.md` says how to read the figures.
Never part of the tests: a figure depends on the machine and on who else uses it.
"""
