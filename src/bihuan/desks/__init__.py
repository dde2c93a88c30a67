"""Pages that cross scenes, one folder for each audience."""
