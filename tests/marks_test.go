package tests

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// A mark is a comment in the program of a case that says what becomes of keys.
type mark struct {
	kind string // one of keyMarks or otherMarks, "not yet", "not offered"
	key  string // of the last two a key, or the beginning of several and "*"
	rest string // behind the colon
}

var (
	keyMarks   = []string{"error", "fails", "shape", "dtype"}
	otherMarks = []string{"same", "code", "function"}
)

func readMarks(t *testing.T, source *ast.Source) (marks []mark) {
	t.Helper()
	for line := range strings.Lines(source.Text) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
		if !ok {
			continue
		}
		for _, kind := range []string{"not yet", "not offered"} {
			if keys, ok := strings.CutPrefix(text, kind+": "); ok {
				for key := range strings.SplitSeq(keys, ", ") {
					marks = append(marks, mark{kind: kind, key: key})
				}
			}
		}
		for _, kind := range slices.Concat(keyMarks, otherMarks) {
			if body, ok := strings.CutPrefix(text, kind+` "`); ok {
				quoted, err := strconv.QuotedPrefix(`"` + body)
				rest, ok := strings.CutPrefix(`"`+body, quoted+": ")
				if err != nil || !ok {
					t.Fatalf("%s: this mark is no %s \"KEY\": …: %s", source.Name, kind, line)
				}
				key, _ := strconv.Unquote(quoted)
				marks = append(marks, mark{kind, key, rest})
			}
		}
	}
	return marks
}

// markOf is the mark for a key, nil if there is none.
func markOf(key string, marks []mark) *mark {
	for i, m := range marks {
		if slices.Contains(otherMarks, m.kind) {
			continue
		}
		if begin, several := strings.CutSuffix(m.key, "*"); m.key == key || several && strings.HasPrefix(key, begin) {
			return &marks[i]
		}
	}
	return nil
}
