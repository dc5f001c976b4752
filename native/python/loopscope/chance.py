"""Random numbers that are the same at every run and in every twin.

The bytes come from Python's own generator: those of the C library, which the twins make repeatable too, are asked for in another
order by each interpreter. What is hashed with a secret of the interpreter's start (texts in sets) is the same at every run of one
twin.
"""

import os
import random


def install(seed):
    source = random.Random(f"loopscope {seed}")
    seed_with = random.Random.seed

    def urandom(size, /):
        return source.randbytes(size)

    def reseed(self, a=None, version=2):
        seed_with(self, urandom(2500) if a is None else a, version)

    os.urandom = random._urandom = urandom
    random.Random.seed = reseed
    # What has one already.
    random.seed(seed)
