package data_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/data"
)

// A table of text becomes an input, and results an archive that numpy.load reads.
func Example() {
	program, err := calx.Compile(&calx.Source{Name: "scale.calx", Text: `
		input table: f64[n, 2]
		export max(table, axis=0) as "largest"
		export table / max(table, axis=0) as "scaled"
	`}, calx.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	read, err := data.Read("scores.csv", "", []byte("hours,score\n3,75\n5,82\n10,93\n"), 1<<20)
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := read.Fit(program.Inputs()[0].Want)
	if err != nil {
		fmt.Println(err)
		return
	}
	results, err := program.Run(context.Background(), map[string]any{"table": table}, calx.RunOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var archive bytes.Buffer
	if err := data.WriteNPZ(&archive, results); err != nil {
		fmt.Println(err)
		return
	}
	back, err := data.ReadNPZ("results.npz", archive.Bytes(), 1<<20)
	if err != nil {
		fmt.Println(err)
		return
	}
	largest, err := back.Array("largest")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(calx.As[[]float64](largest.Value))
	// Output:
	// [10 93] <nil>
}
