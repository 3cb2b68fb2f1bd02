package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// A painter keeps a prompt with a text, and the cursor, on the screen. It knows
// what it painted last, and writes what is other now.
type painter struct {
	out    io.Writer
	size   func() (columns, rows int)
	rows   []string // painted last, without line ends
	row    int      // of the cursor among them
	column int
}

const tabWidth = 2

// layout cuts a text into rows of the screen, and finds the cursor there.
func layout(head, text string, at, columns int) (rows []string, row, column int) {
	var b strings.Builder
	width := 0
	flush := func() {
		rows = append(rows, b.String())
		b.Reset()
		width = 0
	}
	put := func(cluster string, w int) {
		if width+w > columns && width > 0 {
			flush()
		}
		b.WriteString(cluster)
		width += w
	}
	place := func() {
		if width >= columns { // behind the last column is the next row
			flush()
		}
		row, column = len(rows), width
	}
	put(head, uniseg.StringWidth(head))
	rest, state := text, -1
	for rest != "" {
		if len(text)-len(rest) == at {
			place()
		}
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		switch cluster {
		case "\n", "\r\n":
			flush()
			put(continued, len(continued))
		case "\t":
			put(strings.Repeat(" ", tabWidth), tabWidth)
		default:
			put(cluster, w)
		}
	}
	if at == len(text) {
		place()
	}
	flush()
	return rows, row, column
}

// paint shows a text behind head. Of one that is higher than the screen the rows
// around the cursor are shown.
func (p *painter) paint(head, text string, at int) error {
	columns, height := p.size()
	rows, row, column := layout(head, text, at, columns)
	if len(rows) > height {
		top := min(max(0, row-height+1), len(rows)-height)
		rows, row = rows[top:top+height], row-top
	}
	var b strings.Builder
	same := 0
	for same < len(rows) && same < len(p.rows) && rows[same] == p.rows[same] {
		same++
	}
	if same < len(rows) || same < len(p.rows) {
		p.change(&b, rows, same)
	}
	p.move(&b, row, column)
	p.rows = rows
	_, err := io.WriteString(p.out, b.String())
	return err
}

// change writes the rows from the first on that is another than before.
func (p *painter) change(b *strings.Builder, rows []string, same int) {
	switch {
	case same == len(rows): // fewer than before
		p.move(b, same-1, uniseg.StringWidth(rows[same-1]))
		b.WriteString("\r\n\x1b[J")
		p.row, p.column = same, 0
		return
	case same < len(p.rows) && strings.HasPrefix(rows[same], p.rows[same]) && endsBetween(p.rows[same], rows[same]):
		p.move(b, same, uniseg.StringWidth(p.rows[same]))
		if same+1 < len(p.rows) {
			b.WriteString("\x1b[J")
		}
		b.WriteString(rows[same][len(p.rows[same]):])
	case same < len(p.rows):
		p.move(b, same, 0)
		b.WriteString("\x1b[J" + rows[same])
	default: // more than before
		if same > 0 {
			p.move(b, same-1, 0)
			b.WriteString("\r\n")
		}
		b.WriteString(rows[same])
	}
	for _, text := range rows[same+1:] {
		b.WriteString("\r\n" + text)
	}
	p.row, p.column = len(rows)-1, uniseg.StringWidth(rows[len(rows)-1])
}

// endsBetween reports whether a beginning of a row ends between characters, and
// where the cursor can stand.
func endsBetween(beginning, row string) bool {
	return uniseg.GraphemeClusterCount(beginning)+uniseg.GraphemeClusterCount(row[len(beginning):]) == uniseg.GraphemeClusterCount(row)
}

func (p *painter) move(b *strings.Builder, row, column int) {
	switch {
	case row < p.row:
		fmt.Fprintf(b, "\x1b[%dA", p.row-row)
	case row > p.row:
		fmt.Fprintf(b, "\x1b[%dB", row-p.row)
	}
	if row != p.row || column != p.column {
		b.WriteString("\r")
		if column > 0 {
			fmt.Fprintf(b, "\x1b[%dC", column)
		}
	}
	p.row, p.column = row, column
}

// resized repaints after the terminal has other columns: it is taken to cut long
// rows anew, as most do.
func (p *painter) resized(head, text string, at int) error {
	columns, height := p.size()
	above := p.column / columns
	for _, row := range p.rows[:min(p.row, len(p.rows))] {
		above += max(1, (uniseg.StringWidth(row)+columns-1)/columns)
	}
	var b strings.Builder
	if above = min(above, height-1); above > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", above)
	}
	b.WriteString("\r\x1b[J")
	p.forget()
	if _, err := io.WriteString(p.out, b.String()); err != nil {
		return err
	}
	return p.paint(head, text, at)
}

// forget begins anew where the cursor is, which stands at the start of a row.
func (p *painter) forget() { p.rows, p.row, p.column = nil, 0, 0 }

// leave goes below what is painted.
func (p *painter) leave(note string) error {
	var b strings.Builder
	if last := len(p.rows) - 1; last >= 0 {
		p.move(&b, last, uniseg.StringWidth(p.rows[last]))
	}
	p.forget()
	_, err := io.WriteString(p.out, b.String()+note+"\r\n")
	return err
}

// columned are words in columns, down first, in lines of so many columns.
func columned(words []string, columns int) []string {
	widest := 0
	for _, word := range words {
		widest = max(widest, uniseg.StringWidth(word))
	}
	across := max(1, (columns+1)/(widest+2))
	down := (len(words) + across - 1) / across
	lines := make([]string, down)
	for column := range slices.Chunk(words, max(1, down)) {
		for i, word := range column {
			lines[i] += word + strings.Repeat(" ", widest+2-uniseg.StringWidth(word))
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}
