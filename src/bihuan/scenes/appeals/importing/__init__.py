"""Matters out of a file of another centre: read, judged, taken in by batches that resume."""
