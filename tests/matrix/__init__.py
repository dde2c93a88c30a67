"""Every route for every role, against one table that people can read: `expected.yaml`."""
