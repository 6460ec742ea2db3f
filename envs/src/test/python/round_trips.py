"""Writes samples of a nested space into blocks and reads them back, row by row and as a batch."""

import sys

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import concatenate, create_empty_array

sys.path.insert(0, "../scripts/python")

from src.test.python.worlds import Nested
from umwelt_bridge import values

ROWS = 4


def same(a, b):
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str):
        return a == b
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and bool(np.all(a == b))


def blocks(space):
    return [
        np.zeros((ROWS, *leaf.shape), leaf.dtype) for leaf in values.leaves(space, json_length=200)
    ]


for space in (Nested().observation_space, Nested().action_space):
    assert values.from_json(values.to_json(space, 200)) == space
    space.seed(3)
    samples = [space.sample() for _ in range(ROWS)]
    memory = blocks(space)
    write = values.writer(space, iter(memory))
    for row, sample in enumerate(samples):
        write(row, sample)
    read = values.reader(space, iter(memory))
    assert all(same(read(row), sample) for row, sample in enumerate(samples))
    batch = concatenate(space, samples, create_empty_array(space, ROWS))
    for copy in (True, False):
        assert same(values.batch_reader(space, iter(memory), copy)(), batch)
    other = blocks(space)
    values.batch_writer(space, iter(other))(batch)
    assert all(map(same, other, memory))
    print("round trip", type(space).__name__, len(memory), "leaves")

for space in (
    spaces.Sequence(spaces.Box(-1, 1, (2,), np.float32)),
    spaces.OneOf((spaces.Discrete(3), spaces.MultiBinary(2))),
    spaces.Graph(spaces.Box(-1, 1, (2,)), spaces.Discrete(4)),
):
    assert not values.is_fixed(spaces.Tuple((spaces.Discrete(2), space)))
    space.seed(5)
    memory = [
        np.zeros((1, *leaf.shape), leaf.dtype) for leaf in values.leaves(space, json_length=4000)
    ]
    for _ in range(5):
        sample = space.sample()
        values.writer(space, iter(memory))(0, sample)
        back = values.reader(space, iter(memory))(0)
        assert back in space
        assert space.to_jsonable([back]) == space.to_jsonable([sample])
    print("round trip", type(space).__name__)
