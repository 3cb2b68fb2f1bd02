package bench_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/calx-lang/calx/bench"
)

// BenchmarkCalx runs the programs: compiled once, run many times.
func BenchmarkCalx(b *testing.B) {
	for _, task := range bench.Tasks() {
		b.Run(task.Name, func(b *testing.B) {
			run, err := task.Calx()
			if err != nil {
				b.Fatal(err)
			}
			measure(b, task, run)
		})
	}
}

// BenchmarkGo does the same work in Go, or by gonum.
func BenchmarkGo(b *testing.B) {
	for _, task := range bench.Tasks() {
		if task.Go != nil {
			b.Run(task.Name, func(b *testing.B) { measure(b, task, task.Go()) })
		}
	}
}

// BenchmarkRatio runs both ways by turns, and gives the median of how many times as long Calx takes in a turn, and the
// median times. A transform of 65,537 numbers has that of 65,536 beside it.
func BenchmarkRatio(b *testing.B) {
	for _, task := range bench.Tasks() {
		if task.Name == "fft/65537" {
			power, _ := bench.Find("fft/65536")
			task.Go = power.Go
		}
		if task.Go == nil {
			continue
		}
		b.Run(task.Name, func(b *testing.B) {
			calx, err := task.Calx()
			if err != nil {
				b.Fatal(err)
			}
			ways := [2]bench.Run{calx, task.Go()}
			var times [2][]float64
			var ratios []float64
			for b.Loop() {
				for i, run := range ways {
					start := time.Now()
					if _, err := run(); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], time.Since(start).Seconds())
				}
				turn := len(ratios)
				ratios = append(ratios, times[0][turn]/times[1][turn])
			}
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(1e6*median(times[0]), "calx-µs")
			b.ReportMetric(1e6*median(times[1]), "go-µs")
		})
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

func measure(b *testing.B, task bench.Task, run bench.Run) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(task.Work), "ns/"+task.Unit)
}

// What is compared does the same: the numbers that come out are equal, up to
// rounding.
func TestTasksDoTheSameWork(t *testing.T) {
	for _, task := range bench.Tasks() {
		t.Run(task.Name, func(t *testing.T) {
			if testing.Short() && task.Work > 100_000 {
				t.Skip("large tasks are left out of a short run")
			}
			run, err := task.Calx()
			if err != nil {
				t.Fatal(err)
			}
			got, err := run()
			if err != nil {
				t.Fatal(err)
			}
			if task.Go == nil {
				return
			}
			want, err := task.Go()()
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, want)
		})
	}
}

func compare(t *testing.T, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("there are %d numbers, and %d in Go", len(got), len(want))
	}
	const tolerance = 1e-9
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= tolerance*(1+math.Abs(w))) {
			t.Fatalf("number %d is %v, and in Go %v", i, got[i], w)
		}
	}
}

// A loop that assigns to the elements of an array changes it in place: a run
// takes a few arrays of memory, however many assignments it makes.
func TestAssignmentsCopyNothing(t *testing.T) {
	const most = 4 // the array, what is summed, and some small change
	for _, name := range []string{"assignments/1e4", "assignments/1e5"} {
		task, ok := bench.Find(name)
		if !ok {
			t.Fatalf("there is no task %s", name)
		}
		run, err := task.Calx()
		if err != nil {
			t.Fatal(err)
		}
		result := testing.Benchmark(func(b *testing.B) { measure(b, task, run) })
		if bytes := result.AllocedBytesPerOp(); bytes > int64(most*8*task.Work) {
			t.Errorf("%s: a run takes %d bytes, and the array has %d", name, bytes, 8*task.Work)
		}
	}
}
