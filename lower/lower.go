// Package lower turns a typed program into the array IR. What comes in has
// tuples, records, assigned variables, break, continue, return, comprehensions
// and functions that read the values of the script around them; what goes out
// is arrays in SSA form with structured regions and closed functions. Shapes
// have been checked, and run-time checks inserted, by package typecheck; where
// a value's sizes are known under another form than its type says, lower adds a
// Retype.
//
// The order of parts is the same everywhere: tuples in order, records by sorted
// name, functions as their captures. Every function and every region gives the
// sizes that are not known before first, in order of first appearance, then its
// values.
package lower

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/typecheck"
)

// MainName and DefaultPrefix name the functions of a module that stand for the
// script and, before the name of the input, for the default of an input.
// Exported functions have their own names.
const (
	MainName      = "main"
	DefaultPrefix = "default:"
)

// An Entry is a function of a module that is called from outside: main, the
// default of an input, an exported function.
type Entry struct {
	Func *ir.Func
	// Sizes are the atoms that the size parameters stand for: those that the
	// types of the parameters are found from, the values of i64 parameters that
	// are sizes too (Def.Atom), and atoms made of those.
	Sizes []ir.Atom
	// Params are the Defs that the parameters are the parts of. Behind those that
	// a function declares stand the inputs that it reads.
	Params []*typecheck.Def
}

// Lower makes a module of a checked program. Main takes the values of p.Sizes,
// then those of further atoms that types of inputs are made of (the value of an
// input n, or n//2 in f64[n//2]), and the parts of the inputs; it gives the
// sizes of the exports that are not among its own, and the parts of the exports.
// An error is a mistake of the compiler.
func Lower(p *typecheck.Program) (*ir.Module, error) {
	m, _, err := LowerEntries(p)
	return m, err
}

// LowerEntries is Lower, and tells what the functions that are called from
// outside take, by name.
func LowerEntries(p *typecheck.Program) (m *ir.Module, entries map[string]Entry, err error) {
	l := &lowering{program: p}
	defer func() {
		if r := recover(); r != nil {
			m, entries, err = nil, nil, l.bugError(r)
		}
	}()
	l.analyse()
	l.declare()
	m, entries = &ir.Module{Entries: []*ir.Func{}}, map[string]Entry{}
	for _, u := range l.order {
		l.define(u)
		m.Funcs = append(m.Funcs, u.function)
		if u.root {
			m.Entries = append(m.Entries, u.function)
			entries[u.name] = Entry{u.function, u.sizes, slices.Concat(u.params, u.globals)}
		}
	}
	m.Main = l.main.function
	return m, entries, nil
}

// A bug is what a mistake of the compiler panics with.
type bug string

func bugf(format string, args ...any) bug { return bug(fmt.Sprintf(format, args...)) }

func (l *lowering) bugError(r any) error {
	at := ""
	if l.at.IsValid() {
		at = " at " + l.at.String()
	}
	if re, ok := r.(runtime.Error); ok {
		stack := make([]byte, 2048)
		return fmt.Errorf("a bug in the compiler (lower)%s: %v\n%s", at, re, stack[:runtime.Stack(stack, false)])
	}
	return fmt.Errorf("a bug in the compiler (lower)%s: %v", at, r)
}

// A lowering is the work on one program.
type lowering struct {
	program *typecheck.Program
	main    *unit
	units   map[*typecheck.Instance]*unit
	order   []*unit // callees first; Main last
	facts   facts

	constants map[*typecheck.Def]*typecheck.Const // lets of the script that are literals
	rank      map[*typecheck.Def]int              // order of the Defs of the script

	lastAtom ir.Atom  // atoms beyond those of the program stand for sizes where paths meet
	at       ast.Span // where the work is, for errors
}

// freshAtom is an atom that no type of the program mentions.
func (l *lowering) freshAtom() ir.Atom {
	l.lastAtom++
	return l.lastAtom
}

func (l *lowering) atomInfo(a ir.Atom) typecheck.AtomInfo {
	if int(a) < len(l.program.Atoms) {
		return l.program.Atoms[a]
	}
	return typecheck.AtomInfo{}
}

// A unit is what becomes one function: the script, a default, or an instance.
type unit struct {
	name     string
	instance *typecheck.Instance // nil for the script
	span     ast.Span
	body     *typecheck.Block

	calls     []*unit
	uses      uses
	effect    bool // prints or calls an impure host function, itself or by a call
	recursive bool
	root      bool              // called from outside, by its name
	ofRule    bool              // of a declared derivative
	zeros     []typecheck.Array // of a pullback: cotangents of values of the script

	signature
}
