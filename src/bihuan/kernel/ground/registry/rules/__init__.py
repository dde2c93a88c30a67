"""Pure decisions of the registry: identifiers, masks, paths, names of places."""
