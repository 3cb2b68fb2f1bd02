package stdlib_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/stdlib"
)

func TestModules(t *testing.T) {
	modules := stdlib.Modules()
	if !slices.Equal(modules, []string{"core", "fft", "linalg", "numeric", "random", "sparse"}) {
		t.Errorf("modules: %v", modules)
	}
	for _, name := range modules {
		text, ok := stdlib.Source(name)
		if !ok || !strings.Contains(text, "export fn ") {
			t.Errorf("%s has no functions", name)
		}
		if stdlib.IsPlanned(name) {
			t.Errorf("%s is there and planned", name)
		}
	}
	for _, name := range []string{"", "nothing", "../stdlib", "ode"} {
		if _, ok := stdlib.Source(name); ok {
			t.Errorf("there is a module %q", name)
		}
	}
	if !stdlib.IsPlanned("ode") || stdlib.IsPlanned("core") || stdlib.IsPlanned("nothing") {
		t.Error("ode is planned, core and nothing are not")
	}
	if !slices.IsSorted(stdlib.Planned()) {
		t.Errorf("not in order: %v", stdlib.Planned())
	}
}

// TestDocumented looks that each exported function has a comment right above.
func TestDocumented(t *testing.T) {
	for _, name := range stdlib.Modules() {
		text, _ := stdlib.Source(name)
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			if strings.HasPrefix(line, "export fn ") && (i == 0 || !strings.HasPrefix(lines[i-1], "#")) {
				t.Errorf("%s.calx:%d: %s has no comment", name, i+1, line)
			}
		}
	}
}
