package ast

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const (
	tabWidth = 4

	// Of a long line, some text around the marked places is shown: so many
	// bytes before the first, and at most so many in all.
	bytesBefore = 60
	bytesShown  = 160
)

// lines writes the lines that hold the marks, which are in order.
func (r *renderer) lines(src *Source, marks []mark) {
	shown := -1
	for len(marks) > 0 {
		line := marks[0].line
		if shown >= 0 && line > shown+1 {
			r.write("...", styleFrame)
			r.out.WriteByte('\n')
		}
		shown = line
		w := src.window(line, marks[0].start)
		n := 1
		for n < len(marks) && marks[n].line == line && marks[n].start < w.end {
			n++
		}
		r.write(padLeft(strconv.Itoa(line+1), r.gutter)+" |", styleFrame)
		r.out.WriteString(strings.TrimRight(" "+w.text, " ") + "\n")
		r.underline(w, marks[:n])
		marks = marks[n:]
	}
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-len(text))) + text
}

// A window is the part of a line that is shown.
type window struct {
	text       string
	start, end int   // in bytes of the source
	columns    []int // for each byte from start to end inclusive, the column where it is shown
}

// window shows a line, or what is around the byte at place if it is long.
func (src *Source) window(line, place int) window {
	start, end := src.bounds(line)
	var before, after string
	if end-start > bytesShown {
		if place-start > bytesBefore {
			start = place - bytesBefore
			for !utf8.RuneStart(src.Text[start]) && start < place {
				start++
			}
			before = "… "
		}
		if end-start > bytesShown {
			end = start + bytesShown
			for !utf8.RuneStart(src.Text[end]) {
				end--
			}
			after = " …"
		}
	}
	w := window{start: start, end: end, columns: make([]int, 0, end-start+1)}
	var out strings.Builder
	out.WriteString(before)
	column := uniseg.StringWidth(before)
	rest := src.Text[start:end]
	for state := -1; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		shown := cluster
		r, size := utf8.DecodeRuneInString(cluster)
		switch {
		case r == '\t':
			width = tabWidth - column%tabWidth
			shown = strings.Repeat(" ", width)
		case r == '\ufeff':
			shown, width = "", 0
		case r == utf8.RuneError && size == 1, isHidden(r):
			shown, width = "\ufffd", 1
		}
		for range len(cluster) {
			w.columns = append(w.columns, column)
		}
		out.WriteString(shown)
		column += width
	}
	w.columns = append(w.columns, column)
	out.WriteString(after)
	w.text = out.String()
	return w
}

// isHidden holds for characters that must not reach a terminal: controls, and
// those that change the direction of text.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// printable is text for one line of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if isHidden(r) {
			return '\ufffd'
		}
		return r
	}, text)
}

// column is where the byte at offset is shown.
func (w window) column(offset int) int {
	return w.columns[min(max(offset-w.start, 0), len(w.columns)-1)]
}

// underline writes carets below the marks and what is said of them: of the last
// beside its carets, of the others below, from right to left.
func (r *renderer) underline(w window, marks []mark) {
	type said struct {
		column int
		text   string
	}
	var carets []byte
	var below []said
	for _, m := range marks {
		start := w.column(m.start)
		end := max(w.column(m.end), start+1)
		for len(carets) < end {
			carets = append(carets, ' ')
		}
		for i := start; i < end; i++ {
			carets[i] = '^'
		}
		if m.text != "" {
			below = append(below, said{start, printable(m.text)})
		}
	}
	r.frameStart()
	r.write(string(carets), r.mark)
	last := marks[len(marks)-1]
	if last.text != "" && max(w.column(last.end), w.column(last.start)+1) == len(carets) {
		r.write(" "+printable(last.text), r.mark)
		below = below[:len(below)-1]
	}
	r.out.WriteByte('\n')
	for i, s := range slices.Backward(below) {
		row := strings.Builder{}
		for _, pending := range below[:i] {
			if column := pending.column; column >= row.Len() && column < s.column {
				row.WriteString(strings.Repeat(" ", column-row.Len()) + "|")
			}
		}
		row.WriteString(strings.Repeat(" ", s.column-row.Len()) + s.text)
		r.frameStart()
		r.write(row.String(), r.mark)
		r.out.WriteByte('\n')
	}
}

func (r *renderer) frameStart() {
	r.write(strings.Repeat(" ", r.gutter+1)+"|", styleFrame)
	r.out.WriteByte(' ')
}
