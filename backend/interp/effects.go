package interp

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

func (c *compiler) print(op *ir.Op) exec {
	pieces := op.Attr.(ir.PrintAttr).Pieces
	o := c.operands(op)
	return func(f *frame) error {
		var line []byte
		for _, p := range pieces {
			if p.Arg < 0 {
				line = append(line, p.Text...)
				continue
			}
			text, err := f.text(&o, p.Arg)
			if err != nil {
				return err
			}
			line = append(line, text...)
		}
		for i := range o.locs {
			if o.locs[i].kind == inHandle {
				o.done(f, i, f.h[o.locs[i].slot])
			}
		}
		if f.m.output == nil {
			return nil
		}
		if _, err := f.m.output.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("the output can't be written: %w", err)
		}
		return nil
	}
}

// text is operand i as people read it.
func (f *frame) text(o *operands, i int) (string, error) {
	l := o.locs[i]
	switch l.kind {
	case inText:
		return f.t[l.slot], nil
	case inHandle:
		return runtime.Format(f.h[l.slot]), nil
	}
	a, err := f.box(l)
	if err != nil {
		return "", err
	}
	defer f.m.memory.Release(a)
	return runtime.Format(a), nil
}

// format writes its operand by a pattern.
func (c *compiler) format(op *ir.Op) exec {
	o := c.operands(op)
	pattern, err := ir.ParsePattern(op.Attr.(ir.FormatAttr).Pattern)
	return func(f *frame) error {
		if err != nil {
			return err
		}
		a, err := o.array(f, 0)
		if err != nil {
			return err
		}
		f.t[o.result.slot] = runtime.FormatPattern(a, pattern)
		o.done(f, 0, a)
		return nil
	}
}

// check fails with its message if the first operand is false.
func (c *compiler) check(op *ir.Op) exec {
	attr := op.Attr.(ir.CheckAttr)
	o := c.operands(op)
	cond := o.locs[0].slot
	return func(f *frame) error {
		if f.w[cond] == 0 {
			var err error
			message := fillIn(attr.Message, func(i int) string {
				if i+1 >= len(o.locs) {
					return ""
				}
				text, failed := f.text(&o, i+1)
				if failed != nil {
					err = failed
				}
				return strings.ReplaceAll(text, "\n", " ")
			})
			if err != nil {
				return err
			}
			return &runtime.Failure{Code: ast.Code(attr.Code), Message: message}
		}
		for i := range o.locs {
			if o.locs[i].kind == inHandle {
				o.done(f, i, f.h[o.locs[i].slot])
			}
		}
		return nil
	}
}

// fillIn replaces "{0}", "{1}" … in a message.
func fillIn(message string, value func(i int) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(message, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digits, after, closed := strings.Cut(rest, "}")
		i, err := strconv.Atoi(digits)
		if !closed || err != nil || i < 0 {
			b.WriteString("{")
			message = rest
			continue
		}
		b.WriteString(value(i))
		message = after
	}
}

// retype fails with its message if an array has other sizes.
func (c *compiler) retype(op *ir.Op) exec {
	attr := op.Attr.(ir.RetypeAttr)
	o := c.operands(op)
	dims := c.dims(attr.Dims)
	return func(f *frame) error {
		if o.locs[0].kind != inHandle {
			return c.scalarRetype(f, o)
		}
		a := f.h[o.locs[0].slot]
		for i := range dims {
			want, err := dims[i].value(f.w)
			if err != nil {
				return err
			}
			if want != int64(a.Shape()[i]) {
				return wrongSizes(f, attr.Message, a, dims)
			}
		}
		a, _, err := o.take(f, 0)
		f.h[o.result.slot] = a
		return err
	}
}

// scalarRetype is retype of rank 0: there is nothing to compare.
func (c *compiler) scalarRetype(f *frame, o operands) error {
	pass(f, f, transfer{kind: o.result.kind, from: o.locs[0].slot, to: o.result.slot})
	return nil
}

func wrongSizes(f *frame, message string, a *runtime.Array, dims []dim) error {
	have, want := a.Shape(), make([]int, len(dims))
	for i := range dims {
		n, err := dims[i].value(f.w)
		if err != nil {
			return err
		}
		want[i] = int(n)
	}
	if message == "" {
		message = fmt.Sprintf("the value is %s where %s is needed", describeShape(a.DType(), have), describeShape(a.DType(), want))
	}
	return runtime.Fail(ast.CodeShapeMismatch, "%s", fillIn(message, func(i int) string {
		switch {
		case i < len(have):
			return strconv.Itoa(have[i])
		case i < 2*len(have):
			return strconv.Itoa(want[i-len(have)])
		}
		return ""
	}))
}
