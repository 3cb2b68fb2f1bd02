package stdlib_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/stdlib"
)

// numbers are the elements of an array of any real dtype.
func numbers(t *testing.T, v runtime.Value) []float64 {
	t.Helper()
	a, ok := v.(*runtime.Array)
	if !ok {
		t.Fatalf("not an array: %v", v)
	}
	x := make([]float64, a.Len())
	for i := range x {
		switch a.DType() {
		case ir.Bool:
			if a.Bool()[i] {
				x[i] = 1
			}
		case ir.I64:
			x[i] = float64(a.I64()[i])
		default:
			x[i] = a.F64()[i]
		}
	}
	return x
}

// TestDistributions draws with fixed keys and holds the mean, the standard
// deviation and the distribution function against the exact ones. The bounds are
// passed by all but one in a thousand keys (four standard deviations of the mean;
// Kolmogorov and Smirnov).
func TestDistributions(t *testing.T) {
	content, err := os.ReadFile("testdata/distributions.txt")
	if err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " ; ")
		for _, key := range []int{2, 31337} {
			value, code := evaluate(fmt.Sprintf("let n = %d\nlet k = random.key(%d)", n, key), parts[0], nil)
			if code != "" {
				t.Errorf("%s: error %s", parts[0], code)
				continue
			}
			var mean, deviation float64
			if _, err := fmt.Sscan(parts[1], &mean, &deviation); err != nil {
				t.Fatal(err)
			}
			x := numbers(t, value)
			if len(x) != n {
				t.Errorf("%s: %d numbers", parts[0], len(x))
				continue
			}
			sum, squares := 0.0, 0.0
			for _, v := range x {
				sum += v
				squares += (v - mean) * (v - mean)
			}
			if off := (sum/n - mean) / (deviation / math.Sqrt(n)); !(math.Abs(off) < 4) {
				t.Errorf("%s, key %d: the mean %v is %.1f standard errors from %v", parts[0], key, sum/n, off, mean)
			}
			if got := math.Sqrt(squares / n); !(math.Abs(got/deviation-1) < 0.05) {
				t.Errorf("%s, key %d: standard deviation %v, want %v", parts[0], key, got, deviation)
			}
			slices.Sort(x)
			for _, point := range strings.Fields(parts[2]) {
				at, probability, _ := strings.Cut(point, ":")
				below := sortedUpTo(x, float(at))
				if off := math.Abs(below - float(probability)); !(off < 1.95/math.Sqrt(n)) {
					t.Errorf("%s, key %d: %v are at most %s, want %s", parts[0], key, below, at, probability)
				}
			}
		}
	}
}

// sortedUpTo is the part of the sorted x that is at most v.
func sortedUpTo(x []float64, v float64) float64 {
	i, _ := slices.BinarySearch(x, math.Nextafter(v, math.Inf(1)))
	return float64(i) / float64(len(x))
}

// TestRandomIsRepeatable states what draws depend on: key and position.
func TestRandomIsRepeatable(t *testing.T) {
	for _, claim := range []string{
		// The published test vector of Philox4x32-10 for key 0 and counter 0.
		"all(random.bits(0, 2) == [-2204013331526194987, -7277575273911440308])",
		"all(random.uniform(k, 7) == random.uniform(k, 7))",
		"all(random.normal(k, 1000)[:7] == random.normal(k, 7))",
		"all(random.gamma(k, 0.5, 1000)[:7] == random.gamma(k, 0.5, 7))",
		"all(random.poisson(k, 50, 1000)[:7] == random.poisson(k, 50, 7))",
		"all(random.integers(k, 0, 100, (30, 2))[5] == random.integers(k, 0, 100, 60)[10:12])",
		"all(random.normal(random.split(k, 3), 4)[1] == random.normal(random.split(k, 3)[1], 4))",
		"all(random.gamma(random.split(k, 3), [2, 0.5])[1] == random.gamma(random.split(k, 3)[1], [2, 0.5]))",
		"all([random.uniform(random.fold_in(k, i)) for i in 0..5] == random.uniform(random.fold_in(k, 0..5)))",
		"all(sort(random.permutation(k, 1000)) == 0..1000)",
		"all(sort(random.choice(k, 50, 50, replace=false)) == 0..50)",
		"all(0 <= random.uniform(k, 100000) and random.uniform(k, 100000) < 1)",
		"all(random.gamma(k, 1e-3, 1000) >= 0) and all(isfinite(random.beta(k, 1e-3, 1e-3, 1000)))",
		"all(random.bernoulli(k, 1, 100)) and not any(random.bernoulli(k, 0, 100))",
		"all(random.poisson(k, 0, 100) == 0)",
		"all(random.integers(k, -9223372036854775807 - 1, 9223372036854775807, 100) < 9223372036854775807)",
		"len(unique(concatenate((random.split(k, 500), random.split(k + 1, 500), random.fold_in(k, 0..500))))) == 1500",
		"random.normal(k, 0).shape[0] == 0 and random.gamma(k, 2, (3, 0)).shape[0] == 3",
	} {
		value, code := evaluate("let k = random.key(2024)", claim, nil)
		if code != "" || !value.(*runtime.Array).Bool()[0] {
			t.Errorf("not so: %s, error %q", claim, code)
		}
	}
}

