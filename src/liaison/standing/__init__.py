"""The standing check: tell me when anyone like this is fed, until a day, under the rights that I have then."""
