package interp

import (
	"context"
	"math/cmplx"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// TestComplexFactorisations multiplies the factors again.
func TestComplexFactorisations(t *testing.T) {
	z, err := runtime.FromSlice([]complex128{1, 2i, 3 - 1i, 4, -1i, 2}, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	square, err := runtime.FromSlice([]complex128{1, 2i, 3 - 1i, 4}, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text string
		args       []any
	}{
		{"qr", `
main func main[](a: c128[3, 2]) -> (c128[3, 2], c128[3, 2]) {
  q: c128[3, 2], r: c128[2, 2] = lib[qr, "", 2] a
  b: c128[3, 2] = contract["ik,kj->ij"] q, r
  return a, b
}`, []any{z}},
		{"svd", `
main func main[](a: c128[3, 2]) -> (c128[3, 2], c128[3, 2]) {
  u: c128[3, 2], s: f64[2], v: c128[2, 2] = lib[svd, "", 2] a
  sc: c128[2] = convert[c128] s
  w: c128[2, 2] = contract["i,ij->ij"] sc, v
  b: c128[3, 2] = contract["ik,kj->ij"] u, w
  return a, b
}`, []any{z}},
		{"eig", `
main func main[](a: c128[2, 2]) -> (c128[2, 2], c128[2, 2]) {
  w: c128[2], v: c128[2, 2] = lib[eig, ""] a
  l: c128[2, 2] = contract["ik,kj->ij"] a, v
  r: c128[2, 2] = contract["ij,j->ij"] v, w
  return l, r
}`, []any{square}},
	} {
		results := run(t, test.text, nil, test.args...)
		want, got := results[0].(*runtime.Array).C128(), results[1].(*runtime.Array).C128()
		for i := range want {
			if cmplx.Abs(got[i]-want[i]) > 1e-14 {
				t.Errorf("%s: element %d is %v, not %v", test.name, i, got[i], want[i])
			}
		}
	}
}

// TestWorkspaceIsCounted runs out of memory in a factorisation whose operand and results have room.
func TestWorkspaceIsCounted(t *testing.T) {
	const n = 100
	p := compile(t, `
main func main[n](a: f64[n, n]) -> (f64[n]) {
  w: f64[n], v: f64[n, n] = lib[eigh, ""] a
  return w
}`, Tuning{})
	a := matrix(t, make([]float64, n*n), n, n)
	for limit, fits := range map[int64]bool{4 * 8 * n * n: false, 8 * 8 * n * n: true} {
		_, err := p.Run(context.Background(), values(a), []int64{n}, Options{Limits: runtime.Limits{Memory: limit}})
		if fits && err != nil {
			t.Error(err)
		} else if !fits && codeOf(t, err) != ast.CodeMemoryLimit {
			t.Error(err)
		}
	}
}
