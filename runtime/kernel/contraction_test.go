package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

func testMatMul[T Number](t *testing.T) {
	for _, shape := range [][3]int{
		{0, 3, 2}, {3, 0, 2}, {3, 2, 0}, {1, 1, 1}, {1, 40, 1}, {1, 31, 9}, {9, 32, 1}, {1, 47, 130}, {33, 100, 1}, {200, 33, 1},
		{2, 2, 2}, {3, 31, 5}, {4, 32, 8}, {5, 33, 9}, {7, 47, 17}, {12, 64, 16}, {13, 512, 11}, {4, 2048, 8}, {5, 2049, 9}, {6, 4200, 10},
		{300, 5, 70}, {9, 5, 300}, {131, 2100, 3}, {3, 2100, 140},
	} {
		for batch := 1; batch <= 2; batch++ {
			m, k, n := shape[0], shape[1], shape[2]
			a, b := values[T](batch*m*k, 1), values[T](batch*k*n, 2)
			got := values[T](batch*m*n, 3)
			if err := MatMul(got, a, b, batch, m, k, n, nil); err != nil {
				t.Fatal(err)
			}
			want := referenceContract(a, b, "bik", "bkj", "bij", map[byte]int{'b': batch, 'i': m, 'k': k, 'j': n})
			checkSame(t, fmt.Sprintf("%T %d times [%d, %d] [%d, %d]", got, batch, m, k, k, n), got, want)
		}
	}
}

func TestMatMulFollowsTheSumRule(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		testMatMul[float64](t)
		testMatMul[float32](t)
		testMatMul[int64](t)
		testMatMul[complex128](t)
	})
}

func testContract[T Number](t *testing.T) {
	extents := map[byte]int{'i': 5, 'j': 9, 'k': 33, 'l': 3, 'm': 40, 'z': 0, 'o': 1}
	for _, c := range [][3]string{
		{"ik", "kj", "ij"},
		{"ki", "kj", "ij"},
		{"ki", "jk", "ji"},
		{"kli", "jlk", "ij"},
		{"lki", "klj", "ij"},
		{"ikm", "kmj", "ij"},
		{"imk", "kmj", "ji"},
		{"ilm", "jlm", "ij"},
		{"km", "km", ""},
		{"km", "mk", ""},
		{"i", "j", "ij"},
		{"ij", "ij", "ij"},
		{"ij", "j", "ij"},
		{"ij", "j", "ji"},
		{"iij", "j", "i"},
		{"ii", "i", ""},
		{"ik", "j", "ij"},
		{"i", "jk", "ij"},
		{"ik", "jm", "ij"},
		{"k", "k", ""},
		{"ik", "ik", "i"},
		{"ik", "k", "i"},
		{"k", "ki", "i"},
		{"ki", "k", "i"},
		{"lmi", "lm", "i"},
		{"lik", "ljk", "lij"},
		{"ikl", "kjl", "ilj"},
		{"ilk", "klj", "ijl"},
		{"mik", "mkj", "imj"},
		{"iz", "zj", "ij"},
		{"ikz", "kzj", "ij"},
		{"zk", "kj", "zj"},
		{"io", "oj", "ij"},
		{"iko", "okj", "ij"},
		{"o", "o", ""},
		{"", "", ""},
		{"", "ij", "ji"},
		{"lm", "ijlm", "ji"},
		{"kmil", "lkmj", "ij"},
	} {
		dims := func(letters string) (d []int, n int) {
			n = 1
			for i := range letters {
				d = append(d, extents[letters[i]])
				n *= extents[letters[i]]
			}
			return d, n
		}
		dimsA, sizeA := dims(c[0])
		dimsB, sizeB := dims(c[1])
		a, b := values[T](sizeA, 4), values[T](sizeB, 5)
		want := referenceContract(a, b, c[0], c[1], c[2], extents)
		spec := c[0] + "," + c[1] + "->" + c[2]
		contraction, err := ParseContraction(spec)
		if err != nil {
			t.Fatal(err)
		}
		got := values[T](len(want), 6)
		if err := Contract(got, a, b, contraction, 0, dimsA, dimsB, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("%T %s", got, spec), got, want)
	}
}

