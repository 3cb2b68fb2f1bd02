package kernel

import (
	"runtime"
	"time"
)

// The factorisations of gonum poll nothing. One that takes long runs detached: in a goroutine of its own, on memory that
// is its own, while the caller polls. When the poll fails the caller leaves at once; the computation runs on until it is
// done, and its results are dropped. How many there are at one time is bounded.

// heavy is the work, in floating-point operations, from which a computation runs detached: some milliseconds.
const heavy = 10_000_000

// detachedComputations has a place for each of those that run, the abandoned ones included. When all are taken, callers
// wait, polling.
var detachedComputations = make(chan struct{}, max(8, 2*runtime.NumCPU()))

// pollInterval is the time between two polls of one who waits for a detached computation.
const pollInterval = time.Millisecond

// detaches says whether a computation of so many operations must run detached for poll to be obeyed.
func detaches(work float64, poll func() error) bool { return poll != nil && work >= heavy }

// roomFor is where a computation writes what is meant for dst: dst itself, or memory of its own if it is detached.
func roomFor[T any](dst []T, detached bool) []T {
	if detached {
		return make([]T, len(dst))
	}
	return dst
}

// publish copies a result out of the room of a computation that ended with err.
func publish[T any](err error, dst, own []T, poll func() error) error {
	if err != nil {
		return err
	}
	return copyInPieces(dst, own, poll)
}

// compute calls run and gives its error, or that of poll, after which a detached run goes on. A panic of run, by which
// gonum gives up in a few places, is ErrNoConvergence.
func compute(detached bool, poll func() error, run func() error) error {
	if !detached {
		return contained(run)
	}
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for started := false; !started; {
		select {
		case detachedComputations <- struct{}{}:
			started = true
		case <-ticker.C:
			if err := poll(); err != nil {
				return err
			}
		}
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-detachedComputations }()
		done <- contained(run)
	}()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			if err := poll(); err != nil {
				return err
			}
		}
	}
}

func contained(run func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrNoConvergence
		}
	}()
	return run()
}
