"""Umwelt's environments for Gymnasium.

Importing this package starts a JVM, unless one runs, and registers every environment that
``umwelt list environments`` names::

    import gymnasium
    import umwelt

    env = gymnasium.make("umwelt/Catch-v0", balls=3)
    envs = gymnasium.make_vec(
        "umwelt/Catch-v0", num_envs=64, vectorization_mode="vector_entry_point"
    )

Ids of the namespace ``umwelt`` are kept; others get it in front, so that ``ALE/Pong-v5`` stays
ale-py's and ours is ``umwelt-ALE/Pong-v5``. Keyword arguments are those of the registry, which
``umwelt list environments ID`` shows.
"""

from __future__ import annotations

import gymnasium

from umwelt.environments import UmweltEnv, UmweltVectorEnv
from umwelt.jvm import Jvm, UmweltError

__all__ = ["Jvm", "UmweltEnv", "UmweltError", "UmweltVectorEnv", "gymnasium_id", "register"]

NAMESPACE = "umwelt"


def gymnasium_id(name: str) -> str:
    """The id in Gymnasium of one of Umwelt's."""
    namespace, slash, _ = name.partition("/")
    if not slash:
        return f"{NAMESPACE}/{name}"
    return name if namespace == NAMESPACE else f"{NAMESPACE}-{name}"


def register() -> list[str]:
    """Registers every environment that is not registered yet; returns the ids of all."""
    ids = []
    for entry in Jvm.of_this_process().call("environments"):
        name = gymnasium_id(entry["id"])
        ids.append(name)
        if name not in gymnasium.registry:
            gymnasium.register(
                name,
                entry_point="umwelt.environments:UmweltEnv",
                vector_entry_point="umwelt.environments:UmweltVectorEnv",
                kwargs={"umwelt_id": entry["id"]},
            )
    return ids


register()
