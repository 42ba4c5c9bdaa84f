"""Small programs for those who work on Liaison; the Makefile calls them."""
