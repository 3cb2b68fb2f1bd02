package diff

import (
	"slices"

	"github.com/calx-lang/calx/ir"
)

// A kind is how a derivative is represented. Their order is that of what they
// can say: each can stand for those before it.
type kind uint8

const (
	zero   kind = iota // nothing: it is zero everywhere
	masked             // a value and a mask
	dense              // a value
)

// letter is the kind as DeriveAttr and the keys of derived functions write it.
func (k kind) letter() byte { return ".md"[k] }

// kindOf is the kind that a letter stands for.
func kindOf(letter byte) kind {
	switch letter {
	case ir.SeedDense:
		return dense
	case ir.SeedMasked:
		return masked
	}
	return zero
}

// A dvalue is a tangent or a cotangent, of the shape and the dtype of the value
// that it belongs to. The zero dvalue is zero everywhere; one without a mask is
// v; one with a mask is v where the mask is true and zero elsewhere, whatever v
// has there, be it NaN. Masks depend on primal values only.
type dvalue struct {
	v, mask *ir.Value
}

func (d dvalue) zero() bool { return d.v == nil }

func (d dvalue) kind() kind {
	switch {
	case d.v == nil:
		return zero
	case d.mask != nil:
		return masked
	}
	return dense
}

// A condition says what a mask was made of: base, if there is one, and c, or
// not c.
type condition struct {
	base, c *ir.Value
	holds   bool
}

// An emitter appends the operations of derivatives to a block.
type emitter struct {
	*ir.Builder
	conditions map[*ir.Value]condition // of masks of the function
	exact      map[*ir.Value]*ir.Value // values that are zero where this mask is false
}

func newEmitter(b *ir.Builder) *emitter {
	return &emitter{b, map[*ir.Value]condition{}, map[*ir.Value]*ir.Value{}}
}

// inside is an emitter for a block within that of e.
func (e *emitter) inside() *emitter { return e.in(e.Builder.Inside()) }

// in is an emitter for what b builds, in the function of e.
func (e *emitter) in(b *ir.Builder) *emitter { return &emitter{b, e.conditions, e.exact} }

// exactly is d, whose value has been made zero where its mask is false.
func (e *emitter) exactly(d dvalue) dvalue {
	if d.mask != nil {
		e.exact[d.v] = d.mask
	}
	return d
}

// fill is the number n as an array of type t.
func (e *emitter) fill(t ir.Type, n int64) *ir.Value {
	return e.Broadcast(e.Number(t.DType, n), t.Dims...)
}

// truth is a mask of the shape of t that is x everywhere.
func (e *emitter) truth(t ir.Type, x bool) *ir.Value {
	return e.Broadcast(e.Bool(x), t.Dims...)
}

// settle is d, which is a derivative of a value of type t, as one array.
func (e *emitter) settle(d dvalue, t ir.Type) *ir.Value {
	switch d.kind() {
	case zero:
		return e.fill(t, 0)
	case dense:
		return d.v
	}
	if e.exact[d.v] == d.mask {
		return d.v
	}
	return e.Op(ir.Select, nil, d.mask, d.v, e.fill(d.v.Type, 0))
}

// settled is d without a mask.
func (e *emitter) settled(d dvalue) dvalue {
	if d.kind() != masked {
		return d
	}
	return dvalue{v: e.settle(d, d.v.Type)}
}

// maskOf is where d may be other than zero, as a mask for a value of type t.
func (e *emitter) maskOf(d dvalue, t ir.Type) *ir.Value {
	if d.kind() == masked {
		return d.mask
	}
	return e.truth(t, !d.zero())
}

// as gives d, which is a derivative of a value of type t, in the
// representation k: no value, one, or one and a mask.
func (e *emitter) as(d dvalue, k kind, t ir.Type) []*ir.Value {
	switch k {
	case zero:
		return nil
	case dense:
		return []*ir.Value{e.settle(d, t)}
	}
	v := d.v
	if d.zero() {
		v = e.fill(t, 0)
	}
	return []*ir.Value{v, e.maskOf(d, t)}
}

// represented is the dvalue of kind k that the first of values are, and the
// rest of values.
func represented(k kind, values []*ir.Value) (dvalue, []*ir.Value) {
	switch k {
	case dense:
		return dvalue{v: values[0]}, values[1:]
	case masked:
		return dvalue{v: values[0], mask: values[1]}, values[2:]
	}
	return dvalue{}, values
}

// linear applies a linear operation that makes no zeros and adds nothing up,
// such as a view: f to the value and to the mask.
func (e *emitter) linear(d dvalue, f func(v *ir.Value) *ir.Value) dvalue {
	if d.zero() {
		return d
	}
	u := dvalue{v: f(d.v)}
	if d.mask != nil {
		u.mask = f(d.mask)
	}
	if e.exact[d.v] == d.mask {
		return e.exactly(u)
	}
	return u
}

// elementwise applies a linear operation on elements.
func (e *emitter) elementwise(d dvalue, f func(v *ir.Value) *ir.Value) dvalue {
	if d.zero() {
		return d
	}
	return dvalue{f(d.v), d.mask}
}

func (e *emitter) neg(d dvalue) dvalue {
	return e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Neg, nil, v) })
}

// mul is d times factor, element by element.
func (e *emitter) mul(d dvalue, factor *ir.Value) dvalue {
	return e.elementwise(d, func(v *ir.Value) *ir.Value { return e.Op(ir.Mul, nil, v, factor) })
}

