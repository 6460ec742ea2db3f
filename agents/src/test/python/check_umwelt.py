"""Checks the package umwelt; the first argument says what. Prints one line for each thing that is right."""

import os
import signal
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import umwelt

FAMILIES = ("umwelt-ALE/", "umwelt-Atari100k/", "umwelt-Atari84/")


def check(names):
    """Gymnasium's checker; it warns of things that are no errors, such as spaces without bounds."""
    for name in names:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            env = gymnasium.make(name)
            check_env(env.unwrapped)
            env.close()
        print("checked", name)


def equal(ours, theirs):
    """Whether two infos or observations are the same, missing values aside."""
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys(), (ours.keys(), theirs.keys())
        return all(equal(ours[key], theirs[key]) for key in theirs)
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if theirs.dtype == object:
        return all(
            (a is None) == (b is None) and (b is None or equal(a, b)) for a, b in zip(ours, theirs)
        )
    return ours.shape == theirs.shape and bool(np.all(ours == theirs))


def compare(name, mode, steps, **arguments):
    """Our vector environment against Gymnasium's, made of our single environments."""
    rows = 3
    ours = gymnasium.make_vec(
        name,
        num_envs=rows,
        vectorization_mode="vector_entry_point",
        autoreset_mode=mode,
        **arguments,
    )
    singles = [lambda: gymnasium.make(name, disable_env_checker=True, **arguments)] * rows
    theirs = SyncVectorEnv(singles, autoreset_mode=mode)
    assert ours.metadata["autoreset_mode"] == mode
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    random = np.random.default_rng(0)
    seen, expected = ours.reset(seed=5), theirs.reset(seed=5)
    assert equal(seen[0], expected[0]) and equal(seen[1], expected[1])
    ends = 0
    for step in range(steps):
        actions = random.integers(0, theirs.single_action_space.n, rows)
        seen, expected = ours.step(actions), theirs.step(actions)
        for part, (a, b) in enumerate(zip(seen[:4], expected[:4])):
            assert equal(a, b), (step, part)
        ended = seen[2] | seen[3]
        infos, wanted = dict(seen[4]), dict(expected[4])
        if mode == AutoresetMode.SAME_STEP and ended.any():
            finals, theirs_final = infos.pop("final_info"), wanted.pop("final_info")
            for key, values in theirs_final.items():
                assert equal(finals[key][ended], values[ended]), (step, key)
        assert equal(infos, wanted), (step, infos, wanted)
        ends += int(ended.sum())
        if mode == AutoresetMode.DISABLED and ended.any():
            for envs in (ours, theirs):
                envs.reset(options={"reset_mask": ended.copy()})
    assert ends > 10, ends
    ours.close()
    theirs.close()
    print("compared", name, mode.name, ends)


def refuse():
    """What is wrong is said, and the environment lives on."""
    env = gymnasium.make("umwelt/Catch-v0", disable_env_checker=True).unwrapped
    for wrong in (lambda: env.step(1), lambda: env.reset(seed=1) and env.step(7)):
        try:
            wrong()
        except umwelt.UmweltError as e:
            print("refused", e)
    env.reset(seed=1)
    env.step(1)
    env.close()
    for arguments in ({"ball": 3}, {"render_mode": "ansi"}):
        try:
            gymnasium.make("umwelt/Catch-v0", disable_env_checker=True, **arguments)
        except (umwelt.UmweltError, ValueError) as e:
            print("refused", e)


def end():
    """A JVM that is killed is said to be gone; the next environment has another."""
    env = gymnasium.make("umwelt/Catch-v0", disable_env_checker=True)
    env.reset(seed=1)
    jvm = umwelt.Jvm.of_this_process().process
    jvm.kill()
    jvm.wait()
    try:
        env.step(1)
    except umwelt.UmweltError as e:
        print("ended", e)
    env.close()
    env = gymnasium.make("umwelt/Catch-v0", disable_env_checker=True)
    env.reset(seed=1)
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import umwelt; print(umwelt.Jvm.of_this_process().process.pid,"
            " flush=True); import time; time.sleep(1000)",
        ],
        stdout=subprocess.PIPE,
    )
    other = int(child.stdout.readline())
    assert other != umwelt.Jvm.of_this_process().process.pid
    descriptor = os.pidfd_open(other)
    child.send_signal(signal.SIGKILL)
    child.wait()
    import select

    assert select.select([descriptor], [], [], 30)[0], "the JVM lives on"
    print("ended with its parent")


def kept():
    """Observations are copies, unless views are asked for."""
    for copy in (True, False):
        envs = gymnasium.make_vec(
            "umwelt/Catch-v0", num_envs=2, vectorization_mode="vector_entry_point", copy=copy
        )
        first, _ = envs.reset(seed=1)
        before = first.copy()
        envs.step(np.array([2, 2]))
        print("kept", copy, bool(np.all(first == before)))


what = sys.argv[1]
if what == "check":
    names = [name for name in gymnasium.registry if name.startswith("umwelt")]
    if sys.argv[2:] == ["some"]:
        names = [name for name in names if "Pong" in name or not name.startswith(FAMILIES)]
    check(names)
elif what == "compare":
    for mode in AutoresetMode:
        compare("umwelt/Catch-v0", mode, 300, balls=3)
        compare("umwelt/Dodge-v0", mode, 300, max_episode_steps=40)
elif what == "kept":
    kept()
elif what == "refuse":
    refuse()
elif what == "end":
    end()