func TestRandomMistakes(t *testing.T) {
	for expression, want := range map[string]string{
		"random.integers(1, 3, 3)":                                     "out-of-range",
		"random.integers(1, [0, 5], [3, 4])":                           "out-of-range",
		"random.bernoulli(1, 1.5)":                                     "out-of-range",
		"random.bernoulli(1, nan)":                                     "out-of-range",
		"random.gamma(1, 0)":                                           "out-of-range",
		"random.beta(1, 2, [1, -1])":                                   "out-of-range",
		"random.poisson(1, -1)":                                        "out-of-range",
		"random.poisson(1, 1e19)":                                      "out-of-range",
		"random.choice(1, 5, 6, replace=false)":                        "out-of-range",
		"random.choice(1, 3, 3, replace=false, p=[1, 0, 1])":           "out-of-range",
		"random.choice(1, 2, p=[1, -1])":                               "out-of-range",
		"random.choice(1, 2, p=[0, 0])":                                "out-of-range",
		"random.choice(1, 0, 2)":                                       "out-of-range",
		"random.choice(1, 2, p=[1, 1, 1])":                             "shape-mismatch",
		"random.normal(1, 3, loc=[[1.0, 2, 3], [4, 5, 6]])":            "shape-mismatch",
		"random.uniform(1, 3, high=[1.0, 2])":                          "shape-mismatch",
		"random.uniform(1, -3)":                                        "shape-mismatch",
		"random.uniform(1.5)":                                          "type-mismatch",
		"random.multivariate_normal(1, [1, 2], [[1.0, 2], [2, 1]])":    "not-positive-definite",
		"random.multivariate_normal(1, [1, 2, 3], [[1.0, 0], [0, 1]])": "shape-mismatch",
	} {
		if value, code := evaluate("", expression, nil); code != want {
			t.Errorf("%s: got %v, error %q, want %s", expression, value, code, want)
		}
	}
}

// section is a part of a module's text.
func section(t *testing.T, module, from, to string) string {
	t.Helper()
	text, _ := stdlib.Source(module)
	start, end := strings.Index(text, from), strings.Index(text, to)
	if start < 0 || end < start {
		t.Fatalf("%s has no part from %q to %q", module, from, to)
	}
	return text[start:end]
}

// TestNormalQuantile holds the function that makes bits normal against values of
// 50 digits, to the ends that draws hardly reach.
func TestNormalQuantile(t *testing.T) {
	text := section(t, "random", "# z >= 0 with", "# Numbers of the normal distribution with a mean")
	for p, want := range map[float64]float64{
		0.5: 0, 0.4: 0.2533471031357997, 0.075: 1.439531470938456, 0.0749: 1.4402382675279637, 0.001: 3.0902323061678136,
		1.38e-11: 6.658838502850766, 1.39e-11: 6.657777073049202, 1e-12: 7.034483825301132, 0x1p-54: 8.292361075813595,
	} {
		value, code := evaluate(text+"input p: f64", "upper_quantile(p)", map[string]any{"p": runtime.Scalar(p)})
		if code != "" {
			t.Fatal(code)
		}
		if got := numbers(t, value)[0]; !(math.Abs(got-want) <= 1e-15*want) {
			t.Errorf("above %v is a part of %v, got %v", want, p, got)
		}
	}
}

func TestLogFactorial(t *testing.T) {
	text := section(t, "random", "# log(k!)", "# --- Orders and choices")
	for _, k := range []float64{0, 1, 2, 3, 5, 8, 9, 10, 11, 20, 100, 1e4, 1e8, 1e15, 9e18} {
		value, code := evaluate(text+"input k: f64", "log_factorial(k)", map[string]any{"k": runtime.Scalar(k)})
		if code != "" {
			t.Fatal(code)
		}
		want, _ := math.Lgamma(k + 1)
		if got := numbers(t, value)[0]; !(math.Abs(got-want) <= 2e-14*max(1, want)) {
			t.Errorf("log %v! is %v, got %v", k, want, got)
		}
	}
}
