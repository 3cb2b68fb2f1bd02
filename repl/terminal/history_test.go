package terminal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHistoryFile: texts are kept as they were, each once in succession, for the
// owner only, in a folder that is made for them.
func TestHistoryFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "history")
	texts := []string{"1", "fn f(x) {\n  x\n\n}", `"⏎ stays"`, "日本\t= 2"}
	h := readHistory(file)
	for _, text := range texts {
		h.add(text)
		h.add(text)
	}
	if got := readHistory(file).texts; !slices.Equal(got, texts) {
		t.Errorf("%q is remembered, not %q", got, texts)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is not for its owner only: %v, %v", info, err)
	}
}

// TestTwoHistories: sessions at the same time lose nothing of each other, also
// if another one cuts the file short in between.
func TestTwoHistories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	one, two := readHistory(file), readHistory(file)
	for i := range historyLimit {
		one.add(fmt.Sprint("one", i))
		two.add(fmt.Sprint("two", i))
	}
	third := readHistory(file)
	if len(third.texts) != historyLimit || third.texts[historyLimit-1] != fmt.Sprint("two", historyLimit-1) {
		t.Fatalf("%d texts are remembered", len(third.texts))
	}
	one.add("behind")
	again := readHistory(file)
	if n := len(again.texts); n != historyLimit || again.texts[n-1] != "behind" {
		t.Errorf("%d texts are remembered, the last is %q", n, again.texts[n-1])
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(names) != 1 {
		t.Errorf("beside the history are left %v", names)
	}
}

// TestNoHistory: what can't be read or written, or is nonsense, doesn't disturb
// a session.
func TestNoHistory(t *testing.T) {
	folder := t.TempDir()
	nonsense := filepath.Join(folder, "nonsense")
	content := "\xff\xfe\n\x00\x1b[2J\n\n  \n1 + 1\n" + strings.Repeat("x", 10)
	if err := os.WriteFile(nonsense, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := readHistory(nonsense).texts; !slices.Equal(got, []string{"1 + 1", "xxxxxxxxxx"}) {
		t.Errorf("%q is made of nonsense", got)
	}
	huge := filepath.Join(folder, "huge")
	if err := os.WriteFile(huge, []byte(strings.Repeat("y", 3*historyBytes)+"\nlast\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := readHistory(huge).texts; !slices.Equal(got, []string{"last"}) {
		t.Errorf("%d texts are made of a huge file", len(got))
	}
	for _, file := range []string{"", folder, os.DevNull, filepath.Join(nonsense, "below", "a", "file")} {
		h := readHistory(file)
		h.add("kept here")
		h.rewind("")
		if text, ok := h.previous("typed"); !ok || text != "kept here" {
			t.Errorf("%s: %q, %v", file, text, ok)
		}
		if text, ok := h.next(); !ok || text != "typed" {
			t.Errorf("%s: %q, %v", file, text, ok)
		}
	}
}
