"""The face of the house: base page, components, form rendering, static files; no domain rule lives here."""
