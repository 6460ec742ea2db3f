"""Steps environments of Gymnasium for a JVM, as its child process.

The JVM writes one line of JSON to stdin: ``{"protocol": 1, "token": ...}``. The answer on stdout is one
line too: ``{"protocol": 1, "port": ...}`` with the port of the Py4J server, or ``{"error": ...}``. From
then on each byte on stdin is a command, and each of the first two is answered by one byte:

=====  ====================================================================================
``s``  step every row with its action; ``.`` done, ``e`` failed, the traceback is in the map
``r``  reset the rows of the mask with their seeds; answers as for ``s``
``c``  run the next call of :class:`Control`, which Py4J answers
=====  ====================================================================================

The end of stdin ends the process. What an environment prints goes to stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from py4j.clientserver import ClientServer, JavaParameters, PythonParameters

from umwelt_bridge import PROTOCOL, values
from umwelt_bridge.memory import Memory

DONE, FAILED = b".", b"e"
SAME_STEP, NEXT_STEP = "SAME_STEP", "NEXT_STEP"

Info = dict[str, Any]


class Rows:
    """Some of the n environments: those from ``first`` on, and their rows of the map."""

    def __init__(self, request: dict[str, Any]):
        """Makes the environments that the JVM asks for."""
        self.first: int = request["first"]
        self.count: int = request["count"]
        self.mode: str = request["autoreset"]
        self.json_length: int = request["json_length"]
        self.index: int = request["index"]
        self.info_paths: list[list[str]] = [path.split("/") for path in request["info"]]
        self.envs = [make(request) for _ in range(self.count)]
        self.observation_space = self.envs[0].observation_space
        self.action_space = self.envs[0].action_space
        for space in (self.observation_space, self.action_space):
            if request["size"] > 1 and not values.is_fixed(space):
                raise gymnasium.error.Error(
                    f"expected spaces of fixed size for several environments at once, got {space};"
                    " make single environments of it"
                )
        for other in self.envs[1:]:
            if (
                other.observation_space != self.observation_space
                or other.action_space != self.action_space
            ):
                raise gymnasium.error.Error(
                    "expected the spaces of row 0 in every row, got"
                    f" {other.observation_space} and {other.action_space}"
                )
        self.row_infos: list[Info] = [{} for _ in self.envs]
        self.row_final_infos: list[Info | None] = [None for _ in self.envs]
        self.ended = [False] * self.count

    def description(self) -> dict[str, Any]:
        """What the JVM must know of the environments."""
        env = self.envs[0]
        return {
            "observation_space": values.to_json(self.observation_space, self.json_length),
            "action_space": values.to_json(self.action_space, self.json_length),
            "render_mode": env.render_mode,
            "metadata": env.metadata,
            "action_meanings": _action_meanings(env),
            "spec": _spec(env),
        }

    def attach(self, path: str) -> None:
        """Maps the shared memory."""
        memory = Memory(
            path,
            values.leaves(self.action_space, self.json_length),
            values.leaves(self.observation_space, self.json_length),
            [values.Leaf(np.dtype(np.float64), ())] * len(self.info_paths),
        )
        own = slice(self.first, self.first + self.count)
        self.memory = memory
        self.read_actions = values.rows_reader(
            self.action_space, iter([leaf[own] for leaf in memory.actions]), self.count
        )
        self.write = values.writer(
            self.observation_space, iter([leaf[own] for leaf in memory.observations])
        )
        self.write_final = values.writer(
            self.observation_space, iter([leaf[own] for leaf in memory.final_observations])
        )
        self.mask = memory.reset_mask[own]
        self.seeds = memory.reset_seeds[own]
        self.rewards = memory.rewards[own]
        self.terminated = memory.terminated[own]
        self.truncated = memory.truncated[own]
        self.infos = [leaf[own] for leaf in memory.infos]
        self.final_infos = [leaf[own] for leaf in memory.final_infos]

    def reset(self, options: dict[str, Any] | None = None) -> None:
        """Resets the rows of the mask."""
        for row, seed in enumerate(self.seeds.tolist()):
            if not self.mask[row]:
                continue
            observation, info = self.envs[row].reset(
                seed=None if seed < 0 else seed, options=options
            )
            self.write(row, observation)
            self.rewards[row] = 0
            self.terminated[row] = self.truncated[row] = False
            self.ended[row] = False
            self.row_infos[row] = info
            self.row_final_infos[row] = None
            if self.info_paths:
                self._select(info, self.infos, row)

    def step(self) -> None:
        """Steps every row."""
        rewards: list[Any] = []
        terminations, truncations = [], []
        ended, write, row_infos = self.ended, self.write, self.row_infos
        self.row_final_infos = [None] * self.count
        row = 0
        reward: Any
        for env, action in zip(self.envs, self.read_actions(), strict=True):
            if ended[row] and self.mode == NEXT_STEP:
                observation, info = env.reset()
                reward, terminated, truncated = 0.0, False, False
                ended[row] = False
            else:
                observation, reward, terminated, truncated, info = env.step(action)
                if terminated or truncated:
                    observation, info = self._end(row, env, observation, info)
            write(row, observation)
            row_infos[row] = info
            rewards.append(reward)
            terminations.append(terminated)
            truncations.append(truncated)
            row += 1
        self.rewards[:] = rewards
        self.terminated[:] = terminations
        self.truncated[:] = truncations
        if self.info_paths:
            for row, info in enumerate(row_infos):
                self._select(info, self.infos, row)

    def _end(self, row: int, env: gymnasium.Env, observation: Any, info: Info) -> tuple[Any, Info]:
        """Keeps the end of an episode; returns the observation and info the step gives."""
        self.write_final(row, observation)
        self.row_final_infos[row] = info
        if self.info_paths:
            self._select(info, self.final_infos, row)
        if self.mode == SAME_STEP:
            return env.reset()
        self.ended[row] = True
        return observation, info

    def _select(self, info: Info, out: list[np.ndarray], row: int) -> None:
        for i, path in enumerate(self.info_paths):
            value: Any = info
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            out[i][row] = np.nan if value is None else value


def make(request: dict[str, Any]) -> gymnasium.Env:
    """Makes one environment with its wrappers."""
    name: str = request["id"]
    if name.startswith("ALE/"):
        gymnasium.register_envs(importlib.import_module("ale_py"))
    env = gymnasium.make(name, **request["kwargs"])
    for wrapper, arguments in request["wrappers"]:
        env = _wrapper(wrapper)(env, **arguments)
    return env


def _sign(env: gymnasium.Env) -> gymnasium.Env:
    return gymnasium.wrappers.TransformReward(env, lambda reward: float(np.sign(float(reward))))


def _wrapper(name: str) -> Callable[..., gymnasium.Env]:
    if name == "sign":
        return _sign
    module, _, attribute = name.rpartition(":")
    try:
        return getattr(importlib.import_module(module or "gymnasium.wrappers"), attribute)
    except (ImportError, AttributeError) as e:
        raise gymnasium.error.Error(
            f"expected a wrapper of gymnasium.wrappers or module:Class, got {name} ({e})"
        ) from e


def _action_meanings(env: gymnasium.Env) -> list[str]:
    try:
        return [str(word) for word in env.get_wrapper_attr("get_action_meanings")()]
    except AttributeError:
        return []


def _spec(env: gymnasium.Env) -> Any:
    """The spec as JSON; None where there is none, or JSON has no word for one of its arguments."""
    if env.spec is None:
        return None
    try:
        return json.loads(env.spec.to_json())
    except Exception:  # no reason to fail
        return None


class Control:
    """What the JVM calls through Py4J: every argument and result is a string.

    A result is JSON: ``{"value": ...}``, or ``{"error": {"type", "message", "refused", "traceback"}}``.
    Calls run on the main thread, where environments are stepped, because some must not change threads.
    """

    class Java:
        """Py4J's note of the interface implemented."""

        implements = ["org.umwelt.envs.gym.Control"]

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self._rows: Rows | None = None

    @property
    def rows(self) -> Rows:
        """The environments."""
        if self._rows is None:
            raise RuntimeError("expected a call of open before any other")
        return self._rows

    def run_next(self) -> None:
        """Runs one call, on the main thread."""
        self._calls.get()()

    def _on_main_thread(self, body: Callable[[], Any]) -> str:
        answers: queue.Queue[str] = queue.Queue()

        def call() -> None:
            try:
                answer = json.dumps({"value": body()}, default=values.plain)
            except BaseException as e:  # a SystemExit of an environment too
                answer = json.dumps({"error": _error(e)})
            answers.put(answer)

        self._calls.put(call)
        return answers.get()

    def open(self, request: str) -> str:
        """Makes the environments and describes them."""

        def body() -> dict[str, Any]:
            self._rows = Rows(json.loads(request))
            return self._rows.description()

        return self._on_main_thread(body)

    def attach(self, path: str) -> str:
        """Maps the shared memory."""
        return self._on_main_thread(lambda: self.rows.attach(path))

    def reset(self, options: str) -> str:
        """Resets the rows of the mask with options."""
        return self._on_main_thread(lambda: self.rows.reset(json.loads(options)))

    def infos(self) -> str:
        """Returns the infos of all rows, and the final infos, null where none."""
        return self._on_main_thread(lambda: [self.rows.row_infos, self.rows.row_final_infos])

    def attribute(self, name: str, value: str) -> str:
        """Returns an attribute of every row; sets it first unless the value is empty."""

        def body() -> list[Any]:
            if value:
                for env in self.rows.envs:
                    env.set_wrapper_attr(name, json.loads(value))
            return [env.get_wrapper_attr(name) for env in self.rows.envs]

        return self._on_main_thread(body)

    def render(self, row: str, path: str) -> str:
        """Renders a row: text as it is, pictures u8 [k, height, width, 3] into a file."""

        def body() -> dict[str, Any] | None:
            picture = self.rows.envs[int(row)].render()
            if picture is None or (isinstance(picture, list) and not picture):
                return None
            if isinstance(picture, str):
                return {"text": picture}
            if isinstance(picture, list) and isinstance(picture[0], str):
                return {"text": "\n".join(map(str, picture))}
            frames = np.asarray(picture)
            if frames.ndim == 3:
                frames = frames[np.newaxis]
            if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[3] != 3:
                raise ValueError(
                    f"expected pictures u8 [height, width, 3], got {frames.dtype} {frames.shape}"
                )
            with open(os.open(path, os.O_WRONLY), "wb") as file:
                file.write(np.ascontiguousarray(frames).data)
            return {"shape": list(frames.shape)}

        return self._on_main_thread(body)

    def close(self) -> str:
        """Closes the environments."""

        def body() -> None:
            for env in [] if self._rows is None else self._rows.envs:
                env.close()

        return self._on_main_thread(body)


