"""安企: a firm sees its own code, the reasons, and the way back to green.

Rules alone colour, by confirmed hazards; a person confirms before red; points come back after a
check on the spot. A colour restricts nobody's rights.
"""
