"""The composition root: the only place that knows every storey and lists the scenes."""
