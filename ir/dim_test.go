package ir

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// dims draws small polynomials in three atoms.
func dims(t *rapid.T, label string) Dim {
	atom := rapid.Int32Range(0, 2)
	sum := Size(rapid.Int64Range(-9, 9).Draw(t, label))
	for range rapid.IntRange(0, 3).Draw(t, label+" terms") {
		product := Size(rapid.Int64Range(-4, 4).Draw(t, "coefficient"))
		for range rapid.IntRange(1, 3).Draw(t, "degree") {
			product = must(product.Mul(Sized(Atom(atom.Draw(t, "atom")))))
		}
		sum = must(sum.Add(product))
	}
	return sum
}

func must(d Dim, ok bool) Dim {
	if !ok {
		panic("a small polynomial overflows")
	}
	return d
}

func equal(t *rapid.T, law string, d, e Dim) {
	t.Helper()
	if !d.Equal(e) || d.Key() != e.Key() {
		t.Fatalf("%s: %s and %s", law, d.Key(), e.Key())
	}
}

func TestDimIsRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := dims(t, "a"), dims(t, "b"), dims(t, "c")
		equal(t, "a+b = b+a", must(a.Add(b)), must(b.Add(a)))
		equal(t, "ab = ba", must(a.Mul(b)), must(b.Mul(a)))
		equal(t, "(a+b)+c = a+(b+c)", must(must(a.Add(b)).Add(c)), must(a.Add(must(b.Add(c)))))
		equal(t, "a(b+c) = ab+ac", must(a.Mul(must(b.Add(c)))), must(must(a.Mul(b)).Add(must(a.Mul(c)))))
		equal(t, "a-a = 0", must(a.Sub(a)), Size(0))
		equal(t, "a-b+b = a", must(must(a.Sub(b)).Add(b)), a)
		equal(t, "1a = a", must(Size(1).Mul(a)), a)
		equal(t, "0a = 0", must(Size(0).Mul(a)), Dim{})
		if a.Equal(b) != (a.Key() == b.Key()) {
			t.Fatalf("keys of %s and %s", a.Key(), b.Key())
		}
	})
}

func TestDimEval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dims(t, "a"), dims(t, "b")
		values := [3]int64{}
		for i := range values {
			values[i] = rapid.Int64Range(-50, 50).Draw(t, "value")
		}
		at := func(x Atom) int64 { return values[x] }
		eval := func(d Dim) int64 {
			n, ok := d.Eval(at)
			if !ok {
				t.Fatalf("%s overflows", d.Key())
			}
			return n
		}
		if got := eval(must(a.Add(b))); got != eval(a)+eval(b) {
			t.Fatalf("sum: %d", got)
		}
		if got := eval(must(a.Mul(b))); got != eval(a)*eval(b) {
			t.Fatalf("product: %d", got)
		}
		numbers := must(a.Subst(func(x Atom) Dim { return Size(values[x]) }))
		if n, ok := numbers.Const(); !ok || n != eval(a) {
			t.Fatalf("%s at %v is %s", a.Key(), values, numbers.Key())
		}
		equal(t, "identity", must(a.Subst(Sized)), a)
	})
}

func TestDimDivExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dims(t, "a"), dims(t, "b")
		if b.IsConst(0) {
			if _, ok := a.DivExact(b); ok {
				t.Fatal("divided by 0")
			}
			return
		}
		q, ok := must(a.Mul(b)).DivExact(b)
		if !ok {
			t.Fatalf("(%s)(%s) is not divisible", a.Key(), b.Key())
		}
		equal(t, "ab/b = a", q, a)
		if q, ok := a.DivExact(b); ok {
			equal(t, "(a/b)b = a", must(q.Mul(b)), a)
		}
	})
}