func TestContractionsNestTheirSums(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		testContract[float64](t)
		testContract[float32](t)
		testContract[int64](t)
		testContract[complex128](t)
	})
}

func TestContractionOverLongAxesInBlocks(t *testing.T) {
	contraction, _ := ParseContraction("ikl,klj->ij")
	for _, c := range [][4]int{{130, 3, 2, 2060}, {5, 140, 2, 2060}, {140, 3, 33, 40}, {3, 300, 33, 3}} {
		i, j, k, l := c[0], c[1], c[2], c[3]
		extents := map[byte]int{'i': i, 'j': j, 'k': k, 'l': l}
		a, b := values[float64](i*k*l, 1), values[float64](k*l*j, 2)
		got := make([]float64, i*j)
		if err := Contract(got, a, b, contraction, 0, []int{i, k, l}, []int{k, l, j}, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("ikl,klj->ij with %v", c), got, referenceContract(a, b, "ikl", "klj", "ij", extents))
	}
}

func TestRandomContractions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(letters string) string {
		chosen := ""
		for _, i := range r.Perm(len(letters))[:r.IntN(4)] {
			chosen += letters[i : i+1]
		}
		return chosen
	}
	for range 400 {
		extents := map[byte]int{}
		for i := range len("abcde") {
			extents["abcde"[i]] = []int{0, 1, 1, 2, 3, 4, 5, 8, 9, 16, 31, 32, 33, 40}[r.IntN(14)]
		}
		left, right, result := pick("abcde"), pick("abcde"), ""
		both := left + right
		for _, i := range r.Perm(len(both)) {
			if !contains(result, both[i]) && r.IntN(2) == 0 {
				result += both[i : i+1]
			}
		}
		size, all := func(letters string) ([]int, int) {
			dims := []int{}
			for i := range letters {
				dims = append(dims, extents[letters[i]])
			}
			return dims, product(dims)
		}, 1
		for _, n := range extents {
			all *= max(n, 1)
		}
		if all > 1<<20 {
			continue
		}
		dimsA, sizeA := size(left)
		dimsB, sizeB := size(right)
		a, b := values[float64](sizeA, 1), values[float64](sizeB, 2)
		want := referenceContract(a, b, left, right, result, extents)
		contraction, err := ParseContraction(left + "," + right + "->" + result)
		if err != nil {
			t.Fatal(err)
		}
		got := values[float64](len(want), 3)
		if err := Contract(got, a, b, contraction, 0, dimsA, dimsB, nil); err != nil {
			t.Fatal(err)
		}
		checkSame(t, fmt.Sprintf("%s,%s->%s of %v and %v", left, right, result, dimsA, dimsB), got, want)
	}
}

func TestBatchAxesStandBeforeTheLetters(t *testing.T) {
	a, b := values[float64](2*3*4*35, 1), values[float64](2*3*35*5, 2)
	contraction, _ := ParseContraction("ik,kj->ji")
	got := make([]float64, 2*3*5*4)
	if err := Contract(got, a, b, contraction, 2, []int{2, 3, 4, 35}, []int{2, 3, 35, 5}, nil); err != nil {
		t.Fatal(err)
	}
	extents := map[byte]int{'a': 2, 'b': 3, 'i': 4, 'k': 35, 'j': 5}
	checkSame(t, "batched", got, referenceContract(a, b, "abik", "abkj", "abji", extents))
}

