"""The open face: what anybody may look at; in the demo, the accounts to enter with."""
