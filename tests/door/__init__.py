"""The real service, from outside: what bad input gets, what a crash leaves, what a shutdown finishes."""
