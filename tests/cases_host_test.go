package tests

import (
	"github.com/calx-lang/calx"
)

// hostCases are the cases of what a host does around a program: it runs the
// program in its own way.
var hostCases = map[string]func(testCase, *calx.Program) (calx.Results, error){}
