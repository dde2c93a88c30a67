"""Uploads: looked at before they are believed, made anew, stripped, hashed, kept by their hash."""
