"""What people and machines send by mistake or on purpose: clear answers, nothing half-written."""
