package calx_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/calx-lang/calx"
)

// A script is compiled once, and run on Go values.
func Example() {
	program, err := calx.Compile(&calx.Source{Name: "mean.calx", Text: `
		input x: f64[n]
		print("of", n, "numbers")
		export let mean = sum(x) / n
		export let centred = x - mean
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	inputs := map[string]any{"x": []float64{1, 2, 6}}
	results, err := program.Run(context.Background(), inputs, calx.RunOptions{Output: os.Stdout})
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, err := calx.As[float64](results.Get("mean"))
	fmt.Println(mean, err)
	centred, err := calx.As[[]float64](results.Get("centred"))
	fmt.Println(centred, err)
	// Output:
	// of 3 numbers
	// 3 <nil>
	// [-2 -1 3] <nil>
}

// An exported function becomes a Go function. That their types agree is checked
// once, by Bind.
func ExampleBind() {
	program, err := calx.Compile(&calx.Source{Name: "decay.calx", Text: `
		export fn decay(x: f64[n], rate: f64) -> f64[n] = x * exp(-rate)
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	decay, err := calx.Bind[func([]float64, float64) ([]float64, error)](program, "decay")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(decay([]float64{1, 2}, 0))

	_, err = calx.Bind[func([]string, float64) ([]float64, error)](program, "decay")
	fmt.Println(err)
	// Output:
	// [1 2] <nil>
	// decay.calx:2:19: decay can't be bound: its parameter x is f64[n], and a []string can't be given for that
}

// Arrays of Go need not lie in row order: this one is every other column.
func ExampleArray() {
	program, err := calx.Compile(&calx.Source{Name: "sums.calx", Text: `
		export fn sums(a: f64[n, m]) -> f64[n] = sum(a, axis=1)
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	a := calx.Array{Shape: []int{2, 2}, Strides: []int{4, 2}, Data: []float64{
		1, 2, 3, 4,
		5, 6, 7, 8,
	}}
	sums, err := program.Call(context.Background(), "sums", a)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(calx.As[[]float64](sums))
	// Output:
	// [4 12] <nil>
}

// Structs are records, and several Go results a tuple.
func ExampleAs() {
	program, err := calx.Compile(&calx.Source{Name: "fit.calx", Text: `
		export fn fit(x: f64[n], y: f64[n]) -> {slope: f64, intercept: f64} {
			let slope = sum((x - mean(x)) * (y - mean(y))) / sum((x - mean(x))^2)
			{slope: slope, intercept: mean(y) - slope * mean(x)}
		}
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := program.Call(context.Background(), "fit", []float64{0, 1, 2}, []int{1, 3, 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	type line struct {
		Slope, Intercept float64
	}
	fmt.Println(calx.As[line](v))
	// Output:
	// {2 1} <nil>
}

// A mistake has a code and a place, whether it is found by the compiler or in a
// run.
func ExampleError() {
	_, err := calx.Compile(&calx.Source{Name: "wrong.calx", Text: `let y = zeros(3) + zeros(4)`}, calx.Options{})
	var mistake *calx.Error
	if errors.As(err, &mistake) {
		fmt.Println(mistake.Code, "in column", mistake.Span.Position().Column)
		fmt.Println(err)
	}
	// Output:
	// shape-mismatch in column 9
	// wrong.calx:1:9: these shapes do not broadcast: f64[3] + f64[4]
}

// What a script may use is for its host to say.
func ExampleProgram_With() {
	program, err := calx.Compile(&calx.Source{Name: "endless.calx", Text: `
		export fn count(x: f64) -> f64 {
			var k = x
			while true { k += 1 }
			k
		}
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	limited := program.With(calx.RunOptions{Limits: calx.Limits{Time: time.Second, Steps: 10_000, Memory: 1 << 20}})
	_, err = limited.Call(context.Background(), "count", 1)
	var mistake *calx.Error
	fmt.Println(errors.As(err, &mistake) && mistake.Code == "step-limit")
	// Output:
	// true
}

// What a function reads of the inputs is given to the program, once.
func ExampleProgram_WithInputs() {
	program, err := calx.Compile(&calx.Source{Name: "score.calx", Text: `
		input weights: f64[n]
		export fn score(x: f64[n]) -> f64 = weights @ x
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	trained, err := program.WithInputs(context.Background(), map[string]any{"weights": []float64{0.5, 2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	score, err := calx.Bind[func([]float64) (float64, error)](trained, "score")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(score([]float64{2, 3}))
	// Output:
	// 7 <nil>
}

// A script can do nothing but compute, and call what its host gives it.
func ExampleNewFunction() {
	rates := map[string]float64{"EUR": 1, "GBP": 1.25}
	rate, err := calx.NewFunction("rate", "(str) -> f64", func(currency string) (float64, error) {
		if r, ok := rates[currency]; ok {
			return r, nil
		}
		return 0, fmt.Errorf("no rate for %s", currency)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := calx.Compile(&calx.Source{Name: "price.calx", Text: `
		export fn euros(amounts: f64[n], currency: str) -> f64[n] = amounts * rate(currency)
	`}, calx.Options{Functions: []*calx.Function{rate}})
	if err != nil {
		fmt.Println(err)
		return
	}
	euros, err := calx.Bind[func([]float64, string) ([]float64, error)](program, "euros")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(euros([]float64{1, 2}, "GBP"))
	fmt.Println(euros([]float64{1, 2}, "XXX"))
	// Output:
	// [1.25 2.5] <nil>
	// [] price.calx:2:73: rate: no rate for XXX
}
