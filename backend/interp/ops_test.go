package interp

import (
	"context"
	"fmt"
	"testing"

	"github.com/calx-lang/calx/runtime"
)

// tunings are all ways of running.
func tunings() []Tuning {
	var list []Tuning
	for k := range 16 {
		list = append(list, Tuning{k&1 != 0, k&2 != 0, k&4 != 0, k&8 != 0, 2})
	}
	return list
}

func matrix(t testing.TB, data []float64, shape ...int) *runtime.Array {
	t.Helper()
	a, err := runtime.FromSlice(data, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func count(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// TestOperations runs each program in all ways and compares with what NumPy
// gives.
func TestOperations(t *testing.T) {
	a23 := matrix(t, count(6), 2, 3)
	a234 := matrix(t, count(24), 2, 3, 4)
	for _, test := range []struct {
		name, text string
		sizes      []int64
		args       []any
		want       []string
	}{
		{"row broadcast", `
main func main[n, m](x: f64[n, m], v: f64[m], w: f64[n, 1]) -> (f64[n, m], f64[n, m]) {
  a: f64[n, m] = broadcast[n, m] v
  b: f64[n, m] = mul x, a
  c: f64[n, m] = broadcast[n, m] w
  d: f64[n, m] = add b, c
  return d, a
}`, []int64{2, 3}, []any{a23, []float64{1, 10, 100}, matrix(t, []float64{0.5, 0.25}, 2, 1)},
			[]string{"[[0.5,  10.5,  200.5],\n [3.25, 40.25, 500.25]]", "[[1.0, 10.0, 100.0],\n [1.0, 10.0, 100.0]]"}},
		{"reductions", `
main func main[n, m](x: f64[n, m]) -> (f64[m], f64[n], f64, f64[n], i64[m], i64[n]) {
  a: f64[m] = reduce[sum, 0] x
  b: f64[n] = reduce[max, 1] x
  c: f64 = reduce[prod, 0, 1] x
  y: f64[n, m] = mul x, x
  d: f64[n] = reduce[sum, 1] y
  e: i64[m] = reduce[argmax, 0] x
  f: i64[n] = reduce[argmin, 1] y
  return a, b, c, d, e, f
}`, []int64{2, 3}, []any{a23}, []string{"[3.0, 5.0, 7.0]", "[2.0, 5.0]", "0.0", "[5.0, 50.0]", "[1, 1, 1]", "[0, 0]"}},
		{"views", `
main func main[n, m](x: f64[n, m], i: i64) -> (f64[m, n], f64[n - 1, m], f64[n, 1], f64[n*m], f64[m]) {
  z: i64 = const 0
  one: i64 = const 1
  a: f64[m, n] = transpose[1, 0] x
  b: f64[n - 1, m] = slice[(n - 1, 1), (m, -1)] x, one, i
  c: f64[n, 1] = slice[(n, 1), (1, 1)] x, z, one
  d: f64[n*m] = reshape[n*m] x
  e: f64[m] = gather["@:"] x, one
  return a, b, c, d, e
}`, []int64{2, 3}, []any{a23, 2}, []string{"[[0.0, 3.0],\n [1.0, 4.0],\n [2.0, 5.0]]", "[[5.0, 4.0, 3.0]]", "[[1.0],\n [4.0]]", "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]", "[3.0, 4.0, 5.0]"}},
		{"index", `
main func main[n, m](x: f64[n, m], t: i64[2], k: i64, v: f64[2]) -> (f64[2, m], f64[2], f64, f64[n, m], f64[n, m]) {
  z: i64 = const 0
  a: f64[2, m] = gather["t:", wrap] x, t
  b: f64[2] = gather["@t", wrap] x, k, t
  c: f64 = gather["@@", wrap] x, k, k
  d: f64[n, m] = update["@t", wrap] x, v, z, t
  e: f64[n, m] = accumulate["@r", (2, 1), add] d, v, z, z
  f: f64[n, m] = accumulate["@@", sub, wrap] e, c, k, k
  return a, b, c, d, f
}`, []int64{2, 3}, []any{a23, []int64{1, -1}, -1, []float64{10, 20}},
			[]string{"[[3.0, 4.0, 5.0],\n [3.0, 4.0, 5.0]]", "[4.0, 5.0]", "5.0", "[[0.0, 10.0, 20.0],\n [3.0,  4.0,  5.0]]", "[[10.0, 30.0, 20.0],\n [ 3.0,  4.0,  0.0]]"}},
		{"join and order", `
main func main[n](x: f64[n], y: f64[3]) -> some 1 (i64, f64[n + 3], f64[n + 3], i64[n + 3], i64[3], f64[n], i64[_0], f64[n + 3]) {
  a: f64[n + 3] = concat[0] x, y
  b: f64[n + 3] = sort a
  c: i64[n + 3] = argsort a
  d: i64[3] = searchsorted[right] b, y
  e: f64[n] = scan[cumsum, reverse] x
  two: f64 = const 2
  f: f64[n + 3] = broadcast[n + 3] two
  g: bool[n + 3] = le f, a
  k: i64, h: i64[k] = nonzero g
  i: f64[n + 3] = append x, y
  return k, a, b, c, d, e, h, i
}`, []int64{2}, []any{[]float64{3, 1}, []float64{2, 3, 0}},
			[]string{"3", "[3.0, 1.0, 2.0, 3.0, 0.0]", "[0.0, 1.0, 2.0, 3.0, 3.0]", "[4, 1, 2, 0, 3]", "[3, 5, 1]", "[4.0, 1.0]", "[0, 2, 3]", "[3.0, 1.0, 2.0, 3.0, 0.0]"}},
		{"contract", `
main func main[n, m](x: f64[n, m]) -> (f64[n, n], f64, f64[m]) {
  t: f64[m, n] = transpose[1, 0] x
  a: f64[n, n] = contract["ik,kj->ij"] x, t
  b: f64 = contract["ij,ij->"] x, x
  r: f64[n] = reduce[sum, 1] x
  c: f64[m] = contract["i,ij->j"] r, x
  return a, b, c
}`, []int64{2, 3}, []any{a23}, []string{"[[ 5.0, 14.0],\n [14.0, 50.0]]", "55.0", "[36.0, 51.0, 66.0]"}},
		{"map with if, for and while", `
main func main[n](x: f64[n]) -> (f64[n], i64[n], f64) {
  zero: i64 = const 0
  one: i64 = const 1
  two: f64 = const 2
  start: f64 = const 1
  limit: f64 = const 30
  p: f64[n], q: i64[n] = map i<n {
    v: f64 = gather["@"] x, i
    s: f64 = for j in zero..i carry (a: f64 = v) {
      b: f64 = mul a, two
      yield b
    }
    c: bool = lt s, limit
    r: f64, k: i64 = if c {
      w: f64, steps: i64 = while carry (d: f64 = s, e: i64 = zero) {
        g: bool = lt d, limit
        yield g
      } do (h: f64, l: i64) {
        o: f64 = add h, two
        u: i64 = add l, one
        yield o, u
      }
      yield w, steps
    } else {
      yield s, i
    }
    yield r, k
  }
  y: f64[n] = map i2<n {
    v2: f64 = gather["@"] x, i2
    w2: f64 = mul v2, v2
    yield w2
  }
  z: f64 = reduce[sum, 0] y
  return p, q, z
}`, []int64{10}, []any{count(10)}, []string{
			"[30.0, 30.0, 30.0, 30.0, 64.0, 160.0, 384.0, 896.0, 2048.0, 4608.0]",
			"[15, 14, 11, 3, 4, 5, 6, 7, 8, 9]", "285.0"}},
		{"map of rows", `
func f[m](r: f64[m], s: f64) -> (f64[m], f64) {
  a: f64[m] = broadcast[m] s
  b: f64[m] = sub r, a
  c: f64[m] = mul b, b
  d: f64 = reduce[sum, 0] c
  return b, d
}

main func main[n, m](x: f64[n, m]) -> (f64[n, m], f64[n], f64[n, n], f64[n, 2]) {
  zero: i64 = const 0
  one: i64 = const 1
  p: f64[n, m], q: f64[n] = map i<n {
    r: f64[m] = gather["@:"] x, i
    s: f64 = gather["@"] r, one
    b: f64[m], d: f64 = call f[m] r, s
    yield b, d
  }
  g: f64[n, n] = map i2<n {
    r2: f64[m] = gather["@:"] x, i2
    row: f64[n] = map j<n {
      u: f64[m] = gather["@:"] x, j
      v: f64 = contract["i,i->"] r2, u
      yield v
    }
    yield row
  }
  h: f64[n, 2] = map i3<n {
    r3: f64[m] = gather["@:"] x, i3
    t: f64 = gather["@"] r3, zero
    u3: f64[m] = update["@"] r3, t, one
    w: f64[2] = slice[(2, 1)] u3, zero
    yield w
  }
  return p, q, g, h
}`, []int64{9, 3}, []any{matrix(t, count(27), 9, 3)}, []string{
			"[[-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0],\n [-1.0, 0.0, 1.0]]",
			"[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]", "",
			"[[ 0.0,  0.0],\n [ 3.0,  3.0],\n [ 6.0,  6.0],\n [ 9.0,  9.0],\n [12.0, 12.0],\n [15.0, 15.0],\n [18.0, 18.0],\n [21.0, 21.0],\n [24.0, 24.0]]"}},
		{"three axes", `
main func main[b, n, m](x: f64[b, n, m]) -> (f64[b], f64[n], f64[b, m], f64[m, b, n]) {
  two: f64 = const 2
  t: f64[b, n, m] = broadcast[b, n, m] two
  y: f64[b, n, m] = mul x, t
  p: f64[b] = reduce[sum, 1, 2] y
  q: f64[n] = reduce[max, 0, 2] y
  r: f64[b, m] = reduce[sum, 1] x
  s: f64[m, b, n] = transpose[2, 0, 1] x
  return p, q, r, s
}`, []int64{2, 3, 4}, []any{a234}, []string{"[132.0, 420.0]", "[30.0, 38.0, 46.0]", "[[12.0, 15.0, 18.0, 21.0],\n [48.0, 51.0, 54.0, 57.0]]", ""}},
		{"scalars of all types", `
main func main[](x: f64, k: i64, z: c128, s: f32) -> (f64, i64, i64, c128, f64, f32, bool, f64, i64, c128, f32) {
  two: i64 = const 2
  a: f64 = atan2 x, x
  b: i64 = floordiv k, two
  c: i64 = mod k, two
  d: c128 = mul z, z
  e: f64 = abs z
  third: f32 = const 3
  f: f32 = div s, third
  g: bool = lt x, e
  h: f64 = select g, x, e
  i: i64 = pow k, two
  j: c128 = convert[c128] k
  l: c128 = div z, j
  m: f32 = convert[f32] x
  return a, b, c, d, e, f, g, h, i, l, m
}`, nil, []any{0.1, -7, complex(3, 4), float32(1)}, []string{"0.7853981633974483", "-4", "1", "-7.0+24.0i", "5.0", "0.33333334", "true", "0.1", "49", "-0.42857142857142855-0.5714285714285714i", "0.1"}},
	} {
		for k, tuning := range tunings() {
			t.Run(fmt.Sprintf("%s/%04b", test.name, k), func(t *testing.T) {
				results, err := compile(t, test.text, tuning).Run(context.Background(), values(test.args...), test.sizes, Options{})
				if err != nil {
					t.Fatal(err)
				}
				for i, r := range results {
					if got := runtime.Format(r); test.want[i] != "" && got != test.want[i] {
						t.Errorf("result %d is\n%s\nnot\n%s", i, got, test.want[i])
					}
				}
			})
		}
	}
}
