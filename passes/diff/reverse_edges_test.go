package diff

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// gradient is the cotangent of x, for cotangents that are 1, of f in a module in
// the text form.
func gradient(t *testing.T, text string, x *runtime.Array) []float64 {
	t.Helper()
	run := compile(t, func(m *ir.Module) {
		f := written(t, text)(m)
		var seeds []ir.Type
		y := f.Results[f.SizeResults]
		for _, d := range y.Dims {
			if d.Equal(f.Params[0].Type.Dims[0]) {
				seeds = append(seeds, typeOf(x))
			}
		}
		if len(seeds) == 0 {
			seeds = []ir.Type{ir.Scalar(ir.F64)}
		}
		define(m, "gradient", []ir.Type{typeOf(x)}, func(b *ir.Builder, v []*ir.Value) []*ir.Value {
			one := b.Broadcast(b.F64(1), seeds[0].Dims...)
			_, cotangents := b.VJP(f, sizesFor(f, []ir.Type{typeOf(x)}), "d", "d", v[0], one)
			return cotangents
		})
	})
	return numbers(run(x)[0])
}

// What is not chosen does not matter, even where its own derivative is infinite
// or undefined, in whatever way it is chosen.
func TestUnchosenReverse(t *testing.T) {
	const head = `
func f[n](x: f64[n]) -> (f64[n]) {
  zero: f64 = const 0
  one: f64 = const 1
  first: i64 = const 0
  last: i64 = const 2
  z: f64[n] = broadcast[n] zero
  ones: f64[n] = broadcast[n] one`
	for name, c := range map[string]struct {
		body string
		want []float64
	}{
		"a select in front": {`
  p: bool[n] = lt z, x
  s: f64[n] = sqrt x
  y: f64[n] = select p, s, z`, []float64{0, 0, 0.25}},
		"a select behind": {`
  p: bool[n] = lt z, x
  s: f64[n] = select p, x, z
  y: f64[n] = sqrt s`, []float64{0, 0, 0.25}},
		"a quotient by itself": {`
  p: bool[n] = eq x, z
  q: f64[n] = div x, x
  r: f64[n] = mul q, x
  y: f64[n] = select p, z, r`, []float64{1, 0, 1}},
		"clipping": {`
  s: f64[n] = sub x, ones
  t: f64[n] = max s, z
  y: f64[n] = sqrt t`, []float64{0, 0, 0.5 / math.Sqrt(3)}},
		"both sides": {`
  p: bool[n] = lt z, x
  s: f64[n] = sqrt x
  e: f64[n] = mul x, x
  y: f64[n] = select p, s, e`, []float64{-2, 0, 0.25}},
		"elements that nobody reads": {`
  a: f64[n] = abs x
  s: f64[n] = sqrt a
  e: f64 = gather["@"] s, last
  y: f64[n] = broadcast[n] e`, []float64{0, 0, 0.75}},
		"an element that is overwritten": {`
  a: f64[n] = abs x
  s: f64[n] = sqrt a
  i: i64 = const 1
  y: f64[n] = update["@"] s, zero, i`, []float64{-0.5, 0, 0.25}},
		"a part": {`
  two: i64 = const 2
  a: f64[n] = abs x
  s: f64[n] = sqrt a
  part: f64[1] = slice[(1, 1)] s, two
  e: f64 = reduce[sum, 0] part
  y: f64[n] = broadcast[n] e`, []float64{0, 0, 0.75}},
		"the greatest": {`
  a: f64[n] = abs x
  s: f64[n] = sqrt a
  e: f64 = reduce[max, 0] s
  y: f64[n] = broadcast[n] e`, []float64{0, 0, 0.75}},
		"an if in a map": {`
  y: f64[n] = map i<n {
    a: f64 = gather["@"] x, i
    s: f64 = sqrt a
    p: bool = lt zero, a
    r: f64 = if p {
      yield s
    } else {
      yield zero
    }
    yield r
  }`, []float64{0, 0, 0.25}},
		"an if in a loop": {`
  y: f64[n] = for i in first..last carry (b: f64[n] = x) {
    one.i: i64 = const 1
    k: i64 = add i, one.i
    a: f64 = gather["@"] x, k
    s: f64 = sqrt a
    p: bool = lt zero, a
    r: f64 = if p {
      yield s
    } else {
      yield zero
    }
    c: f64[n] = update["@"] b, r, k
    yield c
  }`, []float64{1, 0, 0.25}},
		"through a loop": {`
  p: bool[n] = lt ones, x
  s: f64[n] = select p, x, z
  y: f64[n] = for k in first..last carry (a: f64[n] = s) {
    b: f64[n] = sqrt a
    yield b
  }`, []float64{0, 0, 1 / (4 * math.Sqrt(8))}},
		"behind a loop": {`
  p: bool[n] = lt ones, x
  s: f64[n] = for k in first..last carry (a: f64[n] = x) {
    b: f64[n] = sqrt a
    yield b
  }
  y: f64[n] = select p, s, z`, []float64{0, 0, 1 / (4 * math.Sqrt(8))}},
		"elements that a loop does not read": {`
  a: f64[n] = abs x
  s: f64[n] = sqrt a
  three: i64 = const 3
  e: f64 = for i in last..three carry (t: f64 = zero) {
    v: f64 = gather["@"] s, i
    u: f64 = add t, v
    yield u
  }
  y: f64[n] = broadcast[n] e`, []float64{0, 0, 0.75}},
		"behind a call": {`
  p: bool[n] = lt z, x
  s: f64[n] = call root[n] x
  y: f64[n] = select p, s, z`, []float64{0, 0, 0.25}},
	} {
		t.Run(name, func(t *testing.T) {
			got := gradient(t, `
func root[n](x: f64[n]) -> (f64[n]) {
  y: f64[n] = sqrt x
  return y
}
`+head+c.body+"\n  return y\n}", runtime.Vector([]float64{-1, 0, 4}))
			for i, want := range c.want {
				if !(math.Abs(got[i]-want) <= 1e-15) {
					t.Errorf("%v, not %v", got, c.want)
					break
				}
			}
		})
	}
}
