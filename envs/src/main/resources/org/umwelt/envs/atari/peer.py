"""Steps ale-py's C++ vector environment: arguments game, environments, threads; then per line of stdin
k steps with random actions. Writes "ready VERSION", then the seconds of each round."""
import sys
import time

# ale-py writes lines of its own to stdout.
results, sys.stdout = sys.stdout, sys.stderr

import ale_py
import numpy as np
from ale_py.vector_env import AtariVectorEnv

game, environments, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
vector = AtariVectorEnv(game, environments, num_threads=threads)
vector.reset(seed=0)
actions = np.random.default_rng(0).integers(
    0, vector.single_action_space.n, (1024, environments), dtype=np.int64
)
print("ready", ale_py.__version__, file=results, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for i in range(int(line)):
        vector.step(actions[i & 1023])
    print(time.perf_counter() - start, file=results, flush=True)
