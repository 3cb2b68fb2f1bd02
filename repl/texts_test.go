package repl

import (
	"bytes"
	"runtime"
	"testing"
)

// TestTexts: a text, as it is pasted, may hold several statements, functions
// that are declared anew, and commands on lines of their own; a mistake ends it.
func TestTexts(t *testing.T) {
	for _, test := range []struct{ text, shown string }{
		{"let a = f(1)\nfn f(x) = x + 1\na", "2\n"},
		{"fn f(x) = 1\nlet a = f(0)\nfn f(x) = 2\n(a, f(0))", "(1, 2)  # (i64, i64)\n"},
		{"fn f(x) = 1\nlet f = 3\nf", "3\n"},
		{"let f = 3\nlet g = f\nfn f(x) = 2\n(g, f(0))", "(3, 2)  # (i64, i64)\n"},
		{"let one = 1\n:type one\none + 1\n:vars nothing\none + 2", "i64\n2\nerror: :vars stands alone\n"},
		{"let v = [\n1,\n2]\n  :type v\n\n\n", "i64[2]\n"},
		{"let v = [1, 2, 3]\nv[\n:2]", "[1, 2]  # i64[2]\n"}, // no command: a bracket is open
		{":quit\n1 + 1", ""},
		{"", ""},
		{"# only a comment (\n", ""}, // the line that it may describe is empty
		{"# a comment\n:type 1", "i64\n"},
	} {
		var out bytes.Buffer
		s := onFiles(map[string]string{}, &out)
		if s.Incomplete(test.text) {
			t.Errorf("%q asks for another line", test.text)
		}
		if got := show(t, s, &out, test.text); got != test.shown {
			t.Errorf("%q shows %q, not %q", test.text, got, test.shown)
		}
	}
	var out bytes.Buffer
	s := onFiles(map[string]string{}, &out)
	for _, text := range []string{"[1,", ":type 1\nlet x = {", "let x = [\n:vars", "# of what follows"} {
		if !s.Incomplete(text) {
			t.Errorf("%q does not ask for another line", text)
		}
	}
}

// TestLayout: values are laid out for the columns of the terminal; the type
// stands below what leaves no room for it.
func TestLayout(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		shown   string
	}{
		{"arange(8)", 0, "[0, 1, 2, 3, 4, 5, 6, 7]  # i64[8]\n"},
		{"arange(8)", 34, "[0, 1, 2, 3, 4, 5, 6, 7]  # i64[8]\n"},
		{"arange(8)", 33, "[0, 1, 2, 3, 4, 5, 6, 7]\n# i64[8]\n"},
		{"arange(8)", 1, "[0, 1, 2, 3, 4, 5,\n 6, 7]\n# i64[8]\n"},
		{"{a: 1, b: \"日本\"}", 20, "{a: 1, b: \"日本\"}\n# {a: i64, b: str}\n"},
	} {
		var out bytes.Buffer
		s := onFiles(map[string]string{}, &out)
		s.Enter(t.Context(), test.text, func(e Event) {
			if err := Render(&out, e, Style{Columns: test.columns}); err != nil {
				t.Error(err)
			}
		})
		if out.String() != test.shown {
			t.Errorf("%s in %d columns:\n%swant:\n%s", test.text, test.columns, out.String(), test.shown)
		}
	}
}

// TestMemory: what no name stands for any longer is not kept.
func TestMemory(t *testing.T) {
	const size = 8 << 20 // of one value
	var out bytes.Buffer
	s := onFiles(map[string]string{}, &out)
	show(t, s, &out, "let step = 1.0", "let big = zeros(1024 * 1024)", "var v = zeros(1024 * 1024)", "fn f(x) = x + big")
	for range 10 {
		shown := show(t, s, &out, "ones(1024 * 1024)", "let big = big + step", "v = v + big", "v[0] = 1.0",
			"let g = x -> x + big", "let h = x -> x + v", "let (a, b) = (big, v * 2)", "f(1.0)[0]", "let big = zeros(1024 * 1024)")
		if bytes.Contains([]byte(shown), []byte("error")) {
			t.Fatal(shown)
		}
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.HeapAlloc > 12*size {
		t.Errorf("%d MiB are kept, and the names stand for six values of %d MiB", memory.HeapAlloc>>20, size>>20)
	}
	runtime.KeepAlive(s)
}
