package main

import (
	"context"
	"fmt"
	"time"

	"github.com/calx-lang/calx"
)

const firstFormula = `# Income counts in euros, and with a falling weight.
export fn score(income: f64[n], age: f64[n], currency: str) -> f64[n] {
  let euros = income * rate(currency)
  log1p(euros / 1000) + where(age < 30, 0.5, 0.0)
}
`

// limits are what a formula may use of the machine for one answer.
var limits = calx.Limits{Time: 200 * time.Millisecond, Steps: 1_000_000, Memory: 64 << 20, Depth: 200}

// A scoring is the formula as a Go function.
type scoring func(ctx context.Context, income, age []float64, currency string) ([]float64, error)

// A formula is a script that was compiled; it doesn't change.
type formula struct {
	text  string
	score scoring
}

func newFormula(text string, functions []*calx.Function) (*formula, error) {
	program, err := calx.Compile(&calx.Source{Name: "formula", Text: text}, calx.Options{Functions: functions})
	if err != nil {
		return nil, err
	}
	score, err := calx.Bind[scoring](program.With(calx.RunOptions{Limits: limits}), "score")
	if err != nil {
		return nil, err
	}
	return &formula{text, score}, nil
}

// hostFunctions are what formulas may call beside the built-in functions.
func hostFunctions() ([]*calx.Function, error) {
	rates := map[string]float64{"EUR": 1, "CHF": 1.05, "USD": 0.92}
	rate, err := calx.NewFunction("rate", "(str) -> f64", func(currency string) (float64, error) {
		if r, ok := rates[currency]; ok {
			return r, nil
		}
		return 0, fmt.Errorf("there is no rate for %q", currency)
	})
	if err != nil {
		return nil, err
	}
	return []*calx.Function{rate.Pure()}, nil
}
