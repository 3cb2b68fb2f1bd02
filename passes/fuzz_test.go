package passes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/passes"
)

// Every module that Verify accepts goes through the pipeline, and Verify accepts
// what comes out of each pass.
func FuzzPipeline(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split(string(data), "-- ")[1:] {
			_, body, _ := strings.Cut(part, " --\n")
			before, _, _ := strings.Cut(body, "=>\n")
			f.Add(before)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ir.Parse(text, nil)
		if err != nil || ir.Verify(m) != nil {
			return
		}
		if err := passes.Run(m, passes.Options{Verify: true}); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	})
}
