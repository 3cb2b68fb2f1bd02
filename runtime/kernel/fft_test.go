package kernel

import (
	"errors"
	"math"
	"math/big"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

// signal is n numbers of a fixed random sequence.
func signal(n int) []complex128 {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	x := make([]complex128, n)
	for i := range x {
		x[i] = complex(random.NormFloat64(), random.NormFloat64())
	}
	return x
}

// exactTransform is the transform by its definition, with roots and sums of twice the precision of f64.
func exactTransform(x []complex128) []complex128 {
	n := len(x)
	roots := make([][2]*big.Float, n)
	for k := range roots {
		roots[k] = preciseRoot(k, n)
	}
	result := make([]complex128, n)
	term := new(big.Float).SetPrec(120)
	for k := range result {
		re, im := new(big.Float).SetPrec(120), new(big.Float).SetPrec(120)
		for j, v := range x {
			root := roots[j*k%n]
			a, b := new(big.Float).SetFloat64(real(v)), new(big.Float).SetFloat64(imag(v))
			re.Add(re, term.Mul(a, root[0]))
			re.Sub(re, term.Mul(b, root[1]))
			im.Add(im, term.Mul(a, root[1]))
			im.Add(im, term.Mul(b, root[0]))
		}
		reValue, _ := re.Float64()
		imValue, _ := im.Float64()
		result[k] = complex(reValue, imValue)
	}
	return result
}

// preciseRoot is exp(-2πi·k/n) by the series of the exponential function.
func preciseRoot(k, n int) [2]*big.Float {
	fresh := func() *big.Float { return new(big.Float).SetPrec(160) }
	pi, _, _ := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459", 10, 160, big.ToNearestEven)
	angle := fresh().Quo(fresh().Mul(pi, fresh().SetInt64(int64(-2*k))), fresh().SetInt64(int64(n)))
	parts := [2]*big.Float{fresh(), fresh()}
	power := fresh().SetInt64(1)
	for i := range 60 {
		if i%4 < 2 {
			parts[i%2].Add(parts[i%2], power)
		} else {
			parts[i%2].Sub(parts[i%2], power)
		}
		power = fresh().Quo(fresh().Mul(power, angle), fresh().SetInt64(int64(i+1)))
	}
	return parts
}

func norm(x []complex128) float64 {
	sum := 0.0
	for _, v := range x {
		sum += real(v)*real(v) + imag(v)*imag(v)
	}
	return math.Sqrt(sum)
}

// distance is |x - y| / |y|.
func distance(x, y []complex128) float64 {
	difference := make([]complex128, len(x))
	for i := range x {
		difference[i] = x[i] - y[i]
	}
	return norm(difference) / max(norm(y), 1e-300)
}

// unitsOfError is the bound that FFT states: so many units in the last place of the norm for each doubling of n.
const unitsOfError = 0.5

func errorBound(n int) float64 { return unitsOfError * 0x1p-52 * max(1, math.Log2(float64(n))) }

func fft(t testing.TB, x []complex128, inverse bool) []complex128 {
	t.Helper()
	y := make([]complex128, len(x))
	f, err := NewFFT(len(x), false, nil)
	if err == nil {
		err = f.Complex(y, x, 1, inverse, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func realFFT(t testing.TB, x []float64, inverse bool) []complex128 {
	t.Helper()
	y := make([]complex128, len(x))
	f, err := NewFFT(len(x), true, nil)
	if err == nil {
		err = f.Real(y, x, 1, inverse, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// TestFFTExact holds transforms of every small length, and of some with each kind of factor, against the definition.
func TestFFTExact(t *testing.T) {
	lengths := []int{64, 81, 100, 125, 128, 143, 210, 243, 256, 289, 37, 74, 97, 211, 257, 37 * 8, 31 * 9}
	for n := 1; n <= 50; n++ {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		x := signal(n)
		want := exactTransform(x)
		if off := distance(fft(t, x, false), want); off > errorBound(n) {
			t.Errorf("n = %d: off by %.3g of the norm", n, off)
		}
		// The inverse is the conjugate of the transform of the conjugate.
		for i := range x {
			x[i], want[i] = cmplx.Conj(x[i]), cmplx.Conj(want[i])
		}
		if off := distance(fft(t, x, true), want); off > errorBound(n) {
			t.Errorf("n = %d: inverse off by %.3g of the norm", n, off)
		}
		re, wide := make([]float64, n), make([]complex128, n)
		for i, v := range x {
			re[i], wide[i] = real(v), complex(real(v), 0)
		}
		for _, inverse := range []bool{false, true} {
			if off := distance(realFFT(t, re, inverse), fft(t, wide, inverse)); off > 2*errorBound(n) {
				t.Errorf("n = %d, inverse %v: real numbers off by %.3g of the norm", n, inverse, off)
			}
		}
	}
}

// TestFFTLong holds long transforms against gonum's, and where gonum takes too long against going there and back.
func TestFFTLong(t *testing.T) {
	for _, n := range []int{1 << 16, 1 << 17, 59049, 78125, 30030, 60000, 2 * 3 * 5 * 7 * 11 * 13, 31 * 31 * 31} {
		x := signal(n)
		want := fourier.NewCmplxFFT(n).Coefficients(nil, x)
		if off := distance(fft(t, x, false), want); off > 2*errorBound(n) {
			t.Errorf("n = %d: off by %.3g of the norm", n, off)
		}
	}
	for _, n := range []int{65537, 65536 * 3 / 2, 9973 * 4, 104729} {
		x := signal(n)
		there := fft(t, x, false)
		back := fft(t, there, true)
		for i := range back {
			back[i] /= complex(float64(n), 0)
		}
		if off := distance(back, x); off > 2*errorBound(n) {
			t.Errorf("n = %d: there and back is off by %.3g of the norm", n, off)
		}
		// Some elements, by the definition.
		for _, k := range []int{0, 1, n / 3, n - 1} {
			sum := complex128(0)
			for j, v := range x {
				sum += v * rootOfUnity(int(int64(j)*int64(k)%int64(n)), n)
			}
			if cmplx.Abs(there[k]-sum) > 1e-11*math.Sqrt(float64(n)) {
				t.Errorf("n = %d: element %d is %v, by definition %v", n, k, there[k], sum)
			}
		}
	}
}

// TestFFTRows takes rows one after the other, none, and rows of nothing.
func TestFFTRows(t *testing.T) {
	for _, n := range []int{1, 6, 8, 37} {
		x := signal(3 * n)
		y := make([]complex128, 3*n)
		f, err := NewFFT(n, false, nil)
		if err == nil {
			err = f.Complex(y, x, 3, false, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			for k, v := range fft(t, x[i*n:][:n], false) {
				if y[i*n+k] != v {
					t.Errorf("n = %d: row %d differs at %d", n, i, k)
				}
			}
		}
	}
	for _, n := range []int{0, 8} {
		for _, isReal := range []bool{false, true} {
			f, err := NewFFT(n, isReal, nil)
			if err == nil && isReal {
				err = f.Real(nil, nil, 0, true, nil)
			} else if err == nil {
				err = f.Complex(nil, nil, 0, false, nil)
			}
			if err != nil {
				t.Errorf("no rows of %d: %v", n, err)
			}
		}
	}
}

// TestFFTConcurrent uses one FFT from several goroutines.
func TestFFTConcurrent(t *testing.T) {
	for _, n := range []int{1000, 1009} {
		x := signal(n)
		want := fft(t, x, false)
		f, err := NewFFT(n, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				y := make([]complex128, n)
				if err := f.Complex(y, x, 1, false, nil); err != nil || !slices.Equal(y, want) {
					t.Errorf("n = %d: another result, error %v", n, err)
				}
			})
		}
		all.Wait()
	}
}

func TestFFTStops(t *testing.T) {
	stop := errors.New("stop")
	for _, n := range []int{1 << 16, 65537, 31 * 31 * 31 * 31} {
		for _, isReal := range []bool{false, true} {
			f, err := NewFFT(n, isReal, nil)
			if err != nil {
				t.Fatal(err)
			}
			calls := 0
			poll := func() error {
				if calls++; calls == 3 {
					return stop
				}
				return nil
			}
			x, y := signal(n), make([]complex128, n)
			if isReal {
				err = f.Real(y, make([]float64, n), 1, false, poll)
			} else {
				err = f.Complex(y, x, 1, false, poll)
			}
			if err != stop || calls != 3 {
				t.Errorf("n = %d: %v after %d polls", n, err, calls)
			}
		}
	}
	if _, err := NewFFT(65537, false, func() error { return stop }); err != stop {
		t.Errorf("preparing: %v", err)
	}
}

// TestRootsOfUnity holds the tables against series.
func TestRootsOfUnity(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8, 12, 1000, 1025, 65537} {
		table, err := rootsOfUnity(n, &poller{})
		if err != nil {
			t.Fatal(err)
		}
		for k := 0; k < n; k += max(1, n/97) {
			precise := preciseRoot(k, n)
			re, _ := precise[0].Float64()
			im, _ := precise[1].Float64()
			if off := cmplx.Abs(table[k] - complex(re, im)); off > 2*0x1p-53*1.5 {
				t.Errorf("exp(-2πi·%d/%d) is off by %.3g", k, n, off)
			}
		}
	}
}

func BenchmarkFFT(b *testing.B) {
	for _, n := range []int{16, 1024, 65536, 65537, 100000} {
		x, y := signal(n), make([]complex128, n)
		b.Run("own/"+strconv.Itoa(n), func(b *testing.B) {
			f, err := NewFFT(n, false, nil)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := f.Complex(y, x, 1, false, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		if n == 65537 {
			continue
		}
		b.Run("gonum/"+strconv.Itoa(n), func(b *testing.B) {
			plan := fourier.NewCmplxFFT(n)
			for b.Loop() {
				plan.Coefficients(y, x)
			}
		})
	}
}
