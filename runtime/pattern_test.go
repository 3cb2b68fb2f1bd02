package runtime_test

import (
	"math"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// TestFormatPattern holds patterns against what printf of C writes.
func TestFormatPattern(t *testing.T) {
	inf := math.Inf(1)
	for _, row := range []struct {
		value   runtime.Value
		pattern string
		want    string
	}{
		{runtime.Scalar(float64(3.14159)), "%.3f", "3.142"},
		{runtime.Scalar(float64(3.14159)), "%8.3f|", "   3.142|"},
		{runtime.Scalar(float64(3.14159)), "%-8.3f|", "3.142   |"},
		{runtime.Scalar(float64(-3.14159)), "%08.3f", "-003.142"},
		{runtime.Scalar(float64(3.14159)), "%+g", "+3.14159"},
		{runtime.Scalar(float64(3.14159)), "% .1f", " 3.1"},
		{runtime.Scalar(float64(1234567)), "%.3g", "1.23e+06"},
		{runtime.Scalar(float64(100000)), "%g", "100000"},
		{runtime.Scalar(float64(1e-5)), "%g", "1e-05"},
		{runtime.Scalar(float64(0.5)), "%.0g", "0.5"},
		{runtime.Scalar(float64(2.5)), "%.0f", "2"},
		{runtime.Scalar(float64(1.5e300)), "%E", "1.500000E+300"},
		{runtime.Scalar(math.Copysign(0, -1)), "%.1f", "-0.0"},
		{runtime.Scalar(math.NaN()), "%+06.1f", "  +nan"},
		{runtime.Scalar(float64(-inf)), "%06.1f", "  -inf"},
		{runtime.Scalar(float64(50)), "%.0f%%", "50%"},
		{runtime.Scalar(float64(0.1)), "%s", "0.1"},
		{runtime.Scalar(int64(-42)), "%6d", "   -42"},
		{runtime.Scalar(int64(-42)), "%06d", "-00042"},
		{runtime.Scalar(int64(7)), "%.3d", "007"},
		{runtime.Scalar(int64(255)), "%x %%", "ff %"},
		{runtime.Scalar(int64(255)), "0x%X", "0xFF"},
		{runtime.Scalar(int64(math.MinInt64)), "%d", "-9223372036854775808"},
		{runtime.Scalar(int64(7)), "%.2f", "7.00"},
		{runtime.Vector([]float64{1, 22.5}), "%.2f", "[1.00, 22.50]"},
		{runtime.Vector([]float64{}), "%.2f", "[]"},
	} {
		p, err := ir.ParsePattern(row.pattern)
		if err != nil {
			t.Errorf("%q: %v", row.pattern, err)
			continue
		}
		if got := runtime.FormatPattern(row.value.(*runtime.Array), p); got != row.want {
			t.Errorf("%v by %q is %q, want %q", runtime.Format(row.value), row.pattern, got, row.want)
		}
	}
}

func TestPatternsThatAreNone(t *testing.T) {
	for _, pattern := range []string{"", "x", "%", "%5", "%.", "%y", "%d%d", "%%", "%1000d", "%.99999999999999999999f", "%#x", "%ld", "%5%"} {
		if p, err := ir.ParsePattern(pattern); err == nil {
			t.Errorf("%q is read as %+v", pattern, p)
		}
	}
}
