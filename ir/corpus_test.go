package ir_test

import (
	"os"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
)

type file struct{ Name, Data string }

// archive reads the files of a txtar archive: each after "-- name --".
func archive(t testing.TB, name string) []file {
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var files []file
	for _, part := range strings.Split(string(data), "\n-- ")[1:] {
		name, text, _ := strings.Cut(part, " --\n")
		files = append(files, file{name, strings.TrimSuffix(text, "\n") + "\n"})
	}
	return files
}

func TestValid(t *testing.T) {
	for _, file := range archive(t, "valid.txtar") {
		t.Run(file.Name, func(t *testing.T) { roundTrip(t, file.Data) })
	}
}

func TestInvalid(t *testing.T) {
	for _, file := range archive(t, "invalid.txtar") {
		t.Run(file.Name, func(t *testing.T) {
			comment, text, _ := strings.Cut(file.Data, "\n")
			message := strings.TrimPrefix(comment, "# ")
			m, err := ir.Parse(text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := ir.Verify(m); err == nil || !strings.Contains(err.Error(), message) {
				t.Errorf("got %v, not %q", err, message)
			}
		})
	}
}

// Whatever is read prints as a text that reads as the same, and neither that
// nor Verify panics.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"valid.txtar", "invalid.txtar"} {
		for _, file := range archive(f, name) {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ir.Parse(text, nil)
		if err != nil {
			return
		}
		_ = ir.Verify(m)
		printed := m.String()
		again, err := ir.Parse(printed, nil)
		if err != nil {
			t.Fatalf("%v in\n%s", err, printed)
		}
		if got := again.String(); got != printed {
			t.Fatalf("got\n%s\nfrom\n%s", got, printed)
		}
	})
}
