"""Sign-in, second factor, sessions. It knows accounts, not people: a person is the registry's."""
