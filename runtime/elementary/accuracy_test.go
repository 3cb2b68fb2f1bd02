package elementary

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"math"
	"testing"
)

// references holds exact values; testdata/references.py says how and writes it.
//
//go:embed testdata/references.bin
var references []byte

// point is an argument list with the exact value: rounded + missing ulp of rounded.
type point struct {
	arguments []float64
	rounded   float64
	missing   float64
}

func readReferences(t *testing.T) map[string][]point {
	t.Helper()
	sets := map[string][]point{}
	for rest := references; len(rest) > 0; {
		name := string(bytes.TrimRight(rest[:8], "\x00"))
		arity := int(binary.LittleEndian.Uint32(rest[8:]))
		points := make([]point, binary.LittleEndian.Uint32(rest[12:]))
		rest = rest[16:]
		double := func() float64 {
			x := math.Float64frombits(binary.LittleEndian.Uint64(rest))
			rest = rest[8:]
			return x
		}
		for i := range points {
			for range arity {
				points[i].arguments = append(points[i].arguments, double())
			}
			points[i].rounded = double()
			points[i].missing = float64(int16(binary.LittleEndian.Uint16(rest))) / (1 << 15)
			rest = rest[2:]
		}
		sets[name] = points
	}
	return sets
}

// errorInULP is |got - exact| in units in the last place of the exact value.
func errorInULP(got float64, p point) float64 {
	size := math.Abs(p.rounded)
	ulp := math.Nextafter(size, math.Inf(1)) - size
	if size == math.MaxFloat64 {
		ulp = size - math.Nextafter(size, 0)
	}
	distance := math.Abs((got-p.rounded)/ulp - p.missing)
	fraction, _ := math.Frexp(size)
	if below := p.missing != 0 && p.missing < 0 == (p.rounded > 0); below && fraction == 0.5 && size > minNormal {
		distance *= 2
	}
	return distance
}

func TestErrorsStayWithinTheStatedBounds(t *testing.T) {
	sets := readReferences(t)
	for _, bound := range Accuracy {
		if bound.Name == "sqrt" {
			continue // IEEE 754 requires it of the machine
		}
		points := sets[bound.Name]
		if len(points) < 2000 {
			t.Errorf("%s: only %d reference points", bound.Name, len(points))
		}
		var worst float64
		var where []float64
		for _, p := range points {
			var got float64
			if len(p.arguments) == 2 {
				got = pairFunctions[bound.Name].scalar(p.arguments[0], p.arguments[1])
			} else {
				got = functions[bound.Name].scalar(p.arguments[0])
			}
			if e := errorInULP(got, p); !(e <= worst) {
				worst, where = e, p.arguments
			}
		}
		t.Logf("%-6s %.3f ulp at %v (stated: %v)", bound.Name, worst, where, bound.ULP)
		if !(worst <= bound.ULP) {
			t.Errorf("%s: %.3f ulp at %v, stated are %v", bound.Name, worst, where, bound.ULP)
		}
	}
}
