package data

import (
	"strings"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

// A Table is a CSV text: rows of equally many cells. It is a Value: all columns
// as a matrix, or a record of columns by name.
type Table struct {
	source *ast.Source
	names  []string // nil without a header
	width  int
	cells  []cell // row by row
}

// A cell is a range of bytes of the text, with its quotes, without the spaces
// around it.
type cell struct{ start, end int32 }

// ReadCSV reads a table. Cells are separated by commas (or by tabs or
// semicolons, if the first row has no comma), may stand in double quotes, and
// empty lines don't count. The first row is a header if none of its cells is a
// number.
func ReadCSV(source *ast.Source) (*Table, error) {
	if err := readable(source); err != nil {
		return nil, err
	}
	s := &csvScanner{source: source, text: source.Text, separator: ','}
	if strings.HasPrefix(s.text, "\ufeff") {
		s.at = len("\ufeff")
	}
	s.skipEmptyLines()
	if s.at == len(s.text) {
		return nil, bad(source, 0, 0, "%s is empty", source.Name)
	}
	s.separator = findSeparator(s.text[s.at:])
	t := &Table{source: source}
	for s.at < len(s.text) {
		start, before := s.at, len(t.cells)
		var err error
		if t.cells, err = s.row(t.cells); err != nil {
			return nil, err
		}
		width := len(t.cells) - before
		if before == 0 {
			t.width = width
		}
		if width != t.width {
			return nil, bad(source, start, s.rowEnd, "this row has %s, those above it %d", count(width, "cell"), t.width)
		}
		s.skipEmptyLines()
	}
	t.takeHeader()
	return t, nil
}

// readable reports a text that is too long or not UTF-8.
func readable(source *ast.Source) error {
	text := source.Text
	if len(text) > maxText {
		return bad(nil, 0, 0, "%s is larger than 2 GiB", source.Name)
	}
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return bad(source, 0, 0, "%s is UTF-16; save it as UTF-8", source.Name)
	}
	if utf8.ValidString(text) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return bad(source, at, at+1, "%s is not UTF-8: byte %#x", source.Name, text[at])
		}
		at += size
	}
}

func findSeparator(text string) byte {
	row, _, _ := strings.Cut(text, "\n")
	quoted := false
	found := byte(',')
	for i := range len(row) {
		switch c := row[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			return c
		case (c == '\t' || c == ';') && found == ',':
			found = c
		}
	}
	return found
}

func (t *Table) takeHeader() {
	for i := range t.width {
		if isNumber(t.text(t.cells[i])) {
			return
		}
	}
	for i := range t.width {
		t.names = append(t.names, t.text(t.cells[i]))
	}
	t.cells = t.cells[t.width:]
}

// text is what a cell says.
func (t *Table) text(c cell) string {
	s := t.source.Text[c.start:c.end]
	if len(s) > 0 && s[0] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return s
}

// Rows is the number of rows below the header.
func (t *Table) Rows() int { return len(t.cells) / t.width }

// Names are the names of the columns, nil if there is no header.
func (t *Table) Names() []string { return t.names }

type csvScanner struct {
	source    *ast.Source
	text      string
	at        int // the byte that comes next
	rowEnd    int // where the last row ended
	separator byte
}

func (s *csvScanner) skipEmptyLines() {
	for i := s.at; i < len(s.text); i++ {
		switch s.text[i] {
		case '\n', '\r':
			s.at = i + 1
		case ' ':
		default:
			return
		}
	}
	s.at = len(s.text)
}

// row appends the cells of the row that begins here.
func (s *csvScanner) row(cells []cell) ([]cell, error) {
	for {
		c, err := s.cell()
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
		s.rowEnd = s.at
		if s.at == len(s.text) {
			return cells, nil
		}
		end := s.text[s.at]
		s.at++
		if end == s.separator {
			continue
		}
		if end == '\r' && s.at < len(s.text) && s.text[s.at] == '\n' {
			s.at++
		}
		return cells, nil
	}
}

// cell reads up to the separator or the end of the line.
func (s *csvScanner) cell() (cell, error) {
	for s.at < len(s.text) && s.isSpace(s.text[s.at]) {
		s.at++
	}
	start := s.at
	if s.at < len(s.text) && s.text[s.at] == '"' {
		return s.quoted()
	}
	for s.at < len(s.text) && !s.endsCell(s.text[s.at]) {
		s.at++
	}
	end := s.at
	for end > start && s.isSpace(s.text[end-1]) {
		end--
	}
	return cell{int32(start), int32(end)}, nil
}

func (s *csvScanner) quoted() (cell, error) {
	start := s.at
	for s.at++; ; s.at++ {
		length := strings.IndexByte(s.text[s.at:], '"')
		if length < 0 {
			return cell{}, bad(s.source, start, start+1, "this quote is never closed")
		}
		s.at += length + 1
		if s.at == len(s.text) || s.text[s.at] != '"' {
			break
		}
	}
	end := s.at
	for s.at < len(s.text) && s.isSpace(s.text[s.at]) {
		s.at++
	}
	if s.at < len(s.text) && !s.endsCell(s.text[s.at]) {
		return cell{}, bad(s.source, s.at, s.at+1, "text follows a quoted cell; inside quotes a quote is written twice")
	}
	return cell{int32(start), int32(end)}, nil
}

func (s *csvScanner) isSpace(c byte) bool { return (c == ' ' || c == '\t') && c != s.separator }

func (s *csvScanner) endsCell(c byte) bool { return c == s.separator || c == '\n' || c == '\r' }
