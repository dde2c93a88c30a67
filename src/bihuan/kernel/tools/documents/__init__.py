"""Evidence: photos and voice notes with time, place, hash and who added them.

It refuses to change or drop evidence, and shows it only to those who may see what it belongs to.
"""
