"""The open standard at the front door: Open311 GeoReport v2.

Anybody's program may list services, send a matter and read how public ones stand. What is sent is
one matter in the ordinary inbox; what is read holds no personal data.
"""
