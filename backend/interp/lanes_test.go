package interp

import (
	"context"
	"testing"

	"github.com/calx-lang/calx/runtime"
)

// TestBlocksOfLanes runs maps with bodies of all kinds in all ways, the plainest
// of which is one lane at a time.
func TestBlocksOfLanes(t *testing.T) {
	rows := matrix(t, count(120), 40, 3)
	spread := make([]float64, 40)
	for i := range spread {
		spread[i] = float64((i*7)%40) - 11.5
	}
	for _, test := range []struct {
		name, text string
		sizes      []int64
		args       []any
		want       string // of the first result, may be empty
	}{
		{"sizes, ranges and checks", `
main func main[n, m](x: f64[n, m]) -> (f64[n], i64[n, 3], f64[n, m - 1], i64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  k: i64 = const 3
  p: f64[n], q: i64[n, 3], r: f64[n, m - 1], s: i64[n] = map i<n {
    h: i64 = size[div, m, 2]
    hi: i64 = size[value, m + h]
    row: f64[m] = gather["@:"] x, i
    part: f64[m - 1] = slice[(m - 1, 1)] row, one
    again: f64[m - 1] = retype["{0} is not {1}", m - 1] part
    e: f64 = gather["@"] again, h
    ok: bool = lt zero, m
    check["shape-mismatch", "{0}"] ok, e
    three: i64[3] = iota[3]
    yes: i64[3] = broadcast[3] i
    sum: i64[3] = add three, yes
    yield e, sum, again, hi
  }
  return p, q, r, s
}`, []int64{40, 3}, []any{rows}, ""},
		{"rows that differ, in a map inside", `
main func main[n, m](x: f64[n, m], t: i64[m]) -> (f64[n, m, m], f64[n], f64[n]) {
  zero: i64 = const 0
  one: f64 = const 1
  p: f64[n, m, m], q: f64[n], r: f64[n] = map i<n {
    row: f64[m] = gather["@:"] x, i
    a: f64[m, m] = map j<m {
      e: f64 = gather["@"] row, j
      f: f64[m] = broadcast[m] e
      g: f64[m] = mul f, row
      turned: f64[m] = gather["t"] g, t
      yield turned
    }
    b: f64[m, 2] = map j2<m, k<2 {
      u: f64 = gather["@"] row, k
      v: f64 = gather["@"] row, j2
      w: f64 = mul u, v
      yield w
    }
    s: f64 = reduce[sum, 0, 1] b
    c: f64[m] = map j3<m {
      o: i64 = gather["@"] t, j3
      y: f64[m] = update["@"] row, one, o
      z: f64 = reduce[prod, 0] y
      yield z
    }
    d: f64 = reduce[max, 0] c
    yield a, s, d
  }
  return p, q, r
}`, []int64{40, 3}, []any{rows, []int64{2, 0, 1}}, ""},
		{"arrays carried by lanes that end at different times", `
main func main[n, m](x: f64[n, m], v: f64[n]) -> (f64[n, m], i64[n], f64[n]) {
  zero: i64 = const 0
  one: i64 = const 1
  half: f64 = const 0.5
  small: f64 = const 1
  p: f64[n, m], q: i64[n], s: f64[n] = map i<n {
    row: f64[m] = gather["@:"] x, i
    start: f64 = gather["@"] v, i
    a: f64[m], b: f64, k: i64 = while carry (c: f64[m] = row, d: f64 = start, e: i64 = zero) {
      more: bool = lt small, d
      yield more
    } do (f: f64[m], g: f64, h: i64) {
      first: f64 = gather["@"] f, zero
      t: f64 = add first, g
      u: f64[m] = update["@"] f, t, zero
      o: f64 = mul g, half
      r: i64 = add h, one
      yield u, o, r
    }
    z: f64[m] = for j in zero..k carry (y: f64[m] = a) {
      l: i64 = mod j, m
      w: f64[m] = accumulate["@", add] y, b, l
      yield w
    }
    sum: f64 = reduce[sum, 0] z
    yield z, k, sum
  }
  return p, q, s
}`, []int64{40, 3}, []any{rows, spread}, ""},
		{"branches on rows", `
main func main[n, m](x: f64[n, m], v: f64[n]) -> (f64[n, m], f64[n], f64[m]) {
  zero: f64 = const 0
  p: f64[n, m], q: f64[n] = map i<n {
    row: f64[m] = gather["@:"] x, i
    s: f64 = gather["@"] v, i
    c: bool = lt s, zero
    y: f64[m], w: f64 = if c {
      a: f64[m] = neg row
      b: f64 = reduce[max, 0] row
      yield a, b
    } else {
      e: f64 = contract["i,i->"] row, row
      yield row, e
    }
    z: f64[m] = sort y
    yield z, w
  }
  r: f64[n, m] = map i2<n {
    u: f64[m] = gather["@:"] x, i2
    yield u
  }
  t: f64[m] = reduce[sum, 0] r
  return p, q, t
}`, []int64{40, 3}, []any{rows, spread}, ""},
		{"sums in streams", `
main func main[n, m](x: f64[n, m], v: f64[n]) -> (f64, f64[n], f64, bool, c128, i64) {
  zero: f64 = const 0
  a: f64[n, m] = map i<n, j<m {
    b: f64 = gather["@@"] x, i, j
    c: f64 = mul b, b
    yield c
  }
  s: f64 = reduce[sum, 0, 1] a
  d: f64[n, m] = map i2<n {
    e: f64[m] = gather["@:"] x, i2
    f: f64[m] = neg e
    yield f
  }
  t: f64[n] = reduce[prod, 1] d
  g: f64[n] = map i3<n {
    h: f64 = gather["@"] v, i3
    yield h
  }
  u: f64 = reduce[min, 0] g
  k: bool[n] = map i4<n {
    l: f64 = gather["@"] v, i4
    o: bool = lt zero, l
    yield o
  }
  w: bool = reduce[any, 0] k
  r: c128[n] = map i5<n {
    y: f64 = gather["@"] v, i5
    z: c128 = complex y, s
    yield z
  }
  aa: c128 = reduce[sum, 0] r
  bb: i64[n] = map i6<n {
    one: i64 = const 1
    yield one
  }
  cc: i64 = reduce[sum, 0] bb
  return s, t, u, w, aa, cc
}`, []int64{40, 3}, []any{rows, spread}, "568820.0"},
		{"all types in lanes", `
main func main[n](v: f64[n], f: bool[n]) -> (f32[n], c128[n], bool[n], i64[n], bool[n], c128[n, 2]) {
  two: f64 = const 2
  zero: i64 = const 0
  a: f32[n], b: c128[n], c: bool[n], d: i64[n], e: bool[n], r: c128[n, 2] = map i<n {
    x: f64 = gather["@"] v, i
    y: f32 = convert[f32] x
    s: f32 = mul y, y
    z: c128 = complex x, two
    w: c128 = mul z, z
    l: bool = gather["@"] f, i
    g: bool[2] = broadcast[2] l
    h: bool[2] = update["@"] g, l, zero
    k: bool = gather["@"] h, zero
    m: i64 = convert[i64] x
    o: i64 = convert[i64] l
    p: i64 = add m, o
    q: c128[2] = broadcast[2] w
    u: c128[2] = accumulate["@", mul] q, z, zero
    t: bool = lt x, two
    yield s, w, k, p, t, u
  }
  return a, b, c, d, e, r
}`, []int64{40}, []any{spread, make([]bool, 40)}, ""},
		{"factors of many matrices", `
main func main[n](x: f64[n, 2, 2], y: f64[2, 1]) -> (f64[n, 2, 2], f64[n, 2, 1], f64[n, 2]) {
  a: f64[n, 2, 2], b: f64[n, 2, 1], c: f64[n, 2] = map i<n {
    m: f64[2, 2] = gather["@::"] x, i
    t: f64[2, 2] = transpose[1, 0] m
    s: f64[2, 2] = contract["ik,kj->ij"] m, t
    l: f64[2, 2] = lib[cholesky, ""] s
    z: f64[2, 1] = lib[trsolve, "lower"] l, y
    w: f64[2], v: f64[2, 2] = lib[eigh, ""] s
    yield l, z, w
  }
  return a, b, c
}`, []int64{10}, []any{matrix(t, []float64{
			1, 2, 3, 5, 1, 0, 4, 1, 2, 2, 1, 7, 3, 1, 1, 1, 9, 1, 2, 3,
			1, 3, 3, 5, 1, 0, 5, 1, 2, 1, 1, 7, 3, 2, 1, 1, 9, 1, 3, 3,
		}, 10, 2, 2), matrix(t, []float64{1, 2}, 2, 1)}, ""},
		{"tables and starts that differ", `
main func main[n, m](x: f64[n, m], v: f64[n]) -> (f64[n, 2], f64[n, 2], f64[n, 2, m], f64[n, n]) {
  one: i64 = const 1
  a: f64[n, 2], b: f64[n, 2], c: f64[n, 2, m], d: f64[n, n] = map i<n {
    two: i64[2] = iota[2]
    ii: i64[2] = broadcast[2] i
    t: i64[2] = mul two, ii
    g: f64[2] = gather["t"] v, t
    last: i64 = sub n, one
    u: i64 = sub last, one
    j: i64 = min i, u
    h: f64[2] = slice[(2, 1)] v, j
    k: f64[2, m] = gather["t:"] x, t
    column: f64[n] = gather[":@"] x, one
    l: i64 = mod i, m
    other: f64[n] = gather[":@"] x, l
    w: f64[n] = sub column, other
    yield g, h, k, w
  }
  return a, b, c, d
}`, []int64{40, 3}, []any{rows, spread}, ""},
		{"the same in all lanes", `
func f[m](r: f64[m]) -> (f64, f64[m]) {
  s: f64 = reduce[sum, 0] r
  t: f64[m] = broadcast[m] s
  return s, t
}

main func main[n, m](x: f64[n, m], c: bool) -> (f64[n], f64[n, m], f64[n, 2]) {
  zero: i64 = const 0
  three: i64 = const 3
  a: f64[n], b: f64[n, m], d: f64[n, 2] = map i<n {
    row: f64[m] = gather["@:"] x, zero
    s: f64, t: f64[m] = call f[m] row
    y: f64 = if c {
      yield s
    } else {
      q: f64 = neg s
      yield q
    }
    z: f64 = for j in zero..three carry (w: f64 = y) {
      p: f64 = add w, s
      yield p
    }
    u: f64[2] = map k<2 {
      v: f64 = convert[f64] k
      yield v
    }
    yield z, t, u
  }
  return a, b, d
}`, []int64{10, 3}, []any{matrix(t, count(30), 10, 3), true}, "[12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var plain []runtime.Value
			for _, tuning := range append([]Tuning{{true, true, true, true, 2}}, tunings()...) {
				results, err := compile(t, test.text, tuning).Run(context.Background(), values(test.args...), test.sizes, Options{})
				if err != nil {
					t.Fatalf("%+v: %v", tuning, err)
				}
				if plain == nil {
					plain = results
					if got := runtime.Format(results[0]); test.want != "" && got != test.want {
						t.Errorf("got %s", got)
					}
				}
				for i := range results {
					if !runtime.Equal(results[i], plain[i]) {
						t.Errorf("%+v: result %d is\n%s\nbut plainly\n%s", tuning, i, runtime.Format(results[i]), runtime.Format(plain[i]))
					}
				}
			}
		})
	}
}
