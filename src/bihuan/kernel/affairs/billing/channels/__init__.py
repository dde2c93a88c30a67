"""How channels are spoken with. Each verifies signatures; every other check is the room's."""
