"""The edge: systems outside the house, the machines that come in, what is sent to whom.

A system is described before it is spoken to; a call and an arrival are kept with their answer under
a key, so that the same one twice is the same one once; what fails is tried for three days and then
shown to people.
"""
