"""The file that both sides map, and its layout.

======  ==========================================================================
offset  what, in the byte order of the machine
======  ==========================================================================
0       ``UMWELTGM``
8       u32 protocol version
12      u32 0x01020304, to tell the byte order
16      u32 n, how many environments
20      u32 number of blocks
24      u32 number of leaves of an action
28      u32 number of leaves of an observation
32      u32 number of leaves of an info
36      u32 number of texts
40      u64 size of the file
64      for each block u64 offset, u64 size; every block starts at a multiple of 4096
======  ==========================================================================

The blocks, in order: each leaf of the actions [n, ...]; reset mask u8 [n]; reset seeds i64 [n], -1 for
none; rewards f64 [n]; terminated u8 [n]; truncated u8 [n]; each leaf of the infos [n, ...]; each leaf of
the final infos [n, ...]; each leaf of the observations [n, ...]; each leaf of the final observations [n, ...]; one text for each
process: i32 length, then UTF-8.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Sequence

import numpy as np

from umwelt_bridge import PROTOCOL
from umwelt_bridge.values import Leaf

MAGIC = b"UMWELTGM"
BYTE_ORDER = 0x01020304
_HEADER = struct.Struct("=8sIIIIIIIIQ")
_BLOCK = struct.Struct("=QQ")
_TABLE = 64


class Memory:
    """NumPy's view of the map."""

    def __init__(
        self,
        path: str,
        actions: Sequence[Leaf],
        observations: Sequence[Leaf],
        infos: Sequence[Leaf],
    ):
        """Maps a file; the leaves are those of one action, one observation and one info.

        Raises:
            ValueError: where the file was written by another version or for other spaces
        """
        descriptor = os.open(path, os.O_RDWR)
        try:
            self._map = mmap.mmap(descriptor, 0)
        finally:
            os.close(descriptor)
        header = _HEADER.unpack_from(self._map)
        magic, protocol, order, rows, blocks, acting, observing, informing, texts, size = header
        if (magic, protocol, order) != (MAGIC, PROTOCOL, BYTE_ORDER):
            raise ValueError(
                f"expected a map of protocol {PROTOCOL} in this machine's byte order, got {magic!r},"
                f" protocol {protocol}, byte order {order:#x}"
            )
        found = (acting, observing, informing, size)
        expected = (len(actions), len(observations), len(infos), len(self._map))
        if found != expected:
            raise ValueError(
                "expected a map with (action leaves, observation leaves, info leaves, bytes) ="
                f" {expected}, got {found}"
            )
        self.rows = rows
        self._table = [
            _BLOCK.unpack_from(self._map, _TABLE + i * _BLOCK.size) for i in range(blocks)
        ]
        self._next = 0
        self.actions = self._leaves(actions)
        self.reset_mask = self._array(np.uint8, (rows,))
        self.reset_seeds = self._array(np.int64, (rows,))
        self.rewards = self._array(np.float64, (rows,))
        self.terminated = self._array(np.uint8, (rows,))
        self.truncated = self._array(np.uint8, (rows,))
        self.infos = self._leaves(infos)
        self.final_infos = self._leaves(infos)
        self.observations = self._leaves(observations)
        self.final_observations = self._leaves(observations)
        self.texts = [self._bytes() for _ in range(texts)]

    def _bytes(self) -> np.ndarray:
        offset, size = self._table[self._next]
        self._next += 1
        return np.frombuffer(self._map, np.uint8, size, offset)

    def _array(self, dtype: type | np.dtype, shape: tuple[int, ...]) -> np.ndarray:
        raw = self._bytes()
        expected = Leaf(np.dtype(dtype), shape).bytes(1)
        if raw.size != expected:
            raise ValueError(
                f"expected block {self._next - 1} of the map to have {expected} bytes, got {raw.size}"
            )
        return raw.view(dtype).reshape(shape)

    def _leaves(self, leaves: Sequence[Leaf]) -> list[np.ndarray]:
        return [self._array(leaf.dtype, (self.rows, *leaf.shape)) for leaf in leaves]

    def put_text(self, index: int, text: str) -> None:
        """Stores a text, its end where it is too long."""
        block = self.texts[index]
        data = text.encode("utf-8", "replace")[-(block.size - 4) :]
        block[:4].view(np.int32)[0] = len(data)
        block[4 : 4 + len(data)] = np.frombuffer(data, np.uint8)

    def text(self, index: int) -> str:
        """Returns a text."""
        block = self.texts[index]
        length = int(block[:4].view(np.int32)[0])
        return block[4 : 4 + length].tobytes().decode("utf-8", "replace")
