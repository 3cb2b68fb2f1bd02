package host

import (
	"errors"
	"fmt"
)

// A Failure is the end of a run by an error of the program, or by its limits. The
// instance can be used again.
type Failure struct {
	Site  uint32 // where, a number of the module's
	Code  uint32 // why, a number of the module's; 0 if Cause says it
	A, B  int64  // what goes with Code
	Cause error  // what ended the run from outside: a *runtime.Failure for limits, or what a hook returned
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return f.Cause.Error()
	}
	return fmt.Sprintf("the program failed at place %d for reason %d (%d, %d)", f.Site, f.Code, f.A, f.B)
}

func (f *Failure) Unwrap() error { return f.Cause }

// A Fault is a mistake in compiled code or in what it was loaded with: a trap, a
// panic, a write outside of its memory.
type Fault struct {
	Function string
	Cause    error
}

func (f *Fault) Error() string {
	return fmt.Sprintf("compiled code is wrong: in %s: %s", f.Function, f.Cause)
}

func (f *Fault) Unwrap() error { return f.Cause }

// errEnded ends a run from inside of a hook; the instance knows why.
var errEnded = errors.New("the run has ended")
