// Command measure times tasks for peers.py, which asks line by line:
//
//	tasks            {"name": ..., "work": ..., "unit": ..., "go": ...} of each, in one line
//	calx NAME N      {"seconds": ..., "sum": ..., "count": ...}: of one of N runs, and of what comes out
//	go NAME N        the same for the task in Go
//	script N         a script of N lines, as {"text": ...}
//
// What a task needs is made at its first line, so a first line with N = 0 leaves
// nothing but work to the next. A line that can't be answered gets {"error": ...}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/calx-lang/calx/bench"
)

func main() {
	ready := map[string]bench.Run{}
	lines := bufio.NewScanner(os.Stdin)
	replies := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		answer, err := reply(ready, strings.Fields(lines.Text()))
		if err != nil {
			answer = map[string]string{"error": err.Error()}
		}
		if err := replies.Encode(answer); err != nil {
			fmt.Fprintln(os.Stderr, "measure:", err)
			os.Exit(1)
		}
	}
}

type listed struct {
	Name string `json:"name"`
	Work int    `json:"work"`
	Unit string `json:"unit"`
	Go   bool   `json:"go"`
}

type timing struct {
	Seconds float64 `json:"seconds"`
	Sum     float64 `json:"sum"`
	Count   int     `json:"count"`
}

func reply(ready map[string]bench.Run, words []string) (any, error) {
	switch {
	case len(words) == 1 && words[0] == "tasks":
		var tasks []listed
		for _, t := range bench.Tasks() {
			tasks = append(tasks, listed{t.Name, t.Work, t.Unit, t.Go != nil})
		}
		return tasks, nil
	case len(words) == 2 && words[0] == "script":
		n, err := strconv.Atoi(words[1])
		return map[string]string{"text": bench.LongScript(n)}, err
	case len(words) == 3 && (words[0] == "calx" || words[0] == "go"):
		n, err := strconv.Atoi(words[2])
		if err != nil {
			return nil, err
		}
		key := words[0] + " " + words[1]
		if ready[key] == nil {
			if ready[key], err = prepare(words[0], words[1]); err != nil {
				return nil, err
			}
		}
		return timed(ready[key], n)
	}
	return nil, fmt.Errorf("not a request: %q", words)
}

func prepare(way, name string) (bench.Run, error) {
	task, ok := bench.Find(name)
	switch {
	case !ok:
		return nil, fmt.Errorf("there is no task %s", name)
	case way == "calx":
		return task.Calx()
	case task.Go == nil:
		return nil, fmt.Errorf("%s is not written in Go", name)
	}
	return task.Go(), nil
}

func timed(run bench.Run, n int) (result timing, err error) {
	var numbers []float64
	start := time.Now()
	for range n {
		if numbers, err = run(); err != nil {
			return result, err
		}
	}
	if n > 0 {
		result.Seconds = time.Since(start).Seconds() / float64(n)
	}
	for _, x := range numbers {
		result.Sum += x
	}
	result.Count = len(numbers)
	return result, nil
}
