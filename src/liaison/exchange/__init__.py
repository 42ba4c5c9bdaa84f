"""CARRIED: doors that speak other systems' protocols; now those of yente's clients."""
