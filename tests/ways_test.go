package tests

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/interp"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/passes"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/typecheck"
)

// A way is a way of running a program. All ways give the same, bit for bit.
type way struct {
	name   string
	skip   []string // passes
	tuning interp.Tuning
}

// otherWays are those that differ from what calx.Compile does.
var otherWays = []way{
	{"no passes", allPasses(), interp.Tuning{}},
	{"no passes, plainest interpreter", allPasses(), plainest},
	{"no groups", nil, interp.Tuning{NoGroups: true}},
	{"no blocks", nil, interp.Tuning{NoBlocks: true}},
	{"no streams", nil, interp.Tuning{NoStreams: true}},
	{"nothing in place", nil, interp.Tuning{NoInPlace: true}},
	{"plainest interpreter", nil, plainest},
}

var plainest = interp.Tuning{NoGroups: true, NoBlocks: true, NoStreams: true, NoInPlace: true}

func allPasses() (names []string) {
	for _, pass := range passes.Pipeline {
		names = append(names, pass.Name)
	}
	return names
}

// passesBehindDiff are those that preserve every bit of a derivative; what
// stands before them decides what is differentiated.
func passesBehindDiff() []string {
	all := allPasses()
	return all[slices.Index(all, passes.Diff)+1:]
}

// An outcome is all that a run shows.
type outcome struct {
	printed string
	values  []runtime.Value // the exports, flat
	err     error
}

// differs says how two outcomes differ, empty if they don't.
func (o outcome) differs(p outcome) string {
	switch {
	case (o.err == nil) != (p.err == nil):
		return fmt.Sprintf("the error is %v, and otherwise %v", o.err, p.err)
	case o.printed != p.printed:
		return fmt.Sprintf("it prints %q, and otherwise %q", o.printed, p.printed)
	case len(o.values) != len(p.values):
		return fmt.Sprintf("it gives %d values, and otherwise %d", len(o.values), len(p.values))
	}
	for i, v := range o.values {
		if !runtime.Equal(v, p.values[i]) {
			return fmt.Sprintf("value %d is\n%s\nand otherwise\n%s", i, runtime.Format(v), runtime.Format(p.values[i]))
		}
	}
	return ""
}

// A checked program is what all ways begin with.
type checkedProgram struct{ typed *typecheck.Program }

func checkProgram(source *ast.Source, load func(*ast.Source, string) (*ast.Source, error)) (checkedProgram, error) {
	file, mistakes := lang.Parse(source)
	typed, more := typecheck.Check(file, typecheck.Options{Load: load})
	if mistakes = append(mistakes, more...); mistakes.HasErrors() {
		return checkedProgram{}, mistakes
	}
	return checkedProgram{typed}, nil
}

// run runs the program in a way. The verifier looks at the module behind each pass.
func (p checkedProgram) run(ctx context.Context, w way, inputs map[string]any, limits runtime.Limits) outcome {
	module, err := lower.Lower(p.typed)
	if err != nil {
		return outcome{err: err}
	}
	skip := w.skip
	if p.typed.Derives && skip != nil {
		skip = passesBehindDiff()
	}
	if err := passes.Run(module, passes.Options{Skip: skip, Verify: true}); err != nil {
		return outcome{err: err}
	}
	code, err := interp.CompileTuned(module, w.tuning)
	if err != nil {
		return outcome{err: err}
	}
	args, sizes := p.arguments(inputs)
	var printed bytes.Buffer
	values, err := code.Run(ctx, args, sizes, interp.Options{Limits: limits, Output: &printed})
	if err != nil {
		return outcome{printed: printed.String(), err: err}
	}
	return outcome{printed.String(), values[module.Main.SizeResults:], nil}
}

// arguments are the inputs as Main takes them. Sizes must stand alone somewhere.
func (p checkedProgram) arguments(inputs map[string]any) (args []runtime.Value, sizes []int64) {
	values := map[ir.Atom]int64{}
	mentioned := slices.Clone(p.typed.Sizes)
	for _, in := range p.typed.Inputs {
		v := inputs[in.Def.Var.Name].(runtime.Value)
		args = runtime.Flat(v, args)
		a, ok := v.(*runtime.Array)
		if !ok {
			continue
		}
		if in.Def.Atom != 0 {
			values[in.Def.Atom] = a.I64()[0]
		}
		for i, d := range in.Def.Type.(typecheck.Array).Dims {
			if atom, alone := d.Atom(); alone {
				values[atom] = int64(a.Shape()[i])
				mentioned = append(mentioned, atom)
			}
		}
	}
	for i, atom := range mentioned {
		if !slices.Contains(mentioned[:i], atom) {
			sizes = append(sizes, values[atom])
		}
	}
	return args, sizes
}

// runWhole runs a program as an embedding program would.
func runWhole(ctx context.Context, program *calx.Program, inputs map[string]any, limits runtime.Limits) (outcome, calx.Results) {
	var printed bytes.Buffer
	results, err := program.Run(ctx, inputs, calx.RunOptions{Limits: limits, Output: &printed})
	o := outcome{printed: printed.String(), err: err}
	for _, result := range results {
		o.values = runtime.Flat(result.Value, o.values)
	}
	return o, results
}