func TestProductsNeverSkipZeros(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		for _, k := range []int{1, 40} {
			a, b := make([]float64, 5*k), values[float64](k*9, 1)
			b[0] = math.Inf(1)
			got := make([]float64, 5*9)
			if err := MatMul(got, a, b, 1, 5, k, 9, nil); err != nil {
				t.Fatal(err)
			}
			if got[0] == got[0] || got[1] != 0 {
				t.Errorf("k = %d: 0*inf + … = %v, 0*x + … = %v; want NaN, 0", k, got[0], got[1])
			}
		}
	})
}

func TestMatMulAgreesWithGonum(t *testing.T) {
	m, k, n := 67, 300, 45
	a, b := values[float64](m*k, 1), values[float64](k*n, 2)
	got, want := make([]float64, m*n), make([]float64, m*n)
	if err := MatMul(got, a, b, 1, m, k, n, nil); err != nil {
		t.Fatal(err)
	}
	gonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, k, b, n, 0, want, n)
	for i := range got {
		scale := 0.0
		for s := range k {
			scale += math.Abs(a[i/n*k+s] * b[s*n+i%n])
		}
		if math.Abs(got[i]-want[i]) > 1e-15*float64(k)*scale {
			t.Fatalf("element %d is %v, gonum has %v", i, got[i], want[i])
		}
	}
}

func TestParseContractionRefusesNonsense(t *testing.T) {
	for _, spec := range []string{"", "ik", "ik,kj", "ik->i", "i1,j->i", "i,j->ii", "i,j->k", "i,j,k->i"} {
		if _, err := ParseContraction(spec); err == nil {
			t.Errorf("%q was accepted", spec)
		}
	}
}

func TestProductsStopWhenPollFails(t *testing.T) {
	stop := errors.New("stop")
	count := 0
	poll := func() error {
		if count++; count == 3 {
			return stop
		}
		return nil
	}
	for _, shape := range [][3]int{{300, 300, 300}, {1, 1 << 22, 1}, {2000, 2000, 1}, {1, 2000, 2000}, {20, 40000, 20}} {
		m, k, n := shape[0], shape[1], shape[2]
		count = 0
		err := MatMul(make([]float64, m*n), make([]float64, m*k), make([]float64, k*n), 1, m, k, n, poll)
		if err != stop {
			t.Errorf("[%d, %d] [%d, %d]: error %v after %d polls, want the poll's", m, k, k, n, err, count)
		}
	}
}

func BenchmarkMatMul512(b *testing.B) {
	const n = 512
	x, y, z := values[float64](n*n, 1), values[float64](n*n, 2), make([]float64, n*n)
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(2*n*n*n*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
	run("calx", func() { _ = MatMul(z, x, y, 1, n, n, n, nil) })
	run("gonum", func() {
		gonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, x, n, y, n, 0, z, n)
	})
}

func BenchmarkMatMulSizes(b *testing.B) {
	for _, n := range []int{2, 4, 8, 16, 64, 128, 256, 1024, 2048} {
		x, y, z := values[float64](n*n, 1), values[float64](n*n, 2), make([]float64, n*n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				_ = MatMul(z, x, y, 1, n, n, n, nil)
			}
			b.ReportMetric(2*float64(n*n*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkMatrixVector(b *testing.B) {
	const n = 1000
	x, y, z := values[float64](n*n, 1), values[float64](n, 2), make([]float64, n)
	b.Run("matrix-vector", func(b *testing.B) {
		b.SetBytes(8 * n * n)
		for b.Loop() {
			_ = MatMul(z, x, y, 1, n, n, 1, nil)
		}
	})
	b.Run("vector-matrix", func(b *testing.B) {
		b.SetBytes(8 * n * n)
		for b.Loop() {
			_ = MatMul(z, y, x, 1, 1, n, n, nil)
		}
	})
	b.Run("dot", func(b *testing.B) {
		b.SetBytes(16 * n * n)
		for b.Loop() {
			_, _ = Dot(x, x, nil)
		}
	})
	b.Run("dot-1000", func(b *testing.B) {
		b.SetBytes(16 * n)
		for b.Loop() {
			_, _ = Dot(y, y, nil)
		}
	})
}
