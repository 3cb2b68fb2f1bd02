package ast

import "errors"

// A Code names a kind of mistake; codes.go lists them.
type Code string

// Severity tells a mistake from a remark.
type Severity uint8

const (
	Error Severity = iota
	Warning
)

// A Diagnostic says what is wrong with a program, where, and what to do.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Message  string  // one line, in a user's words, without a full stop
	Span     Span    // the place; the zero Span if there is none
	Label    string  // said of the place itself, may be empty
	Labels   []Label // other places involved, with what is said of each
	Notes    []string
	Hint     string // what to write instead, may be empty
	Cause    error  // of a function of the embedding program: its error; else nil
}

// A Label says something of a place.
type Label struct {
	Span Span
	Text string
}

// Error is the message with its place: "fit.calx:12:13: these shapes …".
func (d *Diagnostic) Error() string {
	if !d.Span.IsValid() {
		return d.Message
	}
	return d.Span.String() + ": " + d.Message
}

// Unwrap is the cause.
func (d *Diagnostic) Unwrap() error { return d.Cause }

// Diagnostics are the mistakes of a program, in the order of their places. As
// an error they stand for a program that can't be run.
type Diagnostics []*Diagnostic

func (ds Diagnostics) Error() string {
	if len(ds) == 0 {
		return "no diagnostics"
	}
	return ds[0].Error()
}

// Unwrap gives each of them, so that errors.As finds a *Diagnostic in ds.
func (ds Diagnostics) Unwrap() []error {
	list := make([]error, len(ds))
	for i, d := range ds {
		list[i] = d
	}
	return list
}

// HasErrors reports whether any of ds is more than a warning.
func (ds Diagnostics) HasErrors() bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// AsDiagnostics finds the diagnostics in err: a Diagnostics or a Diagnostic.
func AsDiagnostics(err error) (Diagnostics, bool) {
	var ds Diagnostics
	if errors.As(err, &ds) {
		return ds, true
	}
	var d *Diagnostic
	if errors.As(err, &d) {
		return Diagnostics{d}, true
	}
	return nil, false
}
