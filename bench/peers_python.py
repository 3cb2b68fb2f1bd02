"""The tasks of peers.py in NumPy, in plain Python and in Numba.

peers(name) gives the ways to do a task. What they start from are the same bits
as in inputs.go.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np

try:
    import numba
except ImportError:
    numba = None

try:
    from scipy.linalg import solve_triangular
except ImportError:
    solve_triangular = None

MILLION = 1_000_000


@dataclass
class Peer:
    run: Callable
    work: int = 0  # if it does less than the task: how many units, and times are scaled


def spread(start, n):
    return np.fmod(np.arange(start, start + n, dtype=float) * 0.6180339887498949, 1)


def between(low, high, start, n):
    return low + (high - low) * spread(start, n)


def peers(name):
    task, _, size = name.partition("/")
    make = globals().get("peers_of_" + task)
    if make is None:
        return {}
    return make(int(float(size))) if size else make()


def compiled(f, *arguments):
    """f compiled by Numba, if it is there."""
    if numba is None:
        return {}
    fast = numba.njit(f)
    return {"Numba": Peer(lambda: fast(*arguments))}


# Loops of single numbers


def scalar_loop(n):
    x = 0.5
    for _ in range(n):
        x = (x * 3.7 * (1 - x) + 0.01) / 1.02
    return x


def peers_of_scalar_loop():
    return {"Python": Peer(lambda: scalar_loop(MILLION))} | compiled(scalar_loop, MILLION)


def integer_loop(n):
    s = 1
    odd = 0
    for _ in range(n):
        s = (1664525 * s + 1013904223) % 4294967296
        if s % 2 == 1:
            odd += 1
    return odd


def peers_of_integer_loop():
    return {"Python": Peer(lambda: integer_loop(MILLION))} | compiled(integer_loop, MILLION)


def assignments(n):
    x = np.zeros(n)
    for i in range(n):
        x[(i * 7919) % n] = 0.5 * i
    return np.sum(x * np.arange(n))


def peers_of_assignments(n):
    return {"Python": Peer(lambda: assignments(n))} | compiled(assignments, n)


def accumulate(bins):
    counts = np.zeros(1000)
    for b in bins:
        counts[b] += 1
    return counts


def peers_of_accumulate(n):
    bins = (spread(1, n) * 1000).astype(np.int64)
    return {"np.bincount": Peer(lambda: np.bincount(bins, minlength=1000))} | compiled(accumulate, bins)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def peers_of_fib(n):
    ways = {"Python": Peer(lambda: fib(n))}
    if numba is not None:

        @numba.njit
        def fast(n):
            if n < 2:
                return n
            return fast(n - 1) + fast(n - 2)

        ways["Numba"] = Peer(lambda: fast(n))
    return ways


def sieve(n):
    prime = np.ones(n, dtype=np.bool_)
    prime[:2] = False
    p = 2
    while p * p < n:
        if prime[p]:
            for k in range(p * p, n, p):
                prime[k] = False
        p += 1
    return np.sum(prime)


def sieve_slices(n):
    prime = np.ones(n, dtype=np.bool_)
    prime[:2] = False
    for p in range(2, math.isqrt(n - 1) + 1):
        if prime[p]:
            prime[p * p :: p] = False
    return np.sum(prime)


def peers_of_sieve(n):
    return {"NumPy, slices": Peer(lambda: sieve_slices(n))} | compiled(sieve, n)


def mandelbrot(n, most):
    total = 0
    for a in range(n):
        for b in range(n):
            c = complex(-2 + 2.5 * b / n, -1.25 + 2.5 * a / n)
            z = 0j
            k = 0
            while k < most and z.real * z.real + z.imag * z.imag <= 4:
                z = z * z + c
                k += 1
            total += k
    return total


def mandelbrot_masks(n, most):
    c = (-2 + 2.5 * np.arange(n) / n)[None, :] + 1j * (-1.25 + 2.5 * np.arange(n) / n)[:, None]
    c = c.ravel()
    z = np.zeros_like(c)
    total = 0
    for _ in range(most):
        near = z.real**2 + z.imag**2 <= 4
        z, c = z[near], c[near]
        total += z.size
        z = z * z + c
    return total


def peers_of_mandelbrot(n):
    return {"NumPy, masks": Peer(lambda: mandelbrot_masks(n, 200))} | compiled(mandelbrot, n, 200)


def bodies(steps):
    dt = 0.001
    m = np.array([39.0, 0.04, 0.01, 0.002, 0.002])
    p = np.zeros((5, 3))
    v = np.zeros((5, 3))
    for i in range(5):
        p[i, 0], p[i, 1], p[i, 2] = 4.0 * i * math.cos(i), 4.0 * i * math.sin(i), 0.1 * i
        if i > 0:
            speed = math.sqrt(39 / (4.0 * i))
            v[i, 0], v[i, 1] = -speed * math.sin(i), speed * math.cos(i)
    for _ in range(steps):
        for i in range(5):
            for j in range(i + 1, 5):
                x, y, z = p[j, 0] - p[i, 0], p[j, 1] - p[i, 1], p[j, 2] - p[i, 2]
                square = x * x + y * y + z * z
                pull = dt / (square * math.sqrt(square))
                v[i, 0] += pull * m[j] * x
                v[i, 1] += pull * m[j] * y
                v[i, 2] += pull * m[j] * z
                v[j, 0] -= pull * m[i] * x
                v[j, 1] -= pull * m[i] * y
                v[j, 2] -= pull * m[i] * z
        for i in range(5):
            for c in range(3):
                p[i, c] += dt * v[i, c]
    return p


def peers_of_nbody_scalars(steps):
    return {"Python": Peer(lambda: bodies(1000), 1000)} | compiled(bodies, steps)


peers_of_nbody = peers_of_nbody_scalars


def triple(C, s):
    r = s.shape[0]
    K = np.zeros((r, r))
    for m in range(r):
        for k in range(r):
            total = 0.0
            for i in range(r):
                total += (C[i, m] * C[i, k].conjugate() * s[i]).imag
            K[m, k] = total
    return K


def peers_of_triple_loops(r):
    C = (between(-0.5, 0.5, 1, r * r) + 1j * between(-0.5, 0.5, 77, r * r)).reshape(r, r)
    s = between(-1, 1, 7, r)
    return {
        "NumPy, product": Peer(lambda: ((C.T * s) @ C.conj()).imag),
        "NumPy, einsum": Peer(lambda: np.einsum("im,ik,i->mk", C, C.conj(), s).imag),
    } | compiled(triple, C, s)


peers_of_triple_indices = peers_of_triple_loops
peers_of_triple_product = peers_of_triple_loops


# Operations on large arrays


def peers_of_chain(n):
    x, z = spread(1, n), spread(1001, n)
    return {"NumPy": Peer(lambda: ((2 * x + z) * x - z) * 0.5)}


def peers_of_chain_again(n):
    x, z = spread(1, n), spread(1001, n)

    def run():
        y = x
        for _ in range(10):
            y = ((0.25 * y + z) * y - z) * 0.5
        return y

    return {"NumPy": Peer(run)}


def peers_of_exp(n):
    x = between(-5, 5, 1, n)
    return {"NumPy": Peer(lambda: np.exp(x))}


def peers_of_sin(n):
    x = between(-5, 5, 1, n)
    return {"NumPy": Peer(lambda: np.sin(x))}


def peers_of_log(n):
    x = between(0.1, 10, 1, n)
    return {"NumPy": Peer(lambda: np.log(x))}


def peers_of_tanh(n):
    x = between(-5, 5, 1, n)
    return {"NumPy": Peer(lambda: np.tanh(x))}


def peers_of_transcendental(n):
    x = between(-5, 5, 1, n)
    return {"NumPy": Peer(lambda: np.exp(-x * x / 2) * np.sin(3 * x) + np.log(1 + x * x))}


# Sums, and products of matrices


def peers_of_sum_squares(n):
    x = spread(1, n)
    return {"NumPy": Peer(lambda: np.sum(x**2)), "NumPy, dot": Peer(lambda: x @ x)}


def peers_of_variance(n):
    x = spread(1, n)
    return {"NumPy": Peer(lambda: np.sum((x - np.mean(x)) ** 2) / n)}


def peers_of_softmax(n):
    x = between(-5, 5, 1, n * n).reshape(n, n)

    def run():
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    return {"NumPy": Peer(run)}


def peers_of_matmul(n):
    A = between(-1, 1, 1, n * n).reshape(n, n)
    B = between(-1, 1, 77, n * n).reshape(n, n)
    return {"NumPy": Peer(lambda: A @ B)}


peers_of_matmul_indices = peers_of_matmul


# Functions of small arrays, called in a loop


def substitution(L, b):
    n = b.shape[0]
    x = np.zeros(n)
    for i in range(n):
        total = 0.0
        for j in range(i):
            total += L[i, j] * x[j]
        x[i] = (b[i] - total) / L[i, i]
    return x


def peers_of_forward(n):
    L = np.tril(spread(1, n * n).reshape(n, n)) + 2 * np.eye(n)
    b = spread(77, n)

    def repeated(solve, calls):
        x = b
        for _ in range(calls):
            x = solve(L, b + 0.001 * x)
        return x

    ways = {"numpy.linalg.solve": Peer(lambda: repeated(np.linalg.solve, 1000))}
    if solve_triangular is not None:
        ways["SciPy"] = Peer(lambda: repeated(lambda L, b: solve_triangular(L, b, lower=True), 200), 200)
    if numba is not None:
        fast = numba.njit(substitution)
        ways["Numba, called"] = Peer(lambda: repeated(fast, 1000))
    return ways


def with_row(A, i, j):
    Z = np.zeros_like(A)
    Z[i] = A[j]
    return Z


def peers_of_with_row(n):
    A = spread(1, n * n).reshape(n, n)

    def run():
        total = 0.0
        for call in range(1000):
            total += with_row(A, call % n, (call + 1) % n)[call % n, 0]
        return total

    return {"NumPy": Peer(run)}


def peers_of_pca_iris():
    data = np.loadtxt(Path(__file__).parent.parent / "examples/data/iris.csv", delimiter=",", skiprows=1)

    def run():
        x, species = data[:, :-1], data[:, -1].astype(int)
        centred = x - x.mean(axis=0)
        variances, axes = np.linalg.eigh(centred.T @ centred / (len(x) - 1))
        variances, axes = variances[::-1], axes[:, ::-1]
        axes = axes * np.sign(axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])])
        scores = centred @ axes[:, :2]
        [scores[species == s].mean(axis=0) for s in range(species.max() + 1)]
        return variances / variances.sum()

    return {"NumPy": Peer(run)}
