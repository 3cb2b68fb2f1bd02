package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/calx-lang/calx/ast"
)

// Limits bound what a run may use. A field that is zero has its default; one
// below zero is no limit (Depth always has one). The deadline of the context
// limits time too; a machine knows that one only.
type Limits struct {
	Time   time.Duration // of a run or call; default none
	Memory int64         // bytes of arrays alive at once; default 4 GiB
	Steps  int64         // rounds of loops, calls, and each 1,024 elements that are gone through; default none
	Depth  int           // calls inside calls; default 10,000
}

// The defaults of Limits.
const (
	DefaultMemory = 4 << 30
	DefaultDepth  = 10_000
)

// WithDefaults is l with its zero fields filled in and those below zero made as
// large as can be.
func (l Limits) WithDefaults() Limits {
	switch {
	case l.Memory == 0:
		l.Memory = DefaultMemory
	case l.Memory < 0:
		l.Memory = 1<<63 - 1
	}
	if l.Steps <= 0 {
		l.Steps = 1<<63 - 1
	}
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	return l
}

// Interrupted is the failure of a run whose context has ended, nil while it
// has not. A deadline that has passed counts even if its timer has not fired.
func Interrupted(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		if deadline, ok := ctx.Deadline(); !ok || time.Now().Before(deadline) {
			return nil
		}
		err = context.DeadlineExceeded
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Fail(ast.CodeTimeLimit, "the program ran longer than its time limit")
	}
	return Fail(ast.CodeCancelled, "the program was cancelled")
}

// A Failure is a run-time error that doesn't know its place yet.
type Failure struct {
	Code    ast.Code
	Message string
	Cause   error // the Cause of the Diagnostic that At makes
}

func (f *Failure) Error() string { return f.Message }

// Fail makes a Failure.
func Fail(code ast.Code, format string, args ...any) *Failure {
	return &Failure{Code: code, Message: fmt.Sprintf(format, args...)}
}

// shownCalls is how many places of calls an error names.
const shownCalls = 8

// At is the error that err is when it happens at span, inside the calls at
// these places, innermost first. What happens in the standard library is shown
// at its innermost call outside of it. A Diagnostic stays as it is.
func At(err error, span ast.Span, calls []ast.Span) error {
	var d *ast.Diagnostic
	if errors.As(err, &d) {
		return d
	}
	d = &ast.Diagnostic{Span: span, Message: err.Error()}
	var f *Failure
	if errors.As(err, &f) {
		d.Code, d.Cause = f.Code, f.Cause
	}
	count := map[ast.Span]int{}
	var places []ast.Span
	for _, call := range calls {
		if d.Span.IsInternal() {
			d.Span = call
			continue
		}
		if count[call]++; count[call] == 1 && call.IsValid() {
			places = append(places, call)
		}
	}
	if more := len(places) - shownCalls; more > 0 {
		places = places[:shownCalls]
		d.Notes = append(d.Notes, fmt.Sprintf("called through %d more places, which are not shown", more))
	}
	for _, call := range places {
		text := "called from here"
		if count[call] > 1 {
			text = fmt.Sprintf("called from here, %d times", count[call])
		}
		d.Labels = append(d.Labels, ast.Label{Span: call, Text: text})
	}
	return d
}
