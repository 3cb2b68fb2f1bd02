package tests

import (
	"os"
	"strings"
	"testing"
)

// TestNumPyPage runs each line of the page for users of NumPy: the second column
// is an expression of Calx, the third its value.
func TestNumPyPage(t *testing.T) {
	const file = "../docs/numpy.md"
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	rows := 0
	for i, line := range lines {
		cells := strings.Split(line, "` | `")
		if len(cells) != 3 {
			continue
		}
		rows++
		value := strings.TrimSuffix(cells[2], "` |")
		got := cell(valueOf(t, cells[1]))
		if got == value {
			continue
		}
		if !*update {
			t.Errorf("%s:%d: %s is %s, and the page says %s (-update rewrites it)", file, i+1, cells[1], got, value)
		}
		lines[i] = cells[0] + "` | `" + cells[1] + "` | `" + got + "` |"
	}
	if rows == 0 {
		t.Fatalf("%s has no rows", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
