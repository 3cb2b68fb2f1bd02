// Package interp runs the array IR. A module comes in and is compiled, once and
// in time linear in its size, into code for a slot machine: values of rank 0 live
// unboxed in words, arrays in counted handles, one instruction does one
// operation. Consecutive elementwise operations run strip by strip without
// intermediate arrays, maps run in blocks of lanes. Arrays come out, or an error
// with its place.
//
// The package decides when and where operations happen; what they compute is in
// runtime/kernel and runtime/elementary.
package interp

import (
	"context"
	"fmt"
	"io"
	"path"
	goruntime "runtime"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// A Program is a compiled module. It doesn't change and may be run by many
// goroutines at once.
type Program struct {
	funcs  map[*ir.Func]*function
	byName map[string]*function
	main   *function
	tuning Tuning
	lanes  map[*ir.Func]*laneProgram // while the module is compiled
}

// Options are those of one run.
type Options struct {
	Limits runtime.Limits
	Output io.Writer           // where Print writes; nil discards
	Hosts  map[string]HostFunc // by name
}

// A HostFunc is a function of the embedding program. It must not change its
// arguments.
type HostFunc func(ctx context.Context, args []runtime.Value) ([]runtime.Value, error)

// Tuning switches off ways of running that change no result. The zero Tuning
// has them all on. It is for tests and measurements.
type Tuning struct {
	NoGroups  bool // every elementwise operation on its own
	NoBlocks  bool // maps one lane at a time
	NoStreams bool // reductions read arrays that were made
	NoInPlace bool // every change of an array copies it
	MinLanes  int  // maps with fewer lanes in a block run one lane at a time; 0 for the default
}

// Compile prepares a verified module for running.
func Compile(m *ir.Module) (*Program, error) { return CompileTuned(m, Tuning{}) }

// CompileTuned is Compile with some ways of running switched off.
func CompileTuned(m *ir.Module, tuning Tuning) (p *Program, err error) {
	defer recoverBug(&err)
	if tuning.MinLanes == 0 {
		tuning.MinLanes = minLanes
	}
	p = &Program{funcs: make(map[*ir.Func]*function, len(m.Funcs)), byName: make(map[string]*function, len(m.Funcs)), tuning: tuning, lanes: map[*ir.Func]*laneProgram{}}
	for _, f := range m.Funcs {
		fn := &function{name: f.Name, pos: f.Pos}
		p.funcs[f] = fn
		if p.byName[f.Name] == nil {
			p.byName[f.Name] = fn
		}
	}
	for _, f := range m.Funcs {
		if err := compileFunc(p, f, p.funcs[f]); err != nil {
			return nil, err
		}
	}
	for _, fn := range p.funcs {
		fn.compiler = nil
	}
	p.lanes = nil
	if m.Main != nil {
		p.main = p.funcs[m.Main]
	}
	return p, nil
}

// Run runs Main. Arguments are those of its Params, arrays and texts; sizes are
// those of its Sizes.
func (p *Program) Run(ctx context.Context, args []runtime.Value, sizes []int64, opts Options) ([]runtime.Value, error) {
	if p.main == nil {
		return nil, fmt.Errorf("the module has no main function")
	}
	return p.run(ctx, p.main, args, sizes, opts)
}

// Call runs the function of this name, as Run does Main.
func (p *Program) Call(ctx context.Context, name string, args []runtime.Value, sizes []int64, opts Options) ([]runtime.Value, error) {
	fn := p.byName[name]
	if fn == nil {
		return nil, fmt.Errorf("the module has no function %q", name)
	}
	return p.run(ctx, fn, args, sizes, opts)
}

func (p *Program) run(ctx context.Context, fn *function, args []runtime.Value, sizes []int64, opts Options) (results []runtime.Value, err error) {
	if len(args) != len(fn.params) || len(sizes) != len(fn.sizes) {
		return nil, fmt.Errorf("%s takes %d sizes and %d values, not %d and %d", fn.name, len(fn.sizes), len(fn.params), len(sizes), len(args))
	}
	if err := runtime.Interrupted(ctx); err != nil {
		return nil, runtime.At(err, fn.pos, nil)
	}
	m := newMachine(ctx, opts)
	m.noInPlace = p.tuning.NoInPlace
	defer func() { m.close(err != nil) }()
	defer recoverBug(&err)
	return m.run(fn, args, sizes)
}

// recoverBug turns a panic of ours into an error that says so, and where.
func recoverBug(err *error) {
	r := recover()
	if r == nil {
		return
	}
	d := &ast.Diagnostic{Code: codeBug, Message: fmt.Sprintf("this is a bug in Calx, not in the program: %v", r)}
	var callers [64]uintptr
	frames := goruntime.CallersFrames(callers[:goruntime.Callers(2, callers[:])])
	for more := true; more && len(d.Notes) < 4; {
		var f goruntime.Frame
		f, more = frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			d.Notes = append(d.Notes, fmt.Sprintf("in %s, %s:%d", path.Base(f.Function), path.Base(f.File), f.Line))
		}
	}
	*err = d
}

const codeBug ast.Code = "internal-error"
