"""Environments that tests of the bridge use: a nested one, and some that misbehave."""

import os
import sys
import time

import gymnasium
import numpy as np
from gymnasium import spaces


class Nested(gymnasium.Env):
    """Every kind of space of fixed size in one tree; episodes of 3 to 9 steps."""

    metadata = {"render_modes": ["rgb_array", "rgb_array_list", "ansi"], "render_fps": 7}

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.observation_space = spaces.Dict(
            {
                "z": spaces.Discrete(5, start=-2),
                "a": spaces.Tuple(
                    (
                        spaces.MultiBinary((2, 3)),
                        spaces.Dict({"half": spaces.Box(-1, 1, (3,), np.float16)}),
                    )
                ),
                "counts": spaces.MultiDiscrete([3, 4], start=[1, -1]),
                "bytes": spaces.Box(0, 255, (2, 2), np.uint8),
                "flags": spaces.Box(0, 1, (3,), np.bool_),
                "big": spaces.Box(-(2**40), 2**40, (), np.int64),
                "short": spaces.Box(-9, 9, (2,), np.int16),
                "words": spaces.Text(5, charset="abc"),
                "wide": spaces.Box(-np.inf, np.inf, (2,), np.float64),
            }
        )
        self.action_space = spaces.Dict(
            {
                "go": spaces.Discrete(3, start=1),
                "push": spaces.Box(-1, 1, (2,), np.float32),
                "pick": spaces.Tuple((spaces.MultiBinary(2), spaces.MultiDiscrete([2, 3]))),
            }
        )

    def _observe(self):
        if not hasattr(self, "drawing"):
            self.drawing = spaces.Dict(self.observation_space.spaces)
        self.drawing.seed(int(self.np_random.integers(2**31)))
        return self.drawing.sample()

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.left = int(self.np_random.integers(3, 10)) + (options or {}).get("longer", 0)
        return self._observe(), {"left": self.left}

    def step(self, action):
        self.left -= 1
        reward = float(
            action["go"] + action["push"].sum() + action["pick"][0].sum() + action["pick"][1][1]
        )
        info = {"left": self.left, "deep": {"er": reward / 2}}
        if self.left == 2:
            info["word"] = "two"
        ended = self.left <= 0
        return self._observe(), reward, ended and reward > 2, ended and reward <= 2, info

    def render(self):
        picture = np.full((4, 6, 3), self.left, np.uint8)
        picture[1, 2] = (1, 2, 3)
        if self.render_mode == "ansi":
            return f"{self.left} left"
        return [picture, picture + 1] if self.render_mode == "rgb_array_list" else picture


class Unsized(gymnasium.Env):
    """A Sequence of points seen, a OneOf to act with."""

    observation_space = spaces.Sequence(spaces.Box(-10, 10, (2,), np.float32))
    action_space = spaces.OneOf((spaces.Discrete(3), spaces.Box(-1, 1, (1,), np.float32)))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return (), {}

    def step(self, action):
        which, value = action
        point = np.array([which, float(np.sum(value))], np.float32)
        return (point, point), 0.0, False, False, {}


class Faulty(gymnasium.Env):
    """Does at its third step what ``fault`` says."""

    observation_space = spaces.Box(0, 1000, (1,), np.float32)
    action_space = spaces.Discrete(2)

    def __init__(self, fault="none"):
        self.fault = fault
        if fault == "open":
            raise RuntimeError("cannot be opened")

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        if self.fault == "reset":
            raise RuntimeError("cannot be reset")
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.steps += 1
        if self.steps == 3:
            if self.fault == "raise":
                raise KeyError("third step")
            if self.fault == "die":
                print("last words", flush=True)
                os.abort()
            if self.fault == "exit":
                sys.exit(3)
            if self.fault == "hang":
                time.sleep(10_000)
            if self.fault == "spawn":
                os.system("sleep 10000 &")
                time.sleep(10_000)
            if self.fault == "print":
                line = "x" * 1023 + "\n"
                for _ in range(300 * 1024):
                    sys.stdout.write(line)
                os.write(1, b"." * 100)
            if self.fault == "shape":
                return np.zeros(2, np.float32), 0.0, False, False, {}
        return np.full(1, self.steps, np.float32), 1.0, self.steps >= 10, False, {}


for name, kind in {"Nested": Nested, "Unsized": Unsized, "Faulty": Faulty}.items():
    gymnasium.register(f"{name}-v0", kind)
