"""The field desk: the phone app of grid workers and verifiers, which works without a network."""
