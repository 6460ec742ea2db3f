"""Environments of Umwelt with Gymnasium's interfaces."""

from __future__ import annotations

import os
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from umwelt.jvm import Session
from umwelt_bridge import values

SEEDS = 2**31


def full_id(name: str, arguments: dict[str, Any]) -> str:
    """An id with keyword arguments: ``umwelt/Catch-v0?balls=3``."""
    words = []
    for key, value in arguments.items():
        if isinstance(value, (bool, np.bool_)):
            value = str(bool(value)).lower()
        words.append(f"{key}={value}")
    return name + ("?" + "&".join(words) if words else "")


def render_modes(session: Session) -> list[str]:
    """What an environment can be rendered as."""
    return ["rgb_array"] if session.renders else []


def check_render_mode(name: str, render_mode: str | None, modes: list[str]) -> None:
    """Refuses what an environment cannot be rendered as."""
    if render_mode is not None and render_mode not in modes:
        raise ValueError(f"{name}: expected a render mode of {[None, *modes]}, got {render_mode!r}")


class UmweltEnv(gymnasium.Env):
    """One environment of Umwelt.

    Arguments but those named here are the environment's, as ``umwelt list environments ID`` shows.
    Observations are copies and may be kept.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 15}

    def __init__(
        self,
        umwelt_id: str,
        render_mode: str | None = None,
        timeout: float = 60,
        **arguments: Any,
    ):
        """Makes one.

        Args:
            umwelt_id: its id in Umwelt, such as ``ALE/Pong-v5`` or ``imagine:runs/catch``
            render_mode: None or ``rgb_array``
            timeout: seconds that one answer of the JVM may take
            arguments: the environment's keyword arguments
        """
        self._session = Session(full_id(umwelt_id, arguments), 1, 1, "DISABLED", timeout)
        modes = render_modes(self._session)
        self.metadata = {**self.metadata, "render_modes": modes}
        try:
            check_render_mode(umwelt_id, render_mode, modes)
        except ValueError:
            self._session.close()
            raise
        self.render_mode = render_mode
        self.observation_space = self._session.observation_space
        self.action_space = self._session.action_space
        memory = self._session.memory
        self._write = values.writer(self.action_space, iter(memory.actions))
        self._read = values.reader(self.observation_space, iter(memory.observations))
        self._read_info = values.reader(self._session.info_space, iter(memory.infos))
        self._rewards, self._terminated = memory.rewards, memory.terminated
        self._truncated = memory.truncated
        self._seeded = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; the first one is seeded at random unless a seed is given."""
        super().reset(seed=seed)
        if seed is None and not self._seeded:
            seed = int(self.np_random.integers(SEEDS))
        self._seeded = True
        memory = self._session.memory
        memory.reset_mask[0] = 1
        memory.reset_seeds[0] = -1 if seed is None else seed
        self._session.reset(options)
        return self._read(0), self._read_info(0)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Takes one action.

        Raises:
            UmweltError: where the action is not in the space, or the episode has ended
        """
        self._write(0, action)
        self._session.step()
        return (
            self._read(0),
            float(self._rewards[0]),
            bool(self._terminated[0]),
            bool(self._truncated[0]),
            self._read_info(0),
        )

    def render(self) -> np.ndarray | None:
        """A picture u8 [height, width, 3] in the render mode ``rgb_array``, else None."""
        return None if self.render_mode is None else self._session.render(0)

    def close(self) -> None:
        """Frees the environment; a second call does nothing."""
        self._session.close()


class UmweltVectorEnv(VectorEnv):
    """n environments of Umwelt, stepped by threads of the JVM.

    Arguments but those named here are the environments', as ``umwelt list environments ID`` shows.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 15}

    def __init__(
        self,
        umwelt_id: str,
        num_envs: int = 1,
        render_mode: str | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        threads: int | None = None,
        copy: bool = True,
        timeout: float = 60,
        **arguments: Any,
    ):
        """Makes them.

        Args:
            umwelt_id: their id in Umwelt, such as ``ALE/Pong-v5``
            num_envs: n
            render_mode: None or ``rgb_array``
            autoreset_mode: what becomes of a row whose episode has ended
            threads: how many threads step them; as many as there are processors where None
            copy: whether observations are copies; else they are views that the next step overwrites
            timeout: seconds that one answer of the JVM may take
            arguments: the environments' keyword arguments
        """
        mode = AutoresetMode(autoreset_mode)
        processors = len(os.sched_getaffinity(0))
        self._session = Session(
            full_id(umwelt_id, arguments),
            num_envs,
            min(num_envs, threads or processors),
            mode.name,
            timeout,
        )
        modes = render_modes(self._session)
        self.metadata = {**self.metadata, "render_modes": modes, "autoreset_mode": mode}
        try:
            check_render_mode(umwelt_id, render_mode, modes)
        except ValueError:
            self._session.close()
            raise
        self.render_mode = render_mode
        self.num_envs = num_envs
        self.single_observation_space = self._session.observation_space
        self.single_action_space = self._session.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        memory = self._session.memory
        self._write = values.batch_writer(self.single_action_space, iter(memory.actions))
        self._read = values.batch_reader(
            self.single_observation_space, iter(memory.observations), copy
        )
        info_space = self._session.info_space
        assert isinstance(info_space, gymnasium.spaces.Dict)
        self._info_keys: list[str] = list(info_space.spaces)
        self._read_infos = values.batch_reader(info_space, iter(memory.infos), True)
        self._read_final_infos = values.batch_reader(info_space, iter(memory.final_infos), True)
        self._read_final = values.reader(
            self.single_observation_space, iter(memory.final_observations)
        )
        self._same_step = mode == AutoresetMode.SAME_STEP
        self._seeded = np.zeros(num_envs, bool)

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Starts episodes in all rows, or in those of ``options["reset_mask"]``, bool [n].

        An integer seeds row i with seed + i. Rows never seeded are seeded at random.
        """
        rows = self.num_envs
        first = seed if isinstance(seed, (int, np.integer)) else None
        super().reset(seed=None if first is None else int(first))
        options = dict(options or {})
        mask = np.asarray(options.pop("reset_mask", np.ones(rows, bool)))
        if mask.shape != (rows,) or mask.dtype != np.bool_ or not mask.any():
            raise ValueError(
                f"expected a reset_mask of bool ({rows},) with a true element, got"
                f" {mask.dtype} {mask.shape}"
            )
        seeds: list[int | None]
        if isinstance(seed, list):
            seeds = list(seed)
        else:
            seeds = [None if first is None else int(first) + row for row in range(rows)]
        if len(seeds) != rows:
            raise ValueError(f"expected {rows} seeds, got {len(seeds)}")
        for row in np.flatnonzero(mask):
            if seeds[row] is None and not self._seeded[row]:
                seeds[row] = int(self.np_random.integers(SEEDS))
        self._seeded |= mask
        memory = self._session.memory
        memory.reset_mask[:] = mask
        memory.reset_seeds[:] = [-1 if seed is None else seed for seed in seeds]
        self._session.reset(options)
        return self._read(), self._infos(mask)

    def _infos(self, rows: np.ndarray) -> dict[str, Any]:
        infos = self._read_infos()
        for key in self._info_keys:
            infos["_" + key] = rows.copy()
        return infos

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Steps every row.

        Raises:
            UmweltError: where an action is not in the space
        """
        self._write(actions)
        self._session.step()
        memory = self._session.memory
        terminated = memory.terminated.astype(bool)
        truncated = memory.truncated.astype(bool)
        infos = self._infos(np.ones(self.num_envs, bool))
        if self._same_step:
            ended = terminated | truncated
            if ended.any():
                self._add_finals(infos, ended)
        return self._read(), memory.rewards.copy(), terminated, truncated, infos

    def _add_finals(self, infos: dict[str, Any], ended: np.ndarray) -> None:
        finals = np.full(self.num_envs, None, dtype=object)
        for row in np.flatnonzero(ended):
            finals[row] = self._read_final(int(row))
        final_infos = self._read_final_infos()
        for key in self._info_keys:
            final_infos["_" + key] = ended.copy()
        infos["final_obs"], infos["_final_obs"] = finals, ended.copy()
        infos["final_info"], infos["_final_info"] = final_infos, ended.copy()

    def render(self) -> tuple[np.ndarray, ...] | None:
        """A picture u8 [height, width, 3] of every row in the render mode ``rgb_array``, else None."""
        if self.render_mode is None:
            return None
        return tuple(self._session.render(row) for row in range(self.num_envs))

    def close_extras(self, **kwargs: Any) -> None:
        """Frees the environments."""
        self._session.close()
