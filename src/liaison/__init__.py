"""Liaison: a group of countries runs its police cooperation itself."""

__version__ = "0.1.0"
