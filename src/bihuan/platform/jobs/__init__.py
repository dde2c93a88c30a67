"""Background work in the same database; rooms use ``bihuan.platform.jobs.queue``."""