// restrict is d where c is holds, and zero elsewhere.
func (e *emitter) restrict(d dvalue, c *ir.Value, holds bool) dvalue {
	if d.zero() {
		return d
	}
	mask := c
	if !holds {
		mask = e.Op(ir.Not, nil, c)
	}
	if d.mask != nil {
		mask = e.Op(ir.And, nil, d.mask, mask)
	}
	if mask != c {
		e.conditions[mask] = condition{d.mask, c, holds}
	}
	return dvalue{d.v, mask}
}

// choose is d where c is true, and u elsewhere.
func (e *emitter) choose(c *ir.Value, d, u dvalue) dvalue {
	switch {
	case u.zero():
		return e.restrict(d, c, true)
	case d.zero():
		return e.restrict(u, c, false)
	}
	chosen := dvalue{v: e.Op(ir.Select, nil, c, d.v, u.v)}
	if chosen.mask = d.mask; !e.sameMask(d.mask, u.mask) {
		chosen.mask = e.Op(ir.Select, nil, c, e.maskOf(d, d.v.Type), e.maskOf(u, u.v.Type))
	}
	return chosen
}

// sameMask reports whether two masks are known to be equal, or both absent.
func (e *emitter) sameMask(m, n *ir.Value) bool {
	if m == n {
		return true
	}
	p, ok1 := e.conditions[m]
	q, ok2 := e.conditions[n]
	return ok1 && ok2 && p == q
}

// opposite reports whether the masks m and n are the two sides of a condition
// c within base: m where c is true, n where it is not.
func (e *emitter) opposite(m, n *ir.Value) (base, c *ir.Value, ok bool) {
	q, made := e.conditions[n]
	if !made || q.holds {
		return nil, nil, false
	}
	if q.base == nil && m == q.c {
		return nil, q.c, true
	}
	p, made := e.conditions[m]
	if made && p.holds && p.c == q.c && p.base == q.base {
		return p.base, p.c, true
	}
	return nil, nil, false
}

// sum is d + u.
func (e *emitter) sum(d, u dvalue) dvalue {
	switch {
	case d.zero():
		return u
	case u.zero():
		return d
	}
	if d.mask != nil && u.mask != nil {
		if e.sameMask(d.mask, u.mask) {
			return dvalue{e.Op(ir.Add, nil, d.v, u.v), d.mask}
		}
		if base, c, ok := e.opposite(d.mask, u.mask); ok {
			return dvalue{e.Op(ir.Select, nil, c, d.v, u.v), base}
		}
		if base, c, ok := e.opposite(u.mask, d.mask); ok {
			return dvalue{e.Op(ir.Select, nil, c, u.v, d.v), base}
		}
	}
	t := d.v.Type
	total := dvalue{v: e.Op(ir.Add, nil, e.settle(d, t), e.settle(u, t))}
	if d.mask != nil && u.mask != nil {
		total.mask = e.Op(ir.Or, nil, d.mask, u.mask)
	}
	return e.exactly(total)
}

// sumOver is d summed over axes, which disappear.
func (e *emitter) sumOver(d dvalue, axes ...int) dvalue {
	if d.zero() || len(axes) == 0 {
		return d
	}
	total := dvalue{v: e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceSum, Axes: axes}, e.settle(d, d.v.Type))}
	if d.mask != nil {
		total.mask = e.anyOver(d.mask, axes...)
	}
	return e.exactly(total)
}

// anyOver tells where a mask is true anywhere along axes, which disappear.
func (e *emitter) anyOver(mask *ir.Value, axes ...int) *ir.Value {
	if len(axes) == 0 {
		return mask
	}
	if inner, lead, ok := repeated(mask); ok && axes[len(axes)-1] < lead && nonempty(mask.Type, axes) {
		dims := mask.Type.Dims
		var left []ir.Dim
		for axis, d := range dims {
			if !slices.Contains(axes, axis) {
				left = append(left, d)
			}
		}
		return e.Broadcast(inner, left...)
	}
	return e.Op(ir.Reduce, ir.ReduceAttr{Kind: ir.ReduceAny, Axes: axes}, mask)
}

// repeated gives x, and how many axes lead, if v is x along new axes that lead.
func repeated(v *ir.Value) (x *ir.Value, lead int, ok bool) {
	if v.Def == nil || v.Def.Code != ir.Broadcast {
		return nil, 0, false
	}
	x = v.Def.Args[0]
	return x, v.Type.Rank() - x.Type.Rank(), true
}

// nonempty reports whether these axes are known to have an element.
func nonempty(t ir.Type, axes []int) bool {
	for _, axis := range axes {
		if n, ok := t.Dims[axis].Const(); !ok || n < 1 {
			return false
		}
	}
	return true
}

// coerced is v with the sizes of t, which are the same written in another way.
func (e *emitter) coerced(v *ir.Value, t ir.Type) *ir.Value {
	if v.Type.Equal(ir.Type{DType: v.Type.DType, Dims: t.Dims}) {
		return v
	}
	attr := ir.RetypeAttr{Dims: t.Dims, Message: "a derivative has another shape than its value"}
	return e.EmitTyped(ir.Retype, attr, []*ir.Value{v}, []ir.Type{{DType: v.Type.DType, Dims: t.Dims}})[0]
}

// like is d as a derivative of a value of type t.
func (e *emitter) like(d dvalue, t ir.Type) dvalue {
	return e.linear(d, func(v *ir.Value) *ir.Value { return e.coerced(v, t) })
}
