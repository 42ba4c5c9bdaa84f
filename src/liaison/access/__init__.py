"""Who may do what with which records.  One pure `decide()`; deny by default."""
