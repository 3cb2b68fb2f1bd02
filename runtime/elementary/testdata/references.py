"""Writes references.bin and complex.bin: arguments and values of elementary functions.

A record is one function: its name in 8 bytes (zero padded), the number of
arguments and the number of points as little-endian uint32, then the points:
the arguments and the rounded value as little-endian doubles, then as an int16
what is missing to the exact value, in 2^-15 units in the last place of the
rounded value. Values that overflow are left out.
Needs mpmath and numpy. Run: python3 references.py
"""
import math
import random
import struct

from mpmath import mp, mpf

mp.prec = 1400
random.seed(20240601)


def neighbours(x, count=2):
    points = [x]
    below = above = x
    for _ in range(count):
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
        points += [below, above]
    return points


def both(points):
    return points + [-x for x in points]


def logarithmic(low, high, count):
    """Random doubles with exponents spread evenly over 2^low .. 2^high."""
    return [math.ldexp(random.uniform(0.5, 1), random.randint(low + 1, high)) for _ in range(count)]


def linear(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def near_quarter_turns():
    """Doubles next to multiples of pi/2 and of pi/4, small and huge, and those
    of each binade that continued fractions of its 2/pi find nearest to one."""
    points = []
    for _ in range(250):
        k = int(2 ** random.uniform(0, 30))
        points += neighbours(float(k * mp.pi / 2), 1) + neighbours(float(k * mp.pi / 4), 0)
    for exponent in range(-52, 971):
        # mantissa·2^exponent ≈ k·pi/2: convergents of 2^exponent·2/pi
        ratio = mpf(2) ** exponent * 2 / mp.pi
        p0, q0, p1, q1 = 0, 1, 1, 0
        value = ratio
        best = None
        while True:
            a = int(mp.floor(value))
            p0, p1 = p1, a * p1 + p0
            q0, q1 = q1, a * q1 + q0
            if q1 >= 2**53:
                break
            best = q1
            if value == a:
                break
            value = 1 / (value - a)
        if best:
            x = math.ldexp(best, exponent)
            if x > 0.1 and (exponent % 4 == 0 or exponent < -20):
                points.append(x)
    return points


TRIG = both(near_quarter_turns() + logarithmic(-1074, 1024, 250) + linear(0, 10, 400) + linear(0, 2e6, 300) + neighbours(2.0**20, 3))
TINY = both(logarithmic(-1074, -20, 120) + logarithmic(-30, 0, 200) + neighbours(5e-324, 1) + neighbours(2.0**-1022))




SETS = {
    "exp": (mp.exp, TINY + linear(-745.2, 709.8, 1200) + linear(-1, 1, 1200) + neighbours(709.782712893384, 3) + linear(-745.2, -708, 200)
            + [x for k in range(-30, 30) for x in neighbours(float((k + 0.5) * mp.log(2)), 1)]),
    "expm1": (mp.expm1, TINY + linear(-50, 50, 700) + linear(-2, 2, 2000) + linear(-745, 709, 200) + neighbours(709.782712893384, 3)
              + [x for k in range(-60, 70) for x in neighbours(float((k + 0.5) * mp.log(2)), 1)]),
    "log": (mp.log, [abs(x) for x in TINY[: len(TINY) // 2]] + logarithmic(-1074, 1024, 1000) + linear(0.5, 2, 1500) + linear(0.99, 1.01, 300)
            + neighbours(1.0, 20) + neighbours(math.sqrt(0.5), 5) + neighbours(math.sqrt(2), 5) + [1.7976931348623157e308]),
    "log1p": (mp.log1p, TINY + linear(-1, 3, 2000) + logarithmic(-3, 1024, 500) + linear(-0.3, 0.5, 800) + neighbours(math.sqrt(0.5) - 1, 5)
              + neighbours(math.sqrt(2) - 1, 5) + [math.nextafter(-1, 0), -1 + 2**-40, 1.7976931348623157e308] + neighbours(1.0)),
    "sin": (mp.sin, TRIG),
    "cos": (mp.cos, TRIG),
    "tan": (mp.tan, TRIG),
    "asin": (mp.asin, TINY + linear(-1, 1, 2000) + both([1.0] + neighbours(0.5)) + [1 - 2.0**-k for k in range(1, 54)]),
    "acos": (mp.acos, TINY + linear(-1, 1, 2000) + linear(0.5, 1, 600) + both(neighbours(0.5)) + both([1 - 2.0**-k for k in range(1, 54)]) + [-1.0]),
    "atan": (mp.atan, TINY + both(logarithmic(-4, 1024, 400)) + linear(-4, 4, 2000) + both(neighbours(0.66) + neighbours(2.414) + neighbours(1.0))),
    "tanh": (mp.tanh, TINY + linear(-25, 25, 600) + linear(-2, 2, 2500) + both([22.0, 1e300, 19.0, 20.0])
             + [x for k in range(-64, 64) for x in neighbours(float((k + 0.5) * mp.log(2) / 2), 1)]),
}
PAIRS = {
    "atan2": (mp.atan2, [(random.choice([-1, 1]) * y, random.choice([-1, 1]) * x) for y, x in
                         list(zip(linear(0, 5, 1500), linear(0, 5, 1500))) + list(zip(logarithmic(-1074, 1024, 900), logarithmic(-1074, 1024, 900)))
                         + [(x * random.uniform(0.5, 2), x) for x in logarithmic(-1074, 1022, 600)]
                         + [(x * s, x) for x in [1.0, 3.0, 5e-324, 2.0**1020] for s in neighbours(0.66) + neighbours(2.414) + [1]]
                         + [(x * 2.0**-k, x) for x in [1.7, 1e300] for k in range(1000, 1075)]]),
    "pow": (mp.power, []),
}


def pow_points():
    points = []
    while len(points) < 1500:
        x = logarithmic(-1074, 1024, 1)[0]
        if x == 1:
            continue
        points.append((x, random.uniform(-745.2, 709.8) / math.log(x)))
    while len(points) < 2600:
        x = random.uniform(0.5, 2)
        points.append((x, random.uniform(-745.2, 709.8) / math.log(x)))
    for x in neighbours(1.0, 12)[1:]:
        points += [(x, random.uniform(-745, 709) / math.log(x)) for _ in range(12)]
    points += [(random.uniform(0, 20), random.uniform(-20, 20)) for _ in range(600)]
    points += [(2.0, y) for y in neighbours(1023.9999) + neighbours(-1074.3) + [-1022.5, -1050.25, 100.0, -1074.0]]
    points += [(x, y) for x in (10.0, 3.0, 0.1) for y in (65.0, 100.0, 300.0, -70.0, -300.0, 0.5, 1 / 3)]
    points += [(x, y) for x, y in zip(logarithmic(-60, 60, 200), logarithmic(-1074, -10, 200))]
    points += [(-x, y) for x in (1.5, 3.0) for y in (65.0, 66.0, 101.0, -65.0)]
    return [(x, y) for x, y in points if not (y == int(y) and abs(y) <= 64)]


PAIRS["pow"] = (mp.power, pow_points())
mp.prec = 1400

with open("references.bin", "wb") as out:
    for name, (function, points) in {**SETS, **PAIRS}.items():
        rows = []
        for point in dict.fromkeys(points):
            arguments = point if isinstance(point, tuple) else (point,)
            if any(math.isinf(a) or a == 0 for a in arguments):
                continue
            # cancellation in e.g. cos near pi/2 needs the bits of the argument's exponent
            mp.prec = 1400 if name in ("sin", "cos", "tan") else 400
            if name in ("expm1", "log1p", "tanh", "asin", "atan") and abs(arguments[0]) < 2.0**-60:
                mp.prec = 1400
            value = mp.re(function(*[mpf(a) for a in arguments]))
            if abs(value) >= mpf(2) ** 1024:
                continue
            high = float(value)
            if math.isinf(high):
                continue
            rest = round((value - mpf(high)) / mpf(math.ulp(high)) * 2**15)
            rows.append(struct.pack("<%ddh" % (len(arguments) + 1), *arguments, high, rest))
        out.write(name.encode().ljust(8, b"\0") + struct.pack("<II", len(arguments), len(rows)) + b"".join(rows))
        print(name, len(rows))

# complex.bin: the same for functions of complex numbers, without the last part:
# arguments and value are two doubles each.
mp.prec = 300


def plane():
    points = [complex(*p) for p in zip(linear(-3, 3, 60), linear(-3, 3, 60))]
    points += [complex(random.choice([-1, 1]) * x, random.choice([-1, 1]) * y) for x, y in zip(logarithmic(-40, 4, 40), logarithmic(-40, 4, 40))]
    return points + [complex(math.cos(a), math.sin(a)) for a in linear(-3, 3, 20)]


COMPLEX = {"exp": mp.exp, "log": mp.log, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "tanh": mp.tanh, "sqrt": mp.sqrt, "asin": mp.asin,
           "acos": mp.acos, "atan": mp.atan, "expm1": lambda z: mp.exp(z) - 1, "log1p": lambda z: mp.log(1 + z), "pow": mp.power, "div": mp.fdiv, "mul": mp.fmul}
with open("complex.bin", "wb") as out:
    for name, function in COMPLEX.items():
        arity = 2 if name in ("pow", "div", "mul") else 1
        rows = []
        for z, w in zip(plane(), random.sample(plane(), 120)):
            arguments = (z, w)[:arity]
            value = mp.mpc(function(*[mp.mpc(a) for a in arguments]))
            rows.append(struct.pack("<%dd" % (2 * arity + 2), *[part for a in arguments for part in (a.real, a.imag)], float(value.real), float(value.imag)))
        out.write(name.encode().ljust(8, b"\0") + struct.pack("<II", arity, len(rows)) + b"".join(rows))
