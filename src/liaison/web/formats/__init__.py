"""How pages write numbers in languages where Django's own format does not fit ours."""
