package bench_test

import (
	"testing"
	"time"

	"github.com/calx-lang/calx/bench"
)

// BenchmarkDerivative runs a function and its derivative by turns, and gives the
// median of how many times as long the derivative takes.
func BenchmarkDerivative(b *testing.B) {
	for _, d := range bench.Derivatives() {
		b.Run(d.Name, func(b *testing.B) {
			value, derived, err := d.Functions()
			if err != nil {
				b.Fatal(err)
			}
			var times [2][]float64
			var ratios []float64
			for b.Loop() {
				for i, run := range [2]func() error{value, derived} {
					start := time.Now()
					if err := run(); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], time.Since(start).Seconds())
				}
				turn := len(ratios)
				ratios = append(ratios, times[1][turn]/times[0][turn])
			}
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(1e6*median(times[0]), "value-µs")
			b.ReportMetric(1e6*median(times[1]), "derived-µs")
		})
	}
}
