"""Tests of the project itself: that its code, its documents and its tools say the same."""
