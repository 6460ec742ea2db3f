"""Steps a vector environment of Gymnasium itself and prints a checksum of everything, every 500 steps.

Arguments: id, JSON of the keyword arguments, JSON of the wrappers, n, autoreset mode, steps.
"""

import json
import sys
import zlib

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import concatenate, create_empty_array

name, kwargs, wrappers, n, mode, steps = sys.argv[1:]
n, mode = int(n), AutoresetMode[mode]
if name.startswith("ALE/"):
    import ale_py


def make():
    env = gymnasium.make(name, **json.loads(kwargs))
    for wrapper, arguments in json.loads(wrappers):
        env = getattr(gymnasium.wrappers, wrapper)(env, **arguments)
    return env


envs = SyncVectorEnv([make] * n, autoreset_mode=mode)


def leaves(space, value):
    if isinstance(space, spaces.Dict):
        return [leaf for key in space.spaces for leaf in leaves(space[key], value[key])]
    if isinstance(space, spaces.Tuple):
        return [leaf for part, item in zip(space, value) for leaf in leaves(part, item)]
    if isinstance(space, spaces.Text):
        codes = [[ord(c) for c in text] + [-1] * (space.max_length - len(text)) for text in value]
        return [np.array(codes, np.int32)]
    if isinstance(space, (spaces.Discrete, spaces.MultiDiscrete)):
        return [np.asarray(value, np.int64)]
    return [np.asarray(value)]


def fill(space, t, row, k=0):
    """The action of a row at step t: the same rule as in GymTrajectoryTest."""
    if isinstance(space, spaces.Dict):
        return {key: fill(space[key], t, row, k + i) for i, key in enumerate(space.spaces)}
    if isinstance(space, spaces.Tuple):
        return tuple(fill(part, t, row, k + i) for i, part in enumerate(space))
    draw = 7 * t + t // 5 + 3 * row + k
    if isinstance(space, spaces.Discrete):
        return int(space.start) + draw % int(space.n)
    if isinstance(space, spaces.MultiDiscrete):
        return np.array(
            [s + (draw + i) % m for i, (s, m) in enumerate(zip(space.start, space.nvec))]
        )
    if isinstance(space, spaces.MultiBinary):
        return np.array([(draw + i) % 2 for i in range(space.n)], np.int8)
    low, high = space.low.astype(np.float64), space.high.astype(np.float64)
    parts = np.arange(draw, draw + low.size).reshape(low.shape) % 101 / 100.0
    return (low + (high - low) * parts).astype(space.dtype)


def put(arrays):
    global crc
    for array in arrays:
        crc = zlib.crc32(np.ascontiguousarray(array).tobytes(), crc)


observed, acted = envs.single_observation_space, envs.single_action_space
crc = 0
observations, _ = envs.reset(seed=11)
put(leaves(observed, observations))
ends = 0
for t in range(int(steps)):
    actions = [fill(acted, t, row) for row in range(n)]
    if isinstance(acted, spaces.Discrete):
        batch = np.array(actions)
    else:
        batch = concatenate(acted, actions, create_empty_array(acted, n))
    observations, rewards, terminated, truncated, infos = envs.step(batch)
    put(leaves(observed, observations))
    put([rewards, terminated.astype(np.uint8), truncated.astype(np.uint8)])
    ended = terminated | truncated
    ends += int(ended.sum())
    for row in np.flatnonzero(ended):
        if mode == AutoresetMode.SAME_STEP:
            last = infos["final_obs"][row]
        else:
            last = envs._env_obs[row]
        one = concatenate(observed, [last], create_empty_array(observed, 1))
        put(leaves(observed, one))
    if mode == AutoresetMode.DISABLED and ended.any():
        observations, _ = envs.reset(options={"reset_mask": ended})
        put(leaves(observed, observations))
    if t % 500 == 499:
        print(f"{crc:08x} {ends}")
