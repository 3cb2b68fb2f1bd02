#!/usr/bin/env python3
"""Calx, Go and NumPy at the same work, taking turns in one run.

    python3 peers.py                      all tasks, as a table
    python3 peers.py chain exp matmul     the tasks whose names begin so
    python3 peers.py --rounds 9 --json figures.json
    python3 peers.py --processes          only the times of whole commands

Each round times every way of doing a task, one after the other, so that a noisy
machine troubles all of them, and takes the best of three tries of each; what is
shown, as a table in Markdown, are medians of the rounds and, in brackets, of the
ratios in each: 2 means that Calx takes twice as long. Everything is compiled,
warm and on one thread. Numba and SciPy are compared with where they are installed.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import peers_python

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("prefix", nargs="*", help="only tasks whose names begin with one of these")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--json", metavar="FILE", help="write all times here, too")
    options.add_argument("--processes", action="store_true", help="only the times of whole processes")
    options = options.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        measure = build(BENCH, "./measure", f"{folder}/measure")
        calx = build(ROOT, "./cmd/calx", f"{folder}/calx")
        with Helper([measure]) as helper:
            tasks, script = helper.ask("tasks"), helper.ask("script 5000")["text"]
        figures = {}
        if not options.processes:
            print("| task | Calx | each | others (Calx takes so many times as long) |\n|---|---|---|---|")
            for task in tasks:
                if not options.prefix or task["name"].startswith(tuple(options.prefix)):
                    with Helper([measure]) as helper:
                        figures[task["name"]] = compare(helper, task, options.rounds)
        if not options.prefix:
            figures.update(processes(calx, script, folder, options.rounds))
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1))


def build(module, package, to):
    subprocess.run(["go", "build", "-o", to, package], cwd=module, check=True)
    return to


class Helper:
    """The process that runs Calx and Go when asked to.

    Each task has its own: Go's collector runs less often the more is alive, so
    what earlier tasks leave behind would make later ones look faster.
    """

    def __init__(self, command):
        self.process = subprocess.Popen(command, cwd=BENCH, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            sys.exit(f"{line}: {answer['error']}")
        return answer


def compare(helper, task, rounds):
    """Times of one run of the task in seconds, by way, one for each round."""
    name = task["name"]
    ways = {"Calx": remote(helper, "calx", name)}
    if task["go"]:
        ways["Go"] = remote(helper, "go", name)
    for label, peer in peers_python.peers(name).items():
        ways[label] = local(peer, task["work"])
    agree(name, {label: way(1) for label, way in ways.items()})
    plans = {label: plan(way) for label, way in ways.items()}
    times = {label: [] for label in ways}
    for _ in range(rounds if plans["Calx"][0] > 1 else min(rounds, 3)):
        for label, way in ways.items():
            tries, runs = plans[label]
            times[label].append(min(way(runs)[0] for _ in range(tries)))
    show(name, times, task["work"], task["unit"])
    return times


def remote(helper, way, name):
    def run(n):
        answer = helper.ask(f"{way} {name} {n}")
        return answer["seconds"], answer["sum"]

    return run


def local(peer, work):
    def run(n):
        start = time.perf_counter()
        for _ in range(n):
            result = peer.run()
        seconds = (time.perf_counter() - start) / n * (work / peer.work if peer.work else 1)
        return seconds, None if peer.work else float(np.sum(result))

    return run


def plan(way):
    """How many tries a round makes, and of how many runs: short ones are repeated."""
    seconds = way(1)[0]
    if seconds > 0.5:
        return 1, 1
    return 3, max(1, min(1000, int(0.01 / max(seconds, 1e-9))))


def agree(name, results):
    """The sums of what comes out must be equal, up to rounding."""
    sums = {label: total for label, (_, total) in results.items() if total is not None}
    expected = sums["Calx"]
    for label, total in sums.items():
        if not abs(total - expected) <= 1e-6 * (1 + abs(expected)):
            sys.exit(f"{name}: the sum of the results is {expected} in Calx and {total} in {label}")


def show(name, times, work, unit):
    calx = times["Calx"]
    each = f"{duration(statistics.median(calx) / work)}/{unit}" if work > 1 else ""
    others = []
    for label, seconds in times.items():
        if label != "Calx":
            ratio = statistics.median(c / s for c, s in zip(calx, seconds))
            others.append(f"{label} {duration(statistics.median(seconds))} (**{shorter(ratio)}**)")
    print(f"| {name} | {duration(statistics.median(calx))} | {each} | {', '.join(others)} |", flush=True)


def shorter(ratio):
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def processes(calx, text, folder, rounds):
    """Times of whole commands, from start to end."""
    script = f"{folder}/long.calx"
    Path(script).write_text(text)
    commands = {
        "calx eval '1+1'": [calx, "eval", "1+1"],
        "calx check, 5,000 lines": [calx, "check", script],
        "calx run, pca of iris": [calx, "run", "examples/pca.calx", "data=examples/data/iris.csv"],
        "python3 -c 'import numpy'": [sys.executable, "-c", "import numpy"],
    }
    times = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            if turn > 0:
                times[name].append(time.perf_counter() - start)
    print("\n| whole process | median | fastest |\n|---|---|---|")
    for name, seconds in times.items():
        print(f"| {name} | {duration(statistics.median(seconds))} | {duration(min(seconds))} |", flush=True)
    return {name: {"process": seconds} for name, seconds in times.items()}


if __name__ == "__main__":
    main()
