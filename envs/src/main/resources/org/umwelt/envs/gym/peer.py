"""Steps vector environments for umwelt bench gym: arguments kind (sync, async, umwelt, py4j), id, n, JSON of
keyword arguments. Writes "ready VERSION", then per line of stdin, which is a number of steps, the seconds they
took. Kind py4j writes "ready PORT" instead and steps when its server is called with actions, i64 in bytes; its
token is the first line of stdin, which all kinds read."""

import json
import sys
import time

results, sys.stdout = sys.stdout, sys.stderr

import gymnasium
import numpy as np

kind, name, size, arguments = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
if name.startswith("ALE/"):
    import ale_py
if kind == "umwelt":
    import umwelt


def make():
    import warnings

    warnings.simplefilter("ignore")
    return gymnasium.make(name)


if kind == "umwelt":
    envs = gymnasium.make_vec(
        name, num_envs=size, vectorization_mode="vector_entry_point", **arguments
    )
elif kind == "async":
    envs = gymnasium.vector.AsyncVectorEnv([make] * size)
else:
    envs = gymnasium.vector.SyncVectorEnv([make] * size)
envs.reset(seed=0)
space = envs.single_action_space
actions = np.random.default_rng(0).integers(
    space.start, space.start + space.n, (1024, size), dtype=np.int64
)


class Stepper:
    """Sends what a step gives through Py4J."""

    class Java:
        implements = ["org.umwelt.envs.gym.GymBenchmark$Stepper"]

    def step(self, batch):
        observations, rewards, terminated, truncated, _ = envs.step(np.frombuffer(batch, np.int64))
        parts = (observations, rewards, terminated, truncated)
        return bytearray(b"".join(np.ascontiguousarray(part).tobytes() for part in parts))


token = sys.stdin.readline().strip()
ready = gymnasium.__version__
if kind == "py4j":
    from py4j.clientserver import ClientServer, JavaParameters, PythonParameters

    server = ClientServer(
        java_parameters=JavaParameters(auth_token=token),
        python_parameters=PythonParameters(
            port=0, daemonize=True, daemonize_connections=True, auth_token=token
        ),
        python_server_entry_point=Stepper(),
    )
    server.get_callback_server().server_socket.listen()
    ready = server.get_callback_server().get_listening_port()
print("ready", ready, file=results, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for i in range(int(line)):
        envs.step(actions[i & 1023])
    print(time.perf_counter() - start, file=results, flush=True)
