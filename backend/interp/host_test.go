package interp

import (
	"context"
	"errors"
	goruntime "runtime"
	"testing"
	"time"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

const callsHost = `
main func main[](x: f64) -> (f64) {
  y: f64 = host["f"] x
  return y
}`

// Whatever a host function waits for, the run ends with its deadline.
func TestHostFunctionsThatBlock(t *testing.T) {
	p := compile(t, callsHost, Tuning{})
	release := make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := p.Run(ctx, values(1.5), nil, Options{Hosts: map[string]HostFunc{
		"f": func(context.Context, []runtime.Value) ([]runtime.Value, error) { <-release; return values(2.5), nil },
	}})
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != ast.CodeTimeLimit {
		t.Error(err)
	}
}

func TestHostFunctionsThatEndTheirGoroutine(t *testing.T) {
	p := compile(t, callsHost, Tuning{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := p.Run(ctx, values(1.5), nil, Options{Hosts: map[string]HostFunc{
		"f": func(context.Context, []runtime.Value) ([]runtime.Value, error) { goruntime.Goexit(); return nil, nil },
	}})
	if !errors.Is(err, errNeverReturned) {
		t.Error(err)
	}
}

// An error of a host function is the cause of the run's, which has a place.
func TestCausesOfHostFunctions(t *testing.T) {
	p := compile(t, callsHost, Tuning{})
	cause := &ast.Diagnostic{Code: ast.CodeIndex, Message: "of another program"}
	_, err := p.Run(context.Background(), values(1.5), nil, Options{Hosts: map[string]HostFunc{
		"f": func(context.Context, []runtime.Value) ([]runtime.Value, error) { return nil, cause },
	}})
	var d *ast.Diagnostic
	if !errors.As(err, &d) || d.Code != ast.CodeHostFunction || !errors.Is(err, cause) {
		t.Error(err)
	}
}

// What a host function does later with what it gave changes no result.
func TestResultsOfHostFunctionsAreCopied(t *testing.T) {
	p := compile(t, `
main func main[](x: f64[2]) -> (f64[2], f64[2]) {
  y: f64[2] = host["f"] x
  z: f64[2] = host["f"] y
  return y, z
}`, Tuning{})
	kept := runtime.Vector([]float64{0, 0})
	results, err := p.Run(context.Background(), values([]float64{1, 2}), nil, Options{Hosts: map[string]HostFunc{
		"f": func(context.Context, []runtime.Value) ([]runtime.Value, error) {
			kept.F64()[0]++
			return []runtime.Value{kept}, nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := runtime.Format(runtime.Tuple(results)); got != "([1.0, 0.0], [2.0, 0.0])" {
		t.Error(got)
	}
}
