"""The JVM that serves this process, and the environments it steps."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import select
import shlex
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

from py4j.java_gateway import GatewayParameters, JavaGateway
from py4j.protocol import Py4JError

from umwelt_bridge import PROTOCOL, values
from umwelt_bridge.memory import Memory

CHECKOUT_VARIABLE = "UMWELT_HOME"
COMMAND_VARIABLE = "UMWELT_COMMAND"


class UmweltError(RuntimeError):
    """The JVM refused a request, failed, or is gone."""


def launcher() -> list[str]:
    """The command that starts Umwelt: UMWELT_COMMAND, or scripts/umwelt of the checkout that UMWELT_HOME
    names, of the one this package was installed from, or of the one it lies in.
    """
    command = os.environ.get(COMMAND_VARIABLE)
    if command:
        return shlex.split(command)
    here = Path(__file__).resolve().parent
    noted = here / "checkout.txt"
    checkouts = [
        os.environ.get(CHECKOUT_VARIABLE),
        noted.read_text(encoding="utf-8").strip() if noted.exists() else None,
        str(here.parents[2]) if here.parents[1].name == "scripts" else None,
    ]
    for checkout in checkouts:
        if checkout:
            script = Path(checkout) / "scripts" / "umwelt"
            if script.exists():
                return [str(script)]
    raise UmweltError(
        f"expected a checkout of Umwelt, found none; set {CHECKOUT_VARIABLE} to its folder"
    )


class Jvm:
    """A JVM that is our child; it ends when this process does."""

    _of_process: dict[int, Jvm] = {}
    _starting = threading.Lock()

    @classmethod
    def of_this_process(cls) -> Jvm:
        """The JVM of this process, started if there is none; a forked process has its own."""
        with cls._starting:
            jvm = cls._of_process.get(os.getpid())
            if jvm is None or jvm.process.poll() is not None:
                jvm = cls()
                cls._of_process = {os.getpid(): jvm}
            return jvm

    def __init__(self) -> None:
        """Starts one; what its launcher has to say goes to stderr."""
        token = secrets.token_hex(32)
        self.process = subprocess.Popen(
            [*launcher(), "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        atexit.register(self.close, os.getpid())
        assert self.process.stdin and self.process.stdout
        greeting = json.dumps({"protocol": PROTOCOL, "token": token})
        try:
            self.process.stdin.write(greeting.encode() + b"\n")
            self.process.stdin.flush()
            hello = json.loads(self.process.stdout.readline() or b"{}")
        except (OSError, ValueError) as e:
            self.process.kill()
            raise UmweltError(f"the JVM did not greet ({e}); it wrote why above") from e
        if hello.get("protocol") != PROTOCOL:
            self.process.kill()
            raise UmweltError(
                f"expected a JVM of protocol {PROTOCOL}, found {hello.get('protocol', 'none')};"
                " what it wrote stands above; reinstall scripts/python of the same checkout"
            )
        self._gateway = JavaGateway(
            gateway_parameters=GatewayParameters(port=hello["port"], auth_token=token)
        )
        self._lock = threading.Lock()

    def call(self, method: str, *arguments: str) -> Any:
        """Calls a method of the server.

        Raises:
            UmweltError: where it refuses or fails
        """
        try:
            with self._lock:
                result = json.loads(getattr(self._gateway.entry_point, method)(*arguments))
        except (Py4JError, OSError) as e:
            raise UmweltError(f"the JVM is gone: {e}") from e
        if "error" in result:
            raise UmweltError(result["error"])
        return result["value"]

    def close(self, owner: int) -> None:
        """Ends it, in the process that started it."""
        if os.getpid() == owner and self.process.stdin:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Session:
    """n environments in the JVM, in memory that both sides map."""

    def __init__(self, name: str, size: int, threads: int, autoreset: str, timeout: float):
        """Makes them.

        Args:
            name: Umwelt's id, perhaps with keyword arguments: ``umwelt/Catch-v0?balls=3``
            size: n
            threads: how many threads of the JVM step them
            autoreset: SAME_STEP, NEXT_STEP or DISABLED
            timeout: seconds that one answer may take
        """
        self._jvm = Jvm.of_this_process()
        self._descriptors: list[int] = []
        self._timeout = timeout
        folder = tempfile.mkdtemp(prefix="umwelt-")  # for its owner alone
        try:
            commands, answers = (os.path.join(folder, pipe) for pipe in ("commands", "answers"))
            os.mkfifo(commands, 0o600)
            os.mkfifo(answers, 0o600)
            request = {
                "id": name,
                "size": size,
                "threads": threads,
                "autoreset": autoreset,
                "commands": commands,
                "answers": answers,
            }
            opened = self._jvm.call("open", json.dumps(request))
            self._session = str(opened["session"])
            self.renders: bool = opened["renders"]
            self.observation_space, self.action_space, self.info_space = (
                values.from_json(json.loads(opened[f"{kind}_space"]))
                for kind in ("observation", "action", "info")
            )
            self.memory = Memory(
                opened["memory"],
                *(
                    values.leaves(space, 0)
                    for space in (self.action_space, self.observation_space, self.info_space)
                ),
            )
            self._jvm.call("attached", self._session)
            self._descriptors = [os.open(commands, os.O_WRONLY), os.open(answers, os.O_RDONLY)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._commands, self._answers = self._descriptors
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)

    def step(self) -> None:
        """Steps every row with the action in memory."""
        self._exchange(b"s")

    def reset(self, options: dict[str, Any] | None) -> None:
        """Resets the rows of the mask in memory with the seeds in memory."""
        if options:
            self._jvm.call("reset", self._session, json.dumps(options, default=values.plain))
        else:
            self._exchange(b"r")

    def _exchange(self, command: bytes) -> None:
        try:
            os.write(self._commands, command)
            answered = self._poll.poll(self._timeout * 1000)
            answer = os.read(self._answers, 1) if answered else None
        except OSError as e:
            raise UmweltError(f"the JVM is gone: {e}") from e
        if answer == b".":
            return
        if answer is None:
            self._jvm.process.kill()
            raise UmweltError(
                f"the JVM gave no answer within {self._timeout} s (timeout) and was killed"
            )
        if not answer:
            raise UmweltError("the JVM is gone; what it wrote stands above")
        raise UmweltError(self.memory.text(0))

    def render(self, row: int) -> Any:
        """A picture of a row, u8 [height, width, 3]."""
        with tempfile.NamedTemporaryFile(prefix="umwelt-") as file:
            shape = self._jvm.call("render", self._session, str(row), file.name)
            return values.picture(file.read(), shape)

    def close(self) -> None:
        """Closes the environments; a second call does nothing."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors = []
