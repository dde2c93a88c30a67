#!/usr/bin/env python
"""Django's own entry point; people use the command `bihuan`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.demo")
    execute_from_command_line(sys.argv)
