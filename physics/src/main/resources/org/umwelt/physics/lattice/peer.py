"""phi^4 in NumPy, float64: the leapfrog and a checkerboard Metropolis, driven by lines on stdin.

load DIR L...       read start.f64 (field, then momentum) for a lattice of these lengths
leapfrog N STEP K   K times N steps; answers the seconds, of the wall and of the processor
metropolis N WIDTH 1  N sweeps; answers the seconds, of the wall and of the processor
given WIDTH         one sweep with the numbers of given.f64 (proposals, then decisions, of every site)
save                write end.f64 (field, then momentum); answers "saved"
"""

import sys
import time

import numpy as np

hopping, quadratic, quartic = (float(x) for x in sys.argv[1:4])


def neighbours(phi, out):
    """Adds up the neighbours by slices, which is less copying than np.roll."""
    first = True
    for axis in range(phi.ndim):
        x = np.moveaxis(phi, axis, 0)
        y = np.moveaxis(out, axis, 0)
        if first:
            np.add(x[2:], x[:-2], out=y[1:-1])
            np.add(x[1:2], x[-1:], out=y[:1])
            np.add(x[:1], x[-2:-1], out=y[-1:])
            first = False
        else:
            y[:-1] += x[1:]
            y[1:] += x[:-1]
            y[-1] += x[0]
            y[0] += x[-1]


class Lattice:
    def __init__(self, folder, shape):
        self.folder = folder
        self.shape = shape
        start = np.fromfile(folder + "/start.f64", dtype="<f8").reshape((2,) + shape)
        self.phi = start[0].copy()
        self.momentum = start[1].copy()
        self.around = np.empty(shape)
        self.work = np.empty(shape)
        self.random = np.random.default_rng(1)
        self.colours = None

    def kick(self, step):
        neighbours(self.phi, self.around)
        work = self.work
        np.multiply(self.phi, self.phi, out=work)
        work *= 4 * quartic
        work += 2 * quadratic
        work *= self.phi
        self.around *= 2 * hopping
        work -= self.around
        work *= step
        self.momentum -= work

    def drift(self, step):
        np.multiply(self.momentum, step, out=self.work)
        self.phi += self.work

    def leapfrog(self, count, step):
        self.kick(step / 2)
        for i in range(count):
            self.drift(step)
            self.kick(step if i < count - 1 else step / 2)

    def tables(self):
        """Sites of each colour and their neighbours."""
        if self.colours is None:
            sites = np.arange(self.phi.size).reshape(self.shape)
            colour = sum(
                np.where((x == n - 1) & (n % 2 == 1), 2, x % 2)
                for x, n in zip(np.indices(self.shape), self.shape)
            )
            count = 2 if all(n % 2 == 0 for n in self.shape) else 3
            rolled = [
                np.roll(sites, shift, axis)
                for axis in range(len(self.shape))
                for shift in (1, -1)
            ]
            self.colours = []
            for c in range(count):
                mask = colour % count == c
                self.colours.append((sites[mask], [r[mask] for r in rolled]))
        return self.colours

    def sweep(self, width, given=None):
        phi = self.phi.reshape(-1)
        for sites, rolled in self.tables():
            if given is None:
                proposal = self.random.random(sites.size)
                decision = self.random.random(sites.size)
            else:
                proposal, decision = given[0][sites], given[1][sites]
            around = phi.take(rolled[0])
            for r in rolled[1:]:
                around += phi.take(r)
            old = phi.take(sites)
            proposal *= 2
            proposal -= 1
            proposal *= width
            new = old + proposal
            old2 = old * old
            new2 = new * new
            change = new2 + old2
            change *= quartic
            change += quadratic
            new2 -= old2
            change *= new2
            around *= 2 * hopping
            around *= proposal
            around -= change  # minus the change
            np.exp(around, out=around)
            phi[sites] = np.where(decision < around, new, old)


def answer(text):
    print(text, flush=True)


answer("ready numpy " + np.__version__)
lattice = None
for line in sys.stdin:
    word, *rest = line.split("\t")
    rest = [x.strip() for x in rest]
    word = word.strip()
    if word == "load":
        lattice = Lattice(rest[0], tuple(int(x) for x in rest[1:]))
        answer("loaded")
    elif word == "given":
        numbers = np.fromfile(lattice.folder + "/given.f64", dtype="<f8").reshape(2, -1)
        lattice.sweep(float(rest[0]), numbers)
        answer("swept")
    elif word == "save":
        np.stack([lattice.phi, lattice.momentum]).tofile(lattice.folder + "/end.f64")
        answer("saved")
    else:
        count, size, times = int(rest[0]), float(rest[1]), int(rest[2])
        start, busy = time.perf_counter(), time.process_time()
        if word == "leapfrog":
            for _ in range(times):
                lattice.leapfrog(count, size)
        else:
            for _ in range(count):
                lattice.sweep(size)
        answer("%r\t%r" % (time.perf_counter() - start, time.process_time() - busy))
