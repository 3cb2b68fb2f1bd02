package interp

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/runtime"
)

// BenchmarkPairs is the inner loop of n bodies: 100,000 rounds of a dozen operations on arrays of 3 elements.
func BenchmarkPairs(b *testing.B) {
	places := make([]float64, 15)
	for i := range places {
		places[i] = 10 * math.Sin(float64(i*i))
	}
	p, err := runtime.FromSlice(places, 5, 3)
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, `
main func main[n](m: f64[n], p: f64[n, 3], v: f64[n, 3], dt: f64, rounds: i64) -> (f64[n, 3]) {
  zero: i64 = const 0
  one: i64 = const 1
  power: f64 = const 1.5
  all: f64[n, 3] = for round in zero..rounds carry (v0: f64[n, 3] = v) {
    v1: f64[n, 3] = for i in zero..n carry (v2: f64[n, 3] = v0) {
      next: i64 = add i, one
      pi: f64[3] = gather["@:"] p, i
      mi: f64 = gather["@"] m, i
      v3: f64[n, 3] = for j in next..n carry (v4: f64[n, 3] = v2) {
        pj: f64[3] = gather["@:"] p, j
        d: f64[3] = sub pj, pi
        r2: f64 = contract["a,a->"] d, d
        r3: f64 = pow r2, power
        pull: f64 = div dt, r3
        mj: f64 = gather["@"] m, j
        a: f64 = mul pull, mj
        as: f64[3] = broadcast[3] a
        da: f64[3] = mul d, as
        v5: f64[n, 3] = accumulate["@:", add] v4, da, i
        c: f64 = mul pull, mi
        cs: f64[3] = broadcast[3] c
        dc: f64[3] = mul d, cs
        v6: f64[n, 3] = accumulate["@:", sub] v5, dc, j
        yield v6
      }
      yield v3
    }
    yield v1
  }
  return all
}`, []int64{5}, []float64{39, 0.04, 0.01, 0.002, 0.002}, p, p, 1e-4, 10_000)
}
