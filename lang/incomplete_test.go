package lang

import "testing"

func TestIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"":                               false,
		"1 + 1":                          false,
		"1 +":                            true,
		"1 + # the rest":                 true,
		"[1, 2":                          true,
		"[1, 2,":                         true,
		"[1, 2]":                         false,
		"fn f(x) =":                      true,
		"fn f(x) {":                      true,
		"fn f(x) {\n\n  x":               true,
		"fn f(x) {\n  x\n}":              false,
		"let y = (1\nlet z = 2":          false, // a statement begins: y is a mistake
		"f(x":                            true,
		"f(x))":                          false, // a mistake, which no further line mends
		"# twice a number":               true,
		"# twice a number\nfn f(x) = 2x": false,
		"# a remark\n":                   true,
		"# a remark\n\n":                 false,
		"\"text":                         false,
		"x ->":                           true,
		"\xff(":                          false,
	} {
		if got := Incomplete(text); got != want {
			t.Errorf("Incomplete(%q) = %v", text, got)
		}
	}
}
