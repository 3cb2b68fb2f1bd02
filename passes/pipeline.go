// Package passes holds the list of what is done to a program between lowering
// and running. Every pass takes a module and leaves one that computes the same
// values, bit for bit; any of them may be left out but diff and pattern,
// without which derivatives can't be run.
package passes

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/cse"
	"github.com/calx-lang/calx/passes/dce"
	"github.com/calx-lang/calx/passes/diff"
	"github.com/calx-lang/calx/passes/inline"
	"github.com/calx-lang/calx/passes/licm"
	"github.com/calx-lang/calx/passes/pattern"
	"github.com/calx-lang/calx/passes/raise"
	"github.com/calx-lang/calx/passes/simplify"
	"github.com/calx-lang/calx/passes/sink"
)

// A Pass changes a module in place.
type Pass struct {
	Name  string
	Doc   string
	After string // what must have run before, and why
	Run   func(*ir.Module) error
	// Derived is for passes that are there for what diff leaves: they run in
	// programs with derivatives only.
	Derived bool
	// Sparse is for passes that programs with patterns need besides.
	Sparse bool
}

// Pipeline is the list of passes, in their order.
var Pipeline = []Pass{
	{Name: "share", Doc: "takes the values of functions from their derivatives", Run: diff.Share, Derived: true,
		After: "before inline, which makes calls disappear"},
	{Name: "inline", Doc: "puts small functions in the place of their calls", Run: inline.Run,
		After: "before all that want to see through calls"},
	{Name: "simplify", Doc: "computes with constants and replaces operations by cheaper ones", Run: simplify.Run,
		After: "inline, which makes arguments constant"},
	{Name: "cse", Doc: "computes everything once", Run: cse.Run,
		After: "simplify, which makes equal what is the same"},
	{Name: "raise", Doc: "turns loops and maps into operations on whole arrays", Run: raise.Run,
		After: "simplify and cse, after which an index is recognised as one"},
	{Name: "resimplify", Doc: "simplify again", Run: simplify.Run,
		After: "raise, which leaves views of views and parts of constant size"},
	{Name: Diff, Doc: "replaces derivatives by ordinary functions", Run: diff.Run, Derived: true,
		After: "raise and simplify, so that little is differentiated, and in whole arrays"},
	{Name: "inline-derived", Doc: "inline again", Run: inline.Run, Derived: true,
		After: "diff, which makes functions"},
	{Name: "simplify-derived", Doc: "simplify again", Run: simplify.Run, Derived: true,
		After: "inline"},
	{Name: "cse-derived", Doc: "cse again", Run: cse.Run, Derived: true,
		After: "inline, after which a function and its derivatives share what they compute"},
	{Name: Pattern, Doc: "lists the places where the Jacobians of programs may differ from zero", Run: pattern.Run, Sparse: true,
		After: "diff, of whose functions they are, and inline and cse, which bring equal indices together"},
	{Name: "inline-sparse", Doc: "inline again", Run: inline.Run, Sparse: true,
		After: "pattern, whose functions are gone now, so that others have one call"},
	{Name: "simplify-sparse", Doc: "simplify again", Run: simplify.Run, Sparse: true,
		After: "pattern, which tells colours that need not be searched"},
	{Name: "cse-sparse", Doc: "cse again", Run: cse.Run, Sparse: true,
		After: "inline"},
	{Name: "raise-derived", Doc: "raise again", Run: raise.Run, Derived: true,
		After: "simplify and cse"},
	{Name: "resimplify-derived", Doc: "simplify again", Run: simplify.Run, Derived: true,
		After: "raise"},
	{Name: "licm", Doc: "moves out of loops what is the same in each iteration", Run: licm.Run,
		After: "raise, which makes loops disappear"},
	{Name: "recse", Doc: "cse again", Run: cse.Run,
		After: "licm, which brings equal operations into one block"},
	{Name: "sink", Doc: "puts broadcasts beside the operations that read them", Run: sink.Run,
		After: "licm and cse, which take them away from there"},
	{Name: "dce", Doc: "removes what nobody uses", Run: dce.Run,
		After: "all others, which leave their operands behind"},
}

// The names of the passes that can't be left out.
const (
	Diff    = "diff"
	Pattern = "pattern"
)

// BeforeDiff is the last pass before diff: the program is simple, and has its
// derivatives still as operations.
const BeforeDiff = "resimplify"

// Options of Run.
type Options struct {
	Skip   []string                         // names of passes to leave out
	Until  string                           // the last pass to run; empty for all
	Whole  bool                             // the program is read, not run: loops record what they need, whatever memory that takes
	Verify bool                             // look at the module before the first pass and after each
	After  func(stage string, m *ir.Module) // if not nil, called after "lower" and after each pass
}

// Run takes m through the pipeline.
func Run(m *ir.Module, options Options) error {
	done := func(stage string) error {
		if options.Verify {
			if err := ir.Verify(m); err != nil {
				return fmt.Errorf("after %s: %w", stage, err)
			}
		}
		if options.After != nil {
			options.After(stage, m)
		}
		return nil
	}
	if err := done("lower"); err != nil {
		return err
	}
	derived, sparse := m.Derives(), hasPatterns(m)
	for _, pass := range Pipeline {
		if slices.Contains(options.Skip, pass.Name) && pass.Name != Diff && pass.Name != Pattern || pass.Derived && !derived || pass.Sparse && !sparse {
			continue
		}
		run := pass.Run
		if pass.Name == Diff && options.Whole {
			run = diff.RunWhole
		}
		if err := run(m); err != nil {
			return fmt.Errorf("%s: %w", pass.Name, err)
		}
		if err := done(pass.Name); err != nil {
			return err
		}
		if pass.Name == options.Until {
			break
		}
	}
	return nil
}

// hasPatterns reports whether there is work for the pass pattern.
func hasPatterns(m *ir.Module) bool {
	var inside func(*ir.Block) bool
	inside = func(b *ir.Block) bool {
		return slices.ContainsFunc(b.Ops, func(op *ir.Op) bool {
			return op.Code == ir.PatternOp || slices.ContainsFunc(op.Regions, inside)
		})
	}
	return slices.ContainsFunc(m.Funcs, func(f *ir.Func) bool { return inside(f.Body) })
}
