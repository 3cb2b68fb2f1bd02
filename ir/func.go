package ir

import "github.com/calx-lang/calx/ast"

// A Module is a program: the functions reachable from Main, callees first where
// there is no recursion.
type Module struct {
	Funcs []*Func
	Main  *Func
	// Entries are the functions besides Main that are called from outside; nil if
	// that may be any.
	Entries []*Func
}

// Reachable are the functions of m that Main and Entries need, in their order.
func (m *Module) Reachable() []*Func {
	if m.Entries == nil {
		return m.Funcs
	}
	seen := map[*Func]bool{}
	var work []*Func
	visit := func(f *Func) {
		if f != nil && !seen[f] {
			seen[f] = true
			work = append(work, f)
		}
	}
	var block func(b *Block)
	block = func(b *Block) {
		for _, op := range b.Ops {
			visit(op.Callee())
			for _, region := range op.Regions {
				block(region)
			}
		}
	}
	visit(m.Main)
	for _, f := range m.Entries {
		visit(f)
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		block(f.Body)
		if f.Rule != nil {
			visit(f.Rule.Tangent)
			visit(f.Rule.Pullback)
		}
	}
	var list []*Func
	for _, f := range m.Funcs {
		if seen[f] {
			list = append(list, f)
		}
	}
	return list
}

// A Func is closed: it uses no value of another Func. Sizes are i64 parameters
// that types mention; they come before Params in a call. Sizes of results that
// are not known before are i64 results that later result types use as atoms.
type Func struct {
	Name      string
	Sizes     []*Value
	Params    []*Value
	Body      *Block // Yield holds the results; the block has no Params
	Recursive bool   // part of a cycle of calls

	// Results are the types of the results, so that a call has its types before
	// the body is there. A size that is result j is ResultAtom(j). The first
	// SizeResults results are there for the later ones to mention.
	Results     []Type
	SizeResults int

	Pos ast.Span

	Rule *DerivativeRule // nil if the derivative follows from the body

	values []*Value // by ID
}

// A DerivativeRule is a derivative that was given with a function. The functions in it
// have the Sizes of that function.
type DerivativeRule struct {
	// Tangent takes what the function takes, a tangent for each inexact
	// parameter, and, if TakesResults, its results. It gives a tangent for each
	// inexact result, and is linear in the tangents.
	Tangent      *Func
	TakesResults bool
	// Pullback takes what the function takes and a cotangent for each inexact
	// result. It gives a cotangent for each inexact parameter. Nil if it is to be
	// had from Tangent.
	Pullback *Func
}

// A Block is a sequence of operations. A block may use values of the blocks
// around it.
type Block struct {
	Params []*Value
	Ops    []*Op
	Yield  []*Value
}

// An Op computes Results from Args, from the values that the Dims of its Attr
// and of its result types mention, and from what its Regions use.
type Op struct {
	Code    Code
	Attr    Attr // nil where the code has none
	Args    []*Value
	Results []*Value
	Regions []*Block
	Pos     ast.Span
	Calls   []ast.Span // of the functions that it was inlined from, innermost first
}

// A Value is what a parameter or an operation gives. Types may mention it as
// Sized(Atom(ID)) if it is an i64 scalar.
type Value struct {
	ID    int32
	Type  Type
	Def   *Op // nil for a parameter
	Index int // which result of Def, or which parameter
	Name  string
}

// ResultAtom stands, in Results of a Func, for the size that result j is.
func ResultAtom(j int) Atom { return Atom(-1 - j) }

// ResultIndex is j if a is ResultAtom(j).
func (a Atom) ResultIndex() (j int, ok bool) { return int(-1 - a), a < 0 }

// Dim is the size that v, an i64 scalar, stands for.
func (v *Value) Dim() Dim { return Sized(Atom(v.ID)) }

// Value is the value that an atom of f's types stands for.
func (f *Func) Value(a Atom) *Value { return f.values[a] }

// NumValues is one more than the largest ID of a value of f.
func (f *Func) NumValues() int { return len(f.values) }

// NewValue makes a value of f that no operation gives yet.
func (f *Func) NewValue(t Type, name string) *Value {
	v := &Value{ID: int32(len(f.values)), Type: t, Name: name}
	f.values = append(f.values, v)
	return v
}

// AddSize appends a size parameter.
func (f *Func) AddSize(name string) *Value {
	v := f.NewValue(Scalar(I64), name)
	v.Index = len(f.Sizes)
	f.Sizes = append(f.Sizes, v)
	return v
}

// AddParam appends a parameter.
func (f *Func) AddParam(t Type, name string) *Value {
	v := f.NewValue(t, name)
	v.Index = len(f.Params)
	f.Params = append(f.Params, v)
	return v
}

// AddParam appends a parameter to a block of f.
func (b *Block) AddParam(f *Func, t Type, name string) *Value {
	v := f.NewValue(t, name)
	v.Index = len(b.Params)
	b.Params = append(b.Params, v)
	return v
}

// NewOp makes an operation with results of the given types and appends it to b.
// Results whose types mention each other are made with AddResult instead.
func (b *Block) NewOp(f *Func, code Code, attr Attr, args []*Value, results []Type, pos ast.Span) *Op {
	op := &Op{Code: code, Attr: attr, Args: args, Pos: pos}
	for _, t := range results {
		op.AddResult(f, t, "")
	}
	b.Ops = append(b.Ops, op)
	return op
}

// AddResult appends a result to op. Its type may mention earlier results.
func (op *Op) AddResult(f *Func, t Type, name string) *Value {
	v := f.NewValue(t, name)
	v.Def, v.Index = op, len(op.Results)
	op.Results = append(op.Results, v)
	return v
}
