"""Random streams keyed by what they are for: adding a country or a series changes no other's draws.

The bits of a stream are SFC64's, seeded by the SHA-256 of the run's seed and the key. A standard normal is the
inverse of the normal distribution at the middle of one of 65,536 equally likely steps: a table, which costs a third
of drawing each by rejection and gives the same bytes on every machine. Its variance is 1, its largest value 4.3, and
no probability is off by more than 1/65,536, where the draws themselves leave an error of a hundredth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

STEPS = 2**16  # values of the table of normals; one is drawn by two bytes
PER_WORD = 4  # normals out of the 64 bits that the generator gives at a time
WARMING = 12  # words that SFC64 throws away after it has been seeded


class _Digest(ISeedSequence):
    """The 256 bits of a hash as a seed: they are mixed already, so that mixing them again is spared."""

    def __init__(self, digest: bytes):
        self.words = np.frombuffer(digest, "<u8")

    def generate_state(self, n_words: int, dtype: npt.DTypeLike = np.uint32) -> np.ndarray:
        return self.words.view(dtype)[:n_words]


def _digest(seed: int, key: Iterable[str]) -> bytes:
    return hashlib.sha256("\x1f".join((str(seed), *key)).encode()).digest()


def bits(seed: int, *key: str) -> np.random.SFC64:
    """The stream of bits of one seed and key.

    >>> int(bits(1, "vdem.polyarchy", "TUN").random_raw()) == int(bits(1, "vdem.polyarchy", "TUN").random_raw())
    True
    """
    digest = _Digest(_digest(seed, key))
    return np.random.SFC64(digest)  # type: ignore[arg-type]  # numpy's stubs leave out ISeedSequence, which it takes


def generator(seed: int, *key: str) -> np.random.Generator:
    """The stream of one seed and key as a generator of any distribution."""
    return np.random.Generator(bits(seed, *key))


class Streams:
    """The bits of many keys side by side, each key's the same as `bits` gives, served a few draws at a time.

    All generators take their steps together: thousands of them as objects would cost more than what they draw.

    >>> some = Streams(1, [("MMR",), ("TUN",)])
    >>> some.advance(3)
    >>> some.normals(slice(1, 2)).shape
    (1, 3)
    """

    def __init__(self, seed: int, keys: Iterable[tuple[str, ...]]):
        digests = bytearray()
        for key in keys:
            digests += _digest(seed, key)
        words = np.frombuffer(digests, "<u8").reshape(-1, 4)
        self._state = [np.array(word, dtype=np.uint64) for word in words.T[:3]]
        self._steps = self._served = self._draws = 0
        self._words = self._stepped(WARMING)[:0]  # steps x keys: held, of which some draws have been served

    def advance(self, draws: int) -> None:
        """Goes on to the next draws; what is left of a word serves first, so that pieces may be of any size."""
        gone, self._served = divmod(self._served + self._draws, PER_WORD)
        self._draws, held = draws, self._words[gone:]
        more = -(-(self._served + draws) // PER_WORD) - len(held)
        self._words = np.concatenate([held, self._stepped(more)]) if len(held) else self._stepped(more)

    def normals(self, keys: slice) -> np.ndarray:
        """Standard normals of some of the keys, keys x draws."""
        words = np.ascontiguousarray(self._words[:, keys].T).astype("<u8", copy=False)
        places = words.view("<u2")[:, self._served : self._served + self._draws]
        # every place is in the table, so nothing is clipped; the mode spares looking
        return np.take(table(), places, out=np.empty(places.shape), mode="clip")

    def _stepped(self, steps: int) -> np.ndarray:
        """The next words of SFC64 (Chris Doty-Humphrey, PractRand), steps x keys."""
        (a, b, c), spare = self._state, np.empty_like(self._state[0])
        out = np.empty((max(steps, 0), len(a)), dtype=np.uint64)
        for word in out:
            self._steps += 1
            np.add(a, b, out=word)
            word += np.uint64(self._steps)
            np.right_shift(b, 11, out=spare)
            np.bitwise_xor(b, spare, out=a)
            np.left_shift(c, 3, out=spare)
            np.add(c, spare, out=b)
            np.left_shift(c, 24, out=spare)
            np.right_shift(c, 40, out=c)
            np.bitwise_or(c, spare, out=c)
            c += word
        return out


@cache
def table() -> np.ndarray:
    """The 65,536 equally likely values of a standard normal, ascending, with mean 0 and variance 1.

    >>> t = table()
    >>> len(t), float(t.mean()), round(float((t**2).mean()), 12), round(float(t[-1]), 2), bool((np.diff(t) > 0).all())
    (65536, 0.0, 1.0, 4.32, True)
    """
    inverse = NormalDist().inv_cdf
    upper = np.array([inverse((k + 0.5) / STEPS) for k in range(STEPS // 2, STEPS)])
    upper /= np.sqrt(np.mean(upper**2))
    upper = np.round(upper, 12)
    return np.concatenate([-upper[::-1], upper])
