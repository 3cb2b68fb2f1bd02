"""Prints the polynomial coefficients and split constants of package elementary.

Each polynomial interpolates its function where a Chebyshev polynomial of one
degree more, shifted to have a root at 0, has its other roots: the error that
counts is weighted by a power of the argument. The printed error is that of
the polynomial with its rounded coefficients, weighted, as log2.
Needs mpmath. Run: python3 coefficients.py
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, pi, sin, exp, log, atan, asin, sqrt, floor, ldexp

mp.prec = 1400


def fit(function, low, high, count):
    low, high = mpf(low), mpf(high)
    roots = [cos(pi * (2 * i + 1) / (2 * (count + 1))) for i in range(count + 1)]
    if low < 0:  # an even number of coefficients: the middle root is 0
        nodes = [high * root for root in roots if abs(root) > mpf("1e-30")]
    else:
        nodes = [high * (root - roots[-1]) / (1 - roots[-1]) for root in roots[:-1]]
    system = matrix(count, count)
    right = matrix(count, 1)
    for i, z in enumerate(nodes):
        for j in range(count):
            system[i, j] = z**j
        right[i] = function(z)
    return [float(c) for c in lu_solve(system, right)]


def report(name, function, low, high, count, weight):
    coefficients = fit(function, low, high, count)
    worst = mpf(0)
    for i in range(1, 400):
        z = mpf(low) + (mpf(high) - mpf(low)) * i / 400
        if z == 0:
            continue
        value = sum(mpf(c) * z**j for j, c in enumerate(coefficients))
        worst = max(worst, abs((value - function(z)) * weight(z)))
    print(f"// {name}: error 2^{float(log(worst, 2)):.1f}")
    for j, c in enumerate(coefficients):
        print(f"\t{name}{j} = {c.hex()} // {c!r}")


def split(name, value, *widths):
    """Parts of the given numbers of leading bits, then a double for the rest."""
    for index, width in enumerate(widths):
        exponent = int(floor(log(abs(value), 2)))
        part = ldexp(floor(ldexp(value, width - 1 - exponent)), exponent + 1 - width)
        assert mpf(float(part)) == part
        print(f"\t{name}{index} = {float(part).hex()}")
        value -= part
    print(f"\t{name}{len(widths)} = {float(value).hex()}")


half = log(mpf(2)) / 2 * mpf("1.002")
report("expC", lambda r: (exp(r) - 1 - r - r**2 / 2) / r**3, -half, half, 10, lambda r: r**3 / exp(r))
zmax = (sqrt(mpf(2)) - 1) ** 2 / (sqrt(mpf(2)) + 1) ** 2 * mpf("1.002")


def atanh_tail(z, skip):
    """(2 atanh(s)/s - first `skip` terms) / z^skip with z = s^2, by its series"""
    return sum(mpf(2) / (2 * (k + skip) + 1) * z**k for k in range(60))


report("logC", lambda z: atanh_tail(z, 1), 0, zmax, 7, lambda z: z / 2)
report("powC", lambda z: atanh_tail(z, 2), 0, zmax, 8, lambda z: z**2 / 2)
quarter = (pi / 4 * mpf("1.0001")) ** 2


def series(term, count=40):
    return lambda z: sum(term(k) * z**k for k in range(count))


report("sinC", series(lambda k: (-1) ** (k + 1) / mp.factorial(2 * k + 3)), 0, quarter, 6, lambda z: z)
report("cosC", series(lambda k: (-1) ** k / mp.factorial(2 * k + 4)), 0, quarter, 6, lambda z: z**2)


def by_root(f):
    return lambda z: (f(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3


report("atanC", by_root(atan), 0, mpf("0.66") ** 2 * mpf("1.0005"), 17, lambda z: z)
report("asinC", by_root(asin), 0, mpf("0.25") * mpf("1.0005"), 13, lambda z: z)
split("halfPi", pi / 2, 33, 33, 33)
split("ln2Part", log(mpf(2)), 32)
print(f"\tlog2e = {float(1 / log(mpf(2))).hex()}\n\ttwoOverPi = {float(2 / pi).hex()}")
for name, value in [("halfPiHigh", pi / 2), ("quarterPiHigh", pi / 4), ("piHigh", pi), ("threeQuarterPi", 3 * pi / 4), ("twoThirds", mpf(2) / 3)]:
    print(f"\t{name} = {float(value).hex()}\n\t{name}Low = {float(value - mpf(float(value))).hex()}")
digits = int(floor(ldexp(2 / pi, 1280)))
for i in range(20):
    print(f"\t0x{(digits >> (1280 - 64 * (i + 1))) & (2**64 - 1):016x},")
