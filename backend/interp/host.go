package interp

import (
	"context"
	"fmt"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// host calls a function of the embedding program. Its arguments are copies that
// it may keep, its results are copied: nothing that it does later changes the
// run.
func (c *compiler) host(op *ir.Op) exec {
	name := op.Attr.(ir.HostAttr).Name
	o := c.operands(op)
	results := c.locsOf(op.Results)
	dims := make([][]dim, len(results))
	for i, r := range op.Results {
		dims[i] = c.dims(r.Type.Dims)
	}
	return func(f *frame) error {
		call := f.m.hosts[name]
		if call == nil {
			return runtime.Fail(ast.CodeUnknownName, "the embedding program gives no function %q", name)
		}
		args := make([]runtime.Value, len(o.locs))
		var lent int64 // bytes that the run answers for until the call returns
		defer func() { f.m.memory.Refund(lent) }()
		for i, l := range o.locs {
			if l.kind == inText {
				args[i] = runtime.Text(f.t[l.slot])
				continue
			}
			a, err := o.array(f, i)
			if err != nil {
				return err
			}
			bytes := int64(a.Len()) * a.DType().Bytes()
			if err := f.m.memory.Charge(bytes); err != nil {
				return err
			}
			lent += bytes
			args[i] = a.Clone().Canonical()
			o.done(f, i, a)
		}
		values, err := f.m.await(call, args)
		if interrupted := f.m.poll(); interrupted != nil {
			return interrupted
		}
		if err != nil {
			return &runtime.Failure{Code: ast.CodeHostFunction, Message: fmt.Sprintf("%s: %v", name, err), Cause: err}
		}
		if len(values) != len(results) {
			return runtime.Fail(ast.CodeHostFunction, "%s gave %d values, not %d", name, len(values), len(results))
		}
		for i, v := range values {
			if a, ok := v.(*runtime.Array); ok && a != nil && results[i].kind == inHandle {
				if v, err = f.adopt(a); err != nil {
					return err
				}
			}
			if f.accept(results[i], v) != nil {
				return runtime.Fail(ast.CodeHostFunction, "%s gave a value that does not have the type of its signature", name)
			}
			a, ok := v.(*runtime.Array)
			if !ok {
				continue
			}
			for k := range dims[i] {
				want, err := dims[i][k].value(f.w)
				if err != nil {
					return err
				}
				if want != int64(a.Shape()[k]) {
					return runtime.Fail(ast.CodeHostFunction, "%s gave an array whose axis %d has size %d, and its signature says %d", name, k, a.Shape()[k], want)
				}
			}
		}
		return nil
	}
}

// adopt is a copy of an array of the embedding program.
func (f *frame) adopt(a *runtime.Array) (*runtime.Array, error) {
	own, err := f.m.memory.New(a.DType(), a.Shape()...)
	if err != nil {
		return nil, err
	}
	copy(own.Bytes(), a.Bytes())
	return own, nil
}

// An outcome is what a call of a host function came to.
type outcome struct {
	values []runtime.Value
	err    error
}

// await calls a host function. Where the run can be interrupted, the call has a
// goroutine of its own, and a call that goes on beyond that is left behind.
func (m *machine) await(call HostFunc, args []runtime.Value) ([]runtime.Value, error) {
	if m.ctx.Done() == nil {
		return guarded(m.ctx, call, args)
	}
	done := make(chan outcome, 1)
	go func(ctx context.Context) {
		o := outcome{err: errNeverReturned}
		defer func() { done <- o }()
		o.values, o.err = guarded(ctx, call, args)
	}(m.ctx)
	select {
	case o := <-done:
		return o.values, o.err
	case <-m.ctx.Done():
		return nil, m.ctx.Err()
	}
}

// errNeverReturned is of a function that ended its goroutine.
var errNeverReturned = fmt.Errorf("the function ended its goroutine")

// guarded calls a host function; if it panics, that is its error.
func guarded(ctx context.Context, call HostFunc, args []runtime.Value) (values []runtime.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = fmt.Errorf("the function panicked: %w", r)
		default:
			err = fmt.Errorf("the function panicked: %v", r)
		}
	}()
	return call(ctx, args)
}
