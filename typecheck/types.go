// Package typecheck turns syntax into a typed program: names are resolved,
// shapes are checked, generic functions become instances for the types of their
// uses, and what the language leaves implicit (conversions, broadcasts,
// application along axes, defaults, run-time checks of sizes) becomes explicit
// operations. What is left to package lower is structure: tuples and records,
// assigned variables, control flow.
package typecheck

import "github.com/calx-lang/calx/ir"

// Type is the type of an expression.
type Type interface{ isType() }

type (
	// Array is an array, a scalar (no Dims), or text (ir.Text, no Dims).
	Array struct {
		DType ir.DType
		Dims  []ir.Dim // over the program's atoms
	}
	// Tuple has parts in order.
	Tuple struct{ Elems []Type }
	// Record has fields sorted by name, so that equal records have equal forms.
	Record struct {
		Names []string
		Types []Type
	}
	// Function is a compile-time value; at run time it is a tuple of what it
	// captured, with the types Captures.
	Function struct {
		Value    *FuncValue
		Captures []Type
	}
	// Unit is the type of what has no value. It has no run-time parts.
	Unit struct{}
	// Static is the type of names that exist for the checker only: none, a
	// module, a dtype. It has no run-time parts.
	Static struct{ Name string }
)

func (Array) isType()    {}
func (Tuple) isType()    {}
func (Record) isType()   {}
func (Function) isType() {}
func (Unit) isType()     {}
func (Static) isType()   {}
