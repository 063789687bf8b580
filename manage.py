#!/usr/bin/env python
"""The command line of 均衡台账."""
import os
import sys

from django.core.management import execute_from_command_line

# These start processes that have a queue; every other command does its work in place (design.md §8).
SERVERS = {"serve", "runserver"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] not in SERVERS:
        os.environ.setdefault("JOBS_INLINE", "1")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
