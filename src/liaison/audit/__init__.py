"""What was done: the register of processing (RPD 126).  Knows actors only as ids."""
