"""Spaces as trees of leaves: each a dense tensor, a block of the shared memory of shape [n, ...].

The same tree as ``org.umwelt.envs.spaces``: depth first, keys of a Dict in their order. Integers of a
Discrete and a MultiDiscrete are int64, a MultiBinary is int8, a Text is int32 code points padded with
-1. Spaces whose values have no fixed size (Sequence, Graph, OneOf) are a Text that holds JSON.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

PADDING = -1

JSON_CHARACTERS = "".join(c for c in string.printable if c.isprintable())

Writer = Callable[[int, Any], None]
"""Stores a value as row i."""

Reader = Callable[[int], Any]
"""Returns the value in row i; it shares no memory with the leaves."""


class Leaf(NamedTuple):
    """One tensor of a space's values."""

    dtype: np.dtype
    shape: tuple[int, ...]

    def bytes(self, rows: int) -> int:
        """The size of n values."""
        return rows * int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize


def is_fixed(space: spaces.Space) -> bool:
    """Whether all values of a space have the same size."""
    if isinstance(space, spaces.Dict):
        return all(is_fixed(child) for child in space.spaces.values())
    if isinstance(space, spaces.Tuple):
        return all(is_fixed(child) for child in space.spaces)
    return isinstance(
        space,
        (
            spaces.Box,
            spaces.Discrete,
            spaces.MultiDiscrete,
            spaces.MultiBinary,
            spaces.Text,
        ),
    )


def leaves(space: spaces.Space, json_length: int) -> list[Leaf]:
    """The layout of one value; ``json_length`` is the most characters of a value in JSON."""
    if isinstance(space, spaces.Dict):
        return [leaf for child in space.spaces.values() for leaf in leaves(child, json_length)]
    if isinstance(space, spaces.Tuple):
        return [leaf for child in space.spaces for leaf in leaves(child, json_length)]
    if isinstance(space, spaces.Box):
        return [Leaf(np.dtype(space.dtype), space.shape)]
    if isinstance(space, spaces.Discrete):
        return [Leaf(np.dtype(np.int64), ())]
    if isinstance(space, spaces.MultiDiscrete):
        return [Leaf(np.dtype(np.int64), space.shape)]
    if isinstance(space, spaces.MultiBinary):
        return [Leaf(np.dtype(np.int8), space.shape)]
    length = space.max_length if isinstance(space, spaces.Text) else json_length
    return [Leaf(np.dtype(np.int32), (length,))]


def to_json(space: spaces.Space, json_length: int) -> dict[str, Any]:
    """A space in Minari's notation; bounds that are all equal are written once."""
    if isinstance(space, spaces.Dict):
        children = {str(key): to_json(child, json_length) for key, child in space.spaces.items()}
        return {"type": "Dict", "subspaces": children}
    if isinstance(space, spaces.Tuple):
        return {
            "type": "Tuple",
            "subspaces": [to_json(child, json_length) for child in space.spaces],
        }
    if isinstance(space, spaces.Box):
        return {
            "type": "Box",
            "dtype": np.dtype(space.dtype).name,
            "shape": list(space.shape),
            "low": _bounds(space.low),
            "high": _bounds(space.high),
        }
    if isinstance(space, spaces.Discrete):
        return {"type": "Discrete", "start": int(space.start), "n": int(space.n)}
    if isinstance(space, spaces.MultiDiscrete):
        return {
            "type": "MultiDiscrete",
            "nvec": space.nvec.tolist(),
            "start": space.start.tolist(),
        }
    if isinstance(space, spaces.MultiBinary):
        return {"type": "MultiBinary", "n": list(space.shape)}
    if isinstance(space, spaces.Text):
        return {
            "type": "Text",
            "min_length": space.min_length,
            "max_length": space.max_length,
            "charset": "".join(sorted(space.character_set)),
        }
    return {
        "type": "Text",
        "min_length": 0,
        "max_length": json_length,
        "charset": JSON_CHARACTERS,
    }


def _bounds(bounds: np.ndarray) -> Any:
    if bounds.dtype == np.bool_:
        bounds = bounds.astype(np.int8)
    first = bounds.flat[0] if bounds.size else bounds.dtype.type(0)
    return (first if np.all(bounds == first) else bounds).tolist()


def from_json(node: dict[str, Any]) -> spaces.Space:
    """Reads a space in Minari's notation."""
    kind = node["type"]
    if kind == "Dict":
        # Pairs keep the order; Gymnasium sorts the keys of a plain dict.
        return spaces.Dict([(key, from_json(child)) for key, child in node["subspaces"].items()])
    if kind == "Tuple":
        return spaces.Tuple([from_json(child) for child in node["subspaces"]])
    if kind == "Box":
        dtype, shape = np.dtype(node["dtype"]), tuple(node["shape"])
        low, high = (
            np.broadcast_to(np.asarray(node[end]).astype(dtype), shape).copy()
            for end in ("low", "high")
        )
        return spaces.Box(low, high, shape, dtype.type)
    if kind == "Discrete":
        return spaces.Discrete(node["n"], start=node["start"])
    if kind == "MultiDiscrete":
        return spaces.MultiDiscrete(np.array(node["nvec"]), start=np.array(node["start"]))
    if kind == "MultiBinary":
        shape = np.atleast_1d(node["n"]).tolist()
        return spaces.MultiBinary(shape[0] if len(shape) == 1 else shape)
    if kind == "Text":
        return spaces.Text(
            node["max_length"], min_length=node["min_length"], charset=node["charset"]
        )
    raise ValueError(f"expected a space in Minari's notation, got the type {kind}")