def _error(e: BaseException) -> dict[str, Any]:
    refused = type(e).__module__ == "gymnasium.error" or isinstance(e, (TypeError, ImportError))
    return {
        "type": type(e).__name__,
        "refused": refused,
        "message": str(e),
        "traceback": "".join(traceback.format_exception(e)),
    }


def _end_with_parent() -> None:
    """Ends this process when the JVM does, even in the middle of a step."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _read_line(descriptor: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            break
        line += byte
    return line


def main(commands: int, answers: int) -> None:
    """Serves the JVM whose child this is, through two descriptors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the JVM's to answer
    _end_with_parent()
    token = json.loads(_read_line(commands))["token"]
    control = Control()
    server = ClientServer(
        java_parameters=JavaParameters(auth_token=token),
        python_parameters=PythonParameters(
            port=0, daemonize=True, daemonize_connections=True, auth_token=token
        ),
        python_server_entry_point=control,
    )
    callbacks = server.get_callback_server()
    callbacks.server_socket.listen()  # Py4J's own thread does so too, perhaps too late for the JVM
    hello = {
        "protocol": PROTOCOL,
        "port": callbacks.get_listening_port(),
        "python": sys.version.split()[0],
        "gymnasium": gymnasium.__version__,
    }
    os.write(answers, json.dumps(hello).encode() + b"\n")
    try:
        serve(commands, answers, control)
    finally:
        sys.stderr.flush()
        os._exit(0)  # Py4J's threads must not keep the process


def serve(commands: int, answers: int, control: Control) -> None:
    """Runs commands until there are no more."""
    read, write = os.read, os.write
    while True:
        command = read(commands, 1)
        if command == b"c":
            control.run_next()
            continue
        if not command:
            return
        try:
            if command == b"s":
                control.rows.step()
            elif command == b"r":
                control.rows.reset()
            else:
                raise ValueError(f"expected one of the commands s, r, c, got {command!r}")
            answer = DONE
        except BaseException as e:  # a SystemExit of an environment too
            rows = control.rows
            rows.memory.put_text(rows.index, "".join(traceback.format_exception(e)))
            answer = FAILED
        write(answers, answer)
