"""Starts the worker: takes stdin and stdout out of the environments' reach, then imports the rest."""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serves the JVM whose child this is; see :mod:`umwelt_bridge.worker`."""
    commands, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)  # whatever is printed goes to stderr
    try:
        from umwelt_bridge import worker
    except ImportError as e:
        refusal = {"error": str(e), "python": sys.version.split()[0]}
        os.write(answers, json.dumps(refusal).encode() + b"\n")
        return
    worker.main(commands, answers)
