"""The resident's desk: report, my matters, my pass later; big print on every page."""
