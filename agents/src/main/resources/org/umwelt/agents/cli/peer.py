"""Plays episodes for umwelt bench evaluate: arguments are a model in ONNX, an environment, how many of it at
once, and the most steps of an episode. Writes "ready VERSIONS", then per line of stdin, which is the seeds of
episodes, the seconds they took, the sum of their rewards and their steps. With the one argument more "once" it
takes one step with the first seed and ends."""

import sys
import time

results, sys.stdout = sys.stdout, sys.stderr

import gymnasium
import numpy as np
import onnxruntime

model, name, size, most = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def make():
    import warnings

    warnings.simplefilter("ignore")
    if name.startswith("ALE/"):
        import ale_py
    return gymnasium.make(name, max_episode_steps=most)


session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def act(observations):
    (logits,) = session.run(["logits"], {"observation": observations})
    return logits.argmax(axis=1)


if len(sys.argv) > 5:
    env = make()
    observation, _ = env.reset(seed=0)
    env.step(act(observation[None])[0])
    sys.exit()

envs = gymnasium.vector.AsyncVectorEnv([make] * size)


def play(seeds):
    observations, _ = envs.reset(seed=seeds)
    open_, total, steps = np.ones(size, bool), 0.0, 0
    while open_.any():
        observations, rewards, terminated, truncated, _ = envs.step(act(observations))
        total += rewards[open_].sum()
        steps += int(open_.sum())
        open_ &= ~(terminated | truncated)
    return total, steps


print("ready gymnasium %s, onnxruntime %s" % (gymnasium.__version__, onnxruntime.__version__), file=results)
results.flush()
for line in sys.stdin:
    seeds = [int(word) for word in line.split()]
    start = time.perf_counter()
    played = [play(seeds[i : i + size]) for i in range(0, len(seeds), size)]
    seconds = time.perf_counter() - start
    print(seconds, sum(p[0] for p in played), sum(p[1] for p in played), file=results)
    results.flush()
envs.close()
