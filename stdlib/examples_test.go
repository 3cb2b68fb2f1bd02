package stdlib_test

import (
	"strings"
	"testing"

	"github.com/calx-lang/calx/stdlib"
)

// TestLibraryExamples runs what the comments of the core and of linalg show, and
// demands an example, on the last line of its comment, of each of their functions.
func TestLibraryExamples(t *testing.T) {
	for _, module := range []string{"core", "fft", "linalg", "numeric", "random", "sparse"} {
		text, _ := stdlib.Source(module)
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			head, isFunction := strings.CutPrefix(line, "export fn ")
			if !isFunction {
				continue
			}
			name, _, _ := strings.Cut(head, "(")
			if module != "core" {
				name = module + "." + name
			}
			example, ok := strings.CutPrefix(lines[i-1], "# Example: ")
			if !ok || !strings.HasPrefix(example, name+"(") {
				t.Errorf("%s.calx:%d: %s has no example of itself", module, i+1, name)
				continue
			}
			if value, code := evaluate("", example, nil); code != "" || value == nil {
				t.Errorf("%s.calx:%d: %s: error %s", module, i, example, code)
			}
		}
	}
}
