"""Random streams keyed by what they are for: adding a country or a series changes no other's draws.

The bits of a stream are SFC64's, seeded by the SHA-256 of the run's seed and the key. A standard normal is the
inverse of the normal distribution at the middle of one of 65,536 equally likely steps: a table, which costs a third
of drawing each by rejection and gives the same bytes on every machine. Its variance is 1, its largest value 4.3, and
no probability is off by more than 1/65,536, where the draws themselves leave an error of a hundredth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.random.bit_generator import ISeedSequence

STEPS = 2**16  # values of the table of normals; one is drawn by two bytes
PER_WORD = 4  # normals out of the 64 bits that the generator gives at a time
AT_ONCE = 2**21  # places held at once for one key: 4 MiB


class _Digest(ISeedSequence):
    """The 256 bits of a hash as a seed: they are mixed already, so that mixing them again is spared."""

    def __init__(self, digest: bytes):
        self.words = np.frombuffer(digest, "<u8")

    def generate_state(self, n_words: int, dtype=np.uint32) -> np.ndarray:
        return self.words.view(dtype)[:n_words]


def bits(seed: int, *key: str) -> np.random.SFC64:
    """The stream of bits of one seed and key.

    >>> int(bits(1, "vdem.polyarchy", "TUN").random_raw()) == int(bits(1, "vdem.polyarchy", "TUN").random_raw())
    True
    """
    return np.random.SFC64(_Digest(hashlib.sha256("\x1f".join((str(seed), *key)).encode()).digest()))


def generator(seed: int, *key: str) -> np.random.Generator:
    """The stream of one seed and key as a generator of any distribution."""
    return np.random.Generator(bits(seed, *key))


class Normals:
    """Standard normals of many streams, served a few draws at a time: the same in pieces of any size.

    names   the last word of each stream's key
    ahead   how many draws will be asked for in all; no more bits than that are made before they are needed
    """

    def __init__(self, seed: int, key: tuple[str, ...], names: Sequence[str], ahead: int):
        self._bits = [bits(seed, *key, name) for name in names]
        self._words = -(-max(1, min(ahead, AT_ONCE // max(1, len(names)))) // PER_WORD)
        self._places = np.empty((len(names), 0), dtype=np.uint16)  # in the table, not yet served

    def next(self, draws: int) -> np.ndarray:
        """The next draws of each stream, names x draws."""
        while self._places.shape[1] < draws:
            more = [each.random_raw(self._words).astype("<u8", copy=False).view("<u2") for each in self._bits]
            self._places = np.concatenate([self._places, np.stack(more)], axis=1)
        places, self._places = self._places[:, :draws], self._places[:, draws:]
        z = np.empty(places.shape)
        return np.take(table(), places, out=z, mode="clip")  # every place is in the table: nothing is clipped


@cache
def table() -> np.ndarray:
    """The 65,536 equally likely values of a standard normal, ascending, with mean 0 and variance 1.

    >>> t = table()
    >>> len(t), float(t.mean()), round(float((t**2).mean()), 12), round(float(t[-1]), 2)
    (65536, 0.0, 1.0, 4.32)
    """
    inverse = NormalDist().inv_cdf
    upper = np.array([inverse((k + 0.5) / STEPS) for k in range(STEPS // 2, STEPS)])
    upper /= np.sqrt(np.mean(upper**2))
    upper = np.round(upper, 12)
    return np.concatenate([-upper[::-1], upper])
