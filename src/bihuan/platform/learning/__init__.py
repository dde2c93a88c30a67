"""Learns to label texts from labelled texts, says why, and proves whether a new version is better.

The model is our own and linear; nothing trained is shipped. No word of any trade occurs here.
"""
