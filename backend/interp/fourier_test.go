package interp

import (
	"context"
	"fmt"
	"math/cmplx"
	"sync"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

const transforms = `
main func main[n, m](x: f64[n, m]) -> (c128[n, m], c128[n, m], c128[n, m]) {
  all: c128[n, m] = lib[fft, ""] x
  back: c128[n, m] = lib[fft, "inverse"] all
  rows: c128[n, m] = map i<n {
    r: f64[m] = gather["@:"] x, i
    s: c128[m] = lib[fft, ""] r
    yield s
  }
  return all, back, rows
}`

// TestTransformsInAllForms holds transforms of a stack of rows against those of
// its rows in lanes, and against going back, for lengths of both methods.
func TestTransformsInAllForms(t *testing.T) {
	for k, tuning := range tunings() {
		p := compile(t, transforms, tuning)
		for _, m := range []int{1, 6, 37, 6} { // the operations keep tables of one length
			t.Run(fmt.Sprintf("%04b/%d", k, m), func(t *testing.T) {
				x := matrix(t, count(3*m), 3, m)
				results, err := p.Run(context.Background(), values(x), []int64{3, int64(m)}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				all, back, rows := results[0].(*runtime.Array), results[1].(*runtime.Array), results[2].(*runtime.Array)
				if !all.Equal(rows) {
					t.Errorf("together %s\none by one %s", runtime.Format(all), runtime.Format(rows))
				}
				for i, z := range back.C128() {
					if off := cmplx.Abs(z/complex(float64(m), 0) - complex(float64(i), 0)); off > 1e-13*float64(3*m) {
						t.Errorf("element %d comes back as %v", i, z/complex(float64(m), 0))
					}
				}
			})
		}
	}
}

// TestTransformsTogether runs one program from many goroutines with two lengths.
func TestTransformsTogether(t *testing.T) {
	p := compile(t, transforms, Tuning{})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			m := 64 + i%2
			x := matrix(t, count(2*m), 2, m)
			for range 20 {
				results, err := p.Run(context.Background(), values(x), []int64{2, int64(m)}, Options{})
				if err != nil {
					t.Error(err)
					return
				}
				if a := results[0].(*runtime.Array); !a.Equal(results[2].(*runtime.Array)) {
					t.Errorf("%d: rows differ", m)
				}
			}
		})
	}
	all.Wait()
}

// TestTransformsCountMemory counts the tables of a transform, not its results alone.
func TestTransformsCountMemory(t *testing.T) {
	const text = `
main func main[n](x: f64[n]) -> (c128[n]) {
  y: c128[n] = lib[fft, ""] x
  return y
}`
	p := compile(t, text, Tuning{})
	const n = 10_007 // a prime number
	for _, test := range []struct {
		memory int64
		code   ast.Code
	}{{1 << 20, ast.CodeMemoryLimit}, {1 << 24, ""}} {
		_, err := p.Run(context.Background(), values(count(n)), []int64{n}, Options{Limits: runtime.Limits{Memory: test.memory}})
		if test.code == "" && err != nil || test.code != "" && codeOf(t, err) != test.code {
			t.Errorf("%d bytes: %v", test.memory, err)
		}
	}
}

// TestPhilox holds the operation on a scalar, on an array, in lanes and with one
// key for all against the published vector of key 0 and block 0.
func TestPhilox(t *testing.T) {
	const text = `
main func main[n](keys: i64[n], key: i64, ctr: i64[n], one: i64) -> (i64, i64[n], i64[n], i64[n]) {
  a: i64 = philox key, one
  b: i64[n] = philox keys, ctr
  same: i64[n] = broadcast[n] key
  c: i64[n] = philox same, ctr
  d: i64[n] = map i<n {
    k: i64 = gather["@"] keys, i
    j: i64 = gather["@"] ctr, i
    r: i64 = philox k, j
    yield r
  }
  return a, b, c, d
}`
	first, second := "-2204013331526194987", "-7277575273911440308"
	both := "[" + first + ", " + second + "]"
	for _, tuning := range tunings() {
		results, err := compile(t, text, tuning).Run(context.Background(), values([]int64{0, 0}, 0, []int64{0, 1}, 1), []int64{2}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{second, both, both, both} {
			if got := runtime.Format(results[i]); got != want {
				t.Errorf("result %d is %s, not %s", i, got, want)
			}
		}
	}
}
