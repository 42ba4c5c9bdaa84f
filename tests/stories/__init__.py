"""The mission as it is played: stories that cross the house, acting only through browser, command line and HTTP."""
