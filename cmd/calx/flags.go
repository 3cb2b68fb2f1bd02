package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/calx-lang/calx/runtime"
)

// parse reads the flags of a command, which may stand before and after the
// other arguments; those come back. After "--" nothing is a flag. If it is not
// ok, the command ends with the exit code.
func (t *terminal) parse(c *command, flags *flag.FlagSet, args []string) (rest []string, code int, ok bool) {
	flags.SetOutput(io.Discard)
	for {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(t.out, c.helpText(flags))
			return nil, exitDone, false
		}
		if err != nil {
			return nil, t.wrongUsage(c, "%s", flagProblem(err)), false
		}
		left := flags.Args()
		if read := len(args) - len(left); read > 0 && args[read-1] == "--" {
			return append(rest, left...), 0, true
		}
		if len(left) == 0 {
			return rest, 0, true
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// flagProblem is what package flag says of a flag, in the words of this command.
func flagProblem(err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		return "there is no flag --" + strings.TrimPrefix(name, "-")
	}
	return strings.ReplaceAll(text, "flag -", "flag --")
}

// newFlags is an empty set of flags of a command.
func newFlags(c *command) *flag.FlagSet { return flag.NewFlagSet(c.name, flag.ContinueOnError) }

// runFlags are those that bound a run and choose how it is done and shown.
type runFlags struct {
	backend string
	limitFlags
	json bool
}

// limitFlags are those that bound a run.
type limitFlags struct {
	memory byteCount
	time   time.Duration
}

func (f *runFlags) add(flags *flag.FlagSet) {
	f.backend = "auto"
	flags.Func("backend", "`name` of what runs the program: auto or interp (default auto)", func(name string) error {
		if name != "auto" && name != "interp" {
			return errors.New("there are the backends auto and interp")
		}
		f.backend = name
		return nil
	})
	f.limitFlags.add(flags)
	flags.BoolVar(&f.json, "json", false, "write one JSON object, of the results or of the mistakes")
}

func (f *limitFlags) add(flags *flag.FlagSet) {
	f.memory = runtime.DefaultMemory
	flags.Var(&f.memory, "memory-limit", "`size` that all arrays together may have, such as 512MB (default 4GiB)")
	flags.DurationVar(&f.time, "time-limit", 0, "`duration` after which a program is stopped, such as 200ms or 10s")
}

func (f *limitFlags) limits() runtime.Limits { return runtime.Limits{Memory: int64(f.memory)} }

// A byteCount is a number of bytes as a flag: 4096, 512MB, 2GiB.
type byteCount int64

// byteUnits stand with the longer names first.
var byteUnits = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

func (b *byteCount) String() string { return strconv.FormatInt(int64(*b), 10) }

func (b *byteCount) Set(text string) error {
	digits, scale := strings.TrimSpace(text), 1.0
	for _, unit := range byteUnits {
		if number, ok := strings.CutSuffix(digits, unit.name); ok {
			digits, scale = strings.TrimSpace(number), unit.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(n > 0) || n*scale < 1 || n*scale >= math.MaxInt64 {
		return errors.New("a size is a number of bytes, or a number with kB, MB, GB, KiB, MiB or GiB")
	}
	*b = byteCount(n * scale)
	return nil
}
