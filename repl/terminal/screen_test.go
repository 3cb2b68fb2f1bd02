package terminal

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

// A model is the screen of a terminal, as far as painters use one.
type model struct {
	columns, height int
	rows            [][]string // a cell is a character; behind a wide one stands an empty cell
	row, column     int
	scrolled        int
}

func (m *model) size() (columns, rows int) { return m.columns, m.height }

func (m *model) cell(row, column int) *string {
	for len(m.rows) <= row {
		m.rows = append(m.rows, nil)
	}
	for len(m.rows[row]) <= column {
		m.rows[row] = append(m.rows[row], " ")
	}
	return &m.rows[row][column]
}

func (m *model) Write(p []byte) (int, error) {
	rest, state := string(p), -1
	for rest != "" {
		if sequence, ok := strings.CutPrefix(rest, "\x1b["); ok {
			i := strings.IndexFunc(sequence, func(r rune) bool { return r >= '@' })
			m.control(sequence[:i], sequence[i])
			rest, state = sequence[i+1:], -1
			continue
		}
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		m.put(cluster, width)
	}
	return len(p), nil
}

func (m *model) put(cluster string, width int) {
	switch cluster {
	case "\r\n":
		m.column = 0
		m.row++
	case "\r":
		m.column = 0
	default:
		if m.column+width > m.columns {
			panic(fmt.Sprintf("%q is written across the edge", cluster))
		}
		*m.cell(m.row, m.column) = cluster
		for i := 1; i < width; i++ {
			*m.cell(m.row, m.column+i) = ""
		}
		m.column += width
	}
	if m.row >= m.height {
		m.rows = m.rows[1:]
		m.row--
		m.scrolled++
	}
}

func (m *model) control(argument string, final byte) {
	n := 1
	fmt.Sscan(argument, &n)
	switch final {
	case 'A':
		m.row = max(0, m.row-n)
	case 'B':
		m.row = min(m.height-1, m.row+n)
	case 'C':
		m.column = min(m.columns-1, m.column+n)
	case 'J':
		m.cell(m.row, m.column)
		m.rows[m.row] = m.rows[m.row][:m.column]
		m.rows = m.rows[:m.row+1]
	default:
		panic("an unknown sequence")
	}
}

func (m *model) text() (rows []string) {
	for _, row := range m.rows {
		rows = append(rows, strings.TrimRight(strings.Join(row, ""), " "))
	}
	return rows
}

// TestPaint: whatever is typed, the screen shows the text as if it were painted
// at once, or the rows of it around the cursor.
func TestPaint(t *testing.T) {
	characters := rapid.SampledFrom([]string{"a", "b", " ", "(", "日", "é", "e\u0301", "α\u0302", "👩‍🚀", "\n", "\t"})
	keys := rapid.SampledFrom([]keyKind{
		backspace, deleted, left, right, home, end, wordLeft, wordRight, killWordLeft, killWordRight,
		killToStart, killToEnd, yank, transpose, newline,
	})
	rapid.Check(t, func(t *rapid.T) {
		screen := &model{columns: rapid.IntRange(4, 12).Draw(t, "columns"), height: rapid.IntRange(1, 8).Draw(t, "rows")}
		p := painter{out: screen, size: screen.size}
		var edited text
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			if rapid.IntRange(0, 2).Draw(t, "edits") == 0 {
				edited.press(key{kind: keys.Draw(t, "key")})
			} else {
				edited.press(key{inserted, strings.Join(rapid.SliceOfN(characters, 1, 6).Draw(t, "typed"), "")})
			}
			if rapid.Bool().Draw(t, "unseen") {
				continue
			}
			if err := p.paint(prompt, edited.text, edited.at); err != nil {
				t.Fatal(err)
			}
			rows, row, column := layout(prompt, edited.text, edited.at, screen.columns)
			screen.cell(screen.row, 0)
			got := screen.text()
			if len(rows) <= screen.height && screen.scrolled == 0 {
				for i := range rows {
					rows[i] = strings.TrimRight(rows[i], " ")
				}
				if strings.TrimRight(strings.Join(got, "\n"), "\n") != strings.TrimRight(strings.Join(rows, "\n"), "\n") {
					t.Fatalf("%q is painted as %q, not %q", edited.text, got, rows)
				}
				if screen.row != row || screen.column != column {
					t.Fatalf("the cursor is at %d:%d, not %d:%d", screen.row, screen.column, row, column)
				}
			} else if len(rows) > screen.height {
				if want := strings.TrimRight(rows[row], " "); got[screen.row] != want || screen.column != column {
					t.Fatalf("the row of the cursor is %q, not %q", got[screen.row], want)
				}
			}
		}
	})
}

// TestText: keys on texts with wide and composed characters.
func TestText(t *testing.T) {
	for _, test := range []struct {
		typed string
		keys  []keyKind
		want  string // with | at the cursor
	}{
		{"日本", []keyKind{left}, "日|本"},
		{"xe\u0301", []keyKind{backspace}, "x|"},
		{"let alpha = beta", []keyKind{killWordLeft, wordLeft, yank}, "let beta|alpha = "},
		{"ab", []keyKind{transpose}, "ba|"},
		{"ab", []keyKind{home, transpose}, "|ab"},
		{"日e\u0301", []keyKind{left, transpose}, "e\u0301日|"},
		{"one\ntwo", []keyKind{home, left, backspace}, "on|\ntwo"},
		{"one\ntwo", []keyKind{home, backspace}, "one|two"},
		{"", []keyKind{backspace, deleted, left, right, transpose, yank, killToEnd, wordLeft, wordRight}, "|"},
	} {
		var edited text
		edited.press(key{pasted, test.typed})
		for _, kind := range test.keys {
			edited.press(key{kind: kind})
		}
		if got := edited.text[:edited.at] + "|" + edited.text[edited.at:]; got != test.want {
			t.Errorf("%q: %q, not %q", test.typed, got, test.want)
		}
	}
	edited := text{text: "日本\nabc", at: len("日本\nabc")}
	if !edited.lineUp() || edited.at != len("日本") || edited.lineUp() || !edited.lineDown() || edited.at != len("日本\nabc") || edited.lineDown() {
		t.Errorf("the cursor is at %d", edited.at)
	}
}

// TestKeyboard: keys are the same wherever the bytes of a terminal are cut.
func TestKeyboard(t *testing.T) {
	sent := "a日\x1b[A\x1bOB\x1b[3~\x1b[1;5C\x1bb\x1b[200~p\r\nq\x1b[Z日\x1b[201~\t\x1b[99~\r\xffz"
	keys := func(pieces ...string) string {
		var k keyboard
		var found strings.Builder
		for _, piece := range pieces {
			k.bytes = append(k.bytes, piece...)
			for pressed, ok := k.next(); ok; pressed, ok = k.next() {
				if pressed.kind == pasted {
					found.WriteString(clean(pressed.text))
				} else {
					fmt.Fprintf(&found, "<%d %s>", pressed.kind, pressed.text)
				}
			}
		}
		return found.String()
	}
	want := keys(sent)
	if !strings.Contains(want, "p\nq[Z日") {
		t.Errorf("what is pasted becomes %q", want)
	}
	for i := range sent {
		if got := keys(sent[:i], sent[i:]); got != want {
			t.Errorf("cut at %d: %q, not %q", i, got, want)
		}
	}
	if got := keys(strings.Split(sent, "")...); got != want {
		t.Errorf("one by one: %q, not %q", got, want)
	}
}
