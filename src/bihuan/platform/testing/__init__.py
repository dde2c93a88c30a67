"""What tests of every storey need: the database plug-in, query counts, refusals."""
