"""Prints pip's settings of this machine as the variables uv reads, NAME=VALUE, one a line.

uv looks at neither /etc/pip.conf nor PIP_*; a machine that reaches its packages through a mirror, a proxy or a
certificate of its own says so there. Variables already set for uv stand.
"""
from __future__ import annotations

import ast
import os
import subprocess
import sys

# pip's name → (uv's variable, what separates several values)
NAMES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "proxy": ("ALL_PROXY", ""),
    "timeout": ("UV_HTTP_TIMEOUT", ""),
    "no-index": ("UV_NO_INDEX", ""),
}


def translate(listing: str) -> dict[str, str]:
    """uv's variables from the text of `pip config list`; a variable of the environment stands before a file's."""
    found: dict[str, str] = {}
    lines = [line.partition("=") for line in listing.splitlines() if "=" in line]
    for place, _, quoted in sorted(lines, key=lambda line: line[0].startswith(":env:")):
        name = place.rpartition(".")[2]
        if name in NAMES:
            variable, separator = NAMES[name]
            value = str(ast.literal_eval(quoted))
            found[variable] = separator.join(value.split()) if separator else value
    return found


def main() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    for name, value in translate(listing).items():
        if name == "SSL_CERT_FILE" or name not in os.environ:
            sys.stdout.write(f"{name}={value}\n")


if __name__ == "__main__":
    main()
