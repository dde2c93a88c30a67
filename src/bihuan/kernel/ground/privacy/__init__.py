"""For what personal data is used, who agreed, who looked, and the one way to a clear value.

It keeps purposes with their legal basis, consents, and a line for every look. It refuses a look
without a reason, outside one's care, or into one's own affairs, and writes the refusal down too.
"""
