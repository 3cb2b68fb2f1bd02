package ast

import "testing"

func TestPosition(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		want   Position
	}{
		{"", 0, Position{1, 1}},
		{"ab", 2, Position{1, 3}},
		{"a\nb", 2, Position{2, 1}},
		{"é=1", 2, Position{1, 2}},
		{"\ufeffx", 3, Position{1, 1}},
		{"\ufeffx\ny", 5, Position{2, 1}},
	} {
		if got := (&Source{Text: c.text}).Position(c.offset); got != c.want {
			t.Errorf("position of byte %d in %q: %v, want %v", c.offset, c.text, got, c.want)
		}
	}
}
