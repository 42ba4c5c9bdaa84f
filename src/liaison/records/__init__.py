"""What is known: the records that bureaux feed, every version of them, and their retention."""
