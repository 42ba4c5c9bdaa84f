"""Who takes part: bureaux, the secretariat, entities, officers, systems and their keys (RPD 1, 5, 21, 111)."""
