// Package passes holds the list of what is done to a program between lowering
// and running. Every pass takes a module and leaves one that computes the same
// values, bit for bit; any of them may be left out.
package passes

import (
	"fmt"
	"slices"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes/cse"
	"github.com/calx-lang/calx/passes/dce"
	"github.com/calx-lang/calx/passes/inline"
	"github.com/calx-lang/calx/passes/licm"
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
}

// Pipeline is the list of passes, in their order.
var Pipeline = []Pass{
	{"inline", "puts small functions in the place of their calls",
		"first, so that all others see through calls", inline.Run},
	{"simplify", "computes with constants and replaces operations by cheaper ones",
		"inline, which makes arguments constant", simplify.Run},
	{"cse", "computes everything once",
		"simplify, which makes equal what is the same", cse.Run},
	{"raise", "turns loops and maps into operations on whole arrays",
		"simplify and cse, after which an index is recognised as one", raise.Run},
	{"resimplify", "simplify again",
		"raise, which leaves views of views and parts of constant size", simplify.Run},
	{"licm", "moves out of loops what is the same in each iteration",
		"raise, which makes loops disappear", licm.Run},
	{"recse", "cse again",
		"licm, which brings equal operations into one block", cse.Run},
	{"sink", "puts broadcasts beside the operations that read them",
		"licm and cse, which take them away from there", sink.Run},
	{"dce", "removes what nobody uses",
		"all others, which leave their operands behind", dce.Run},
}

// Options of Run.
type Options struct {
	Skip   []string                         // names of passes to leave out
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
	for _, pass := range Pipeline {
		if slices.Contains(options.Skip, pass.Name) {
			continue
		}
		if err := pass.Run(m); err != nil {
			return fmt.Errorf("%s: %w", pass.Name, err)
		}
		if err := done(pass.Name); err != nil {
			return err
		}
	}
	return nil
}