def writer(space: spaces.Space, blocks: Iterator[np.ndarray]) -> Writer:
    """Returns what stores values in the next blocks, one for each leaf, each [n, ...]."""
    if isinstance(space, spaces.Dict):
        children = [(key, writer(child, blocks)) for key, child in space.spaces.items()]

        def write_dict(row: int, value: Any) -> None:
            for key, write in children:
                write(row, value[key])

        return write_dict
    if isinstance(space, spaces.Tuple):
        parts = [writer(child, blocks) for child in space.spaces]

        def write_tuple(row: int, value: Any) -> None:
            for write, part in zip(parts, value, strict=True):
                write(row, part)

        return write_tuple
    block = next(blocks)
    if isinstance(space, spaces.Discrete):
        return block.__setitem__
    if isinstance(space, (spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary)):
        shape = space.shape

        def write_tensor(row: int, value: Any) -> None:
            if np.shape(value) != shape:
                raise ValueError(
                    f"expected a value of shape {shape} for {space}, got {np.shape(value)}"
                )
            block[row] = value

        return write_tensor
    if isinstance(space, spaces.Text):
        return lambda row, value: _put_text(block[row], value, str(space))

    def write_json(row: int, value: Any) -> None:
        text = json.dumps(space.to_jsonable([value]), default=plain)
        _put_text(block[row], text, f"{space} in JSON (json_length sets it)")

    return write_json


def reader(space: spaces.Space, blocks: Iterator[np.ndarray]) -> Reader:
    """Returns what reads values from the next blocks, one for each leaf, each [n, ...]."""
    if isinstance(space, spaces.Dict):
        children = [(key, reader(child, blocks)) for key, child in space.spaces.items()]
        return lambda row: {key: read(row) for key, read in children}
    if isinstance(space, spaces.Tuple):
        parts = [reader(child, blocks) for child in space.spaces]
        return lambda row: tuple(read(row) for read in parts)
    block = next(blocks)
    if isinstance(space, spaces.Discrete) or space.shape == ():
        return lambda row: block[row]  # a scalar of NumPy
    if isinstance(space, (spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary)):
        dtype = space.dtype
        return lambda row: block[row].astype(dtype)
    if isinstance(space, spaces.Text):
        return lambda row: _text(block[row])
    return lambda row: space.from_jsonable(json.loads(_text(block[row])))[0]


def rows_reader(
    space: spaces.Space, blocks: Iterator[np.ndarray], rows: int
) -> Callable[[], list[Any]]:
    """Returns what reads all n values at once."""
    if isinstance(space, spaces.Discrete):
        # Python's integers: Gymnasium's checks of an action are much quicker with them.
        return next(blocks).tolist
    read = reader(space, blocks)
    return lambda: [read(row) for row in range(rows)]


def batch_reader(
    space: spaces.Space, blocks: Iterator[np.ndarray], copy: bool
) -> Callable[[], Any]:
    """Returns what reads all n values as one of the batched space; views unless ``copy``."""
    if isinstance(space, spaces.Dict):
        children = [(key, batch_reader(child, blocks, copy)) for key, child in space.spaces.items()]
        return lambda: {key: read() for key, read in children}
    if isinstance(space, spaces.Tuple):
        parts = [batch_reader(part, blocks, copy) for part in space.spaces]
        return lambda: tuple(read() for read in parts)
    block = next(blocks)
    if isinstance(space, spaces.Text):
        return lambda: tuple(_text(codes) for codes in block)
    return block.copy if copy else lambda: block


def batch_writer(space: spaces.Space, blocks: Iterator[np.ndarray]) -> Callable[[Any], None]:
    """Returns what stores n values, given as one of the batched space."""
    if isinstance(space, spaces.Dict):
        children = [(key, batch_writer(child, blocks)) for key, child in space.spaces.items()]

        def write_dict(batch: Any) -> None:
            for key, write in children:
                write(batch[key])

        return write_dict
    if isinstance(space, spaces.Tuple):
        parts = [batch_writer(part, blocks) for part in space.spaces]

        def write_tuple(batch: Any) -> None:
            for write, part in zip(parts, batch, strict=True):
                write(part)

        return write_tuple
    block = next(blocks)
    if isinstance(space, spaces.Text):

        def write_texts(batch: Any) -> None:
            for codes, text in zip(block, batch, strict=True):
                _put_text(codes, text, str(space))

        return write_texts

    def write_tensors(batch: Any) -> None:
        if np.shape(batch) != block.shape:
            raise ValueError(f"expected actions of shape {block.shape}, got {np.shape(batch)}")
        block[...] = batch

    return write_tensors


def picture(data: bytes, shape: list[int]) -> np.ndarray:
    """A picture u8 [height, width, 3] of its bytes; may be written to."""
    return np.frombuffer(data, np.uint8).reshape(shape).copy()


def _put_text(codes: np.ndarray, text: str, space: str) -> None:
    if len(text) > len(codes):
        raise ValueError(f"expected at most {len(codes)} characters for {space}, got {len(text)}")
    codes[: len(text)] = [ord(character) for character in text]
    codes[len(text) :] = PADDING


def _text(codes: np.ndarray) -> str:
    return "".join(chr(code) for code in codes.tolist() if code != PADDING)


def plain(value: Any) -> Any:
    """What ``json.dumps`` writes for a value that JSON has no word for."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return repr(value)
