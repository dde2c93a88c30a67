"""What a scene is: the manifest, its reading, checking and sealing at start-up; `step`; `perform`.

It refuses the start of a site whose scenes could lose a matter.
"""