// Where a result does not fit, the operations say so and never give another.
func TestDimOverflow(t *testing.T) {
	huge := rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -1 << 32, -1, 0, 1, 2, 1 << 32, math.MaxInt64})
	rapid.Check(t, func(t *rapid.T) {
		a, b := huge.Draw(t, "a"), huge.Draw(t, "b")
		for name, op := range map[string]struct {
			dim   func(Dim, Dim) (Dim, bool)
			exact *big.Int
		}{
			"+": {Dim.Add, new(big.Int).Add(big.NewInt(a), big.NewInt(b))},
			"-": {Dim.Sub, new(big.Int).Sub(big.NewInt(a), big.NewInt(b))},
			"*": {Dim.Mul, new(big.Int).Mul(big.NewInt(a), big.NewInt(b))},
		} {
			d, ok := op.dim(Size(a), Size(b))
			n, _ := d.Const()
			// The difference with the least integer may be given up.
			if ok && (!op.exact.IsInt64() || op.exact.Int64() != n) ||
				!ok && op.exact.IsInt64() && b != math.MinInt64 {
				t.Fatalf("%d %s %d = %d, %v", a, name, b, n, ok)
			}
		}
	})
}

func TestDimText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dims(t, "d")
		if rapid.Bool().Draw(t, "extreme") {
			d = must(Sized(1).Mul(Size(math.MinInt64)))
		}
		text := "func f[a, b, c](x: f64[" + d.Format(func(a Atom) string { return string(rune('a' + a)) }) + "]) -> () {\n}\n"
		m, err := Parse(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, text, m.Funcs[0].Params[0].Type.Dims[0], d)
	})
}

func TestDimTerms(t *testing.T) {
	// One atom more than a Dim may have terms.
	sum, ok := Size(0), true
	for a := range Atom(maxTerms + 1) {
		if sum, ok = sum.Add(Sized(a)); ok != (a < maxTerms) {
			t.Fatalf("%d terms: %v", a+1, ok)
		}
	}
	// A power of one degree more than a Dim may have.
	power := Size(1)
	for degree := range maxDegree + 1 {
		if power, ok = power.Mul(Sized(1)); ok != (degree < maxDegree) {
			t.Fatalf("degree %d: %v", degree+1, ok)
		}
	}
}

func TestSizeOps(t *testing.T) {
	for _, c := range []struct {
		kind    SizeKind
		a, b, r int64
	}{
		{SizeMin, 3, 5, 3}, {SizeMax, 3, 5, 5},
		{SizeDiv, 7, 2, 3}, {SizeDiv, -7, 2, -4}, {SizeDiv, 7, -2, -4}, {SizeDiv, -7, -2, 3},
		{SizeMod, 7, 2, 1}, {SizeMod, -7, 2, 1}, {SizeMod, 7, -2, -1}, {SizeMod, -7, -2, -1},
		{SizeDiv, 1, 0, Unrepresentable}, {SizeMod, 1, 0, Unrepresentable},
		{SizeDiv, math.MinInt64, -1, Unrepresentable},
	} {
		attr := SizeAttr{c.kind, Sized(0), Sized(1)}
		if got := attr.Eval(func(a Atom) int64 { return [2]int64{c.a, c.b}[a] }); got != c.r {
			t.Errorf("%v of %d and %d is %d, not %d", c.kind, c.a, c.b, got, c.r)
		}
	}
	square := must(Sized(0).Mul(Sized(0)))
	at := func(Atom) int64 { return 1 << 40 }
	if got := (SizeAttr{SizeValue, square, Dim{}}).Eval(at); got != Unrepresentable {
		t.Errorf("an overflow is %d", got)
	}
	if got := (SizeAttr{SizeMin, Size(3), square}).Eval(at); got != 3 {
		t.Errorf("the smaller of 3 and an overflow is %d", got)
	}
}

// What the builder knows without values agrees with the values.
func TestFoldSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dims(t, "a"), dims(t, "b")
		kind := SizeKind(rapid.IntRange(int(SizeMin), int(SizeMod)).Draw(t, "kind"))
		if rapid.Bool().Draw(t, "near") {
			b = must(a.Add(Size(rapid.Int64Range(-2, 2).Draw(t, "distance"))))
		}
		result, ok := foldSize(kind, a, b)
		if !ok {
			return
		}
		at := func(a Atom) int64 { return []int64{3, 7, 10}[a] }
		got, _ := result.Eval(at)
		if want := (SizeAttr{kind, a, b}).Eval(at); got != want {
			t.Fatalf("%v of %s and %s is %s: %s, not %s", kind, a.Key(), b.Key(), result.Key(),
				strconv.FormatInt(got, 10), strconv.FormatInt(want, 10))
		}
	})
}
