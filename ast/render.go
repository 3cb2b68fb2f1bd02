package ast

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Render writes diagnostics for people: each with its line of the source, the
// places marked, and what is said of them.
//
//	error: these shapes do not broadcast: f64[n, 3] + f64[4]
//	  --> fit.calx:12:13
//	   |
//	12 |   let r = y + w
//	   |           ^   ^ f64[4], from line 9
//	   |           f64[n, 3], parameter y
//	   = the last dimensions are 3 and 4; they must be equal, or one of them 1
//
// With color, the output holds the escape sequences of terminals.
func (ds Diagnostics) Render(w io.Writer, color bool) {
	out := bufio.NewWriter(w)
	defer out.Flush()
	for i, d := range ds {
		if i > 0 {
			out.WriteByte('\n')
		}
		r := renderer{out: out, color: color}
		r.diagnostic(d)
	}
}

// A style is the parameter of a terminal's escape sequence.
type style string

const (
	styleError   style = "1;31"
	styleWarning style = "1;33"
	styleMessage style = "1"
	styleFrame   style = "34"
)

type renderer struct {
	out    *bufio.Writer
	color  bool
	mark   style
	gutter int // columns of the line numbers
}

// A mark is a place on one line, in bytes of the source.
type mark struct {
	line       int // counted from 0
	start, end int
	text       string
}

func (r *renderer) diagnostic(d *Diagnostic) {
	word := "error"
	r.mark = styleError
	if d.Severity == Warning {
		word, r.mark = "warning", styleWarning
	}
	r.write(word+":", r.mark)
	r.write(" "+printable(d.Message), styleMessage)
	r.out.WriteByte('\n')

	sources, marks := collect(d)
	for _, src := range sources {
		for _, m := range marks[src] {
			r.gutter = max(r.gutter, len(strconv.Itoa(m.line+1)))
		}
	}
	for i, src := range sources {
		place := Span{Source: src, Start: int32(marks[src][0].start)}
		if i == 0 {
			place = d.primary()
		}
		r.write(strings.Repeat(" ", r.gutter)+"--> ", styleFrame)
		r.out.WriteString(printable(place.String()) + "\n")
		r.frame("|", "")
		r.lines(src, marks[src])
	}
	for _, note := range d.Notes {
		r.frame("=", " "+printable(note))
	}
	if d.Hint != "" {
		r.frame("=", " hint: "+printable(d.Hint))
	}
}

// primary is the place of d, or the first of its labels.
func (d *Diagnostic) primary() Span {
	if d.Span.IsValid() {
		return d.Span
	}
	for _, l := range d.Labels {
		if l.Span.IsValid() {
			return l.Span
		}
	}
	return Span{}
}

// collect gives the places to mark, by source and in order.
func collect(d *Diagnostic) ([]*Source, map[*Source][]mark) {
	var sources []*Source
	marks := map[*Source][]mark{}
	add := func(s Span, text string) {
		if !s.IsValid() {
			return
		}
		if marks[s.Source] == nil {
			sources = append(sources, s.Source)
		}
		marks[s.Source] = append(marks[s.Source], s.Source.marks(s, text)...)
	}
	if !d.isBetweenLabels() {
		add(d.Span, d.Label)
	}
	for _, l := range d.Labels {
		add(l.Span, l.Text)
	}
	if i := slices.Index(sources, d.Span.Source); i > 0 {
		sources[0], sources[i] = sources[i], sources[0]
	}
	for _, list := range marks {
		slices.SortStableFunc(list, func(a, b mark) int {
			return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.start, b.start))
		})
	}
	return sources, marks
}

// isBetweenLabels holds for an operator whose operands have labels: the labels
// say enough.
func (d *Diagnostic) isBetweenLabels() bool {
	if d.Label != "" || !d.Span.IsValid() {
		return false
	}
	line := d.Span.Source.lineAt(int(d.Span.Start))
	before, after := false, false
	for _, l := range d.Labels {
		if l.Span.Source != d.Span.Source || l.Span.Source.lineAt(int(l.Span.Start)) != line {
			continue
		}
		before = before || l.Span.End <= d.Span.Start
		after = after || l.Span.Start >= d.Span.End
	}
	return before && after
}

// lineAt is the line of the byte at offset, counted from 0.
func (src *Source) lineAt(offset int) int {
	line, found := slices.BinarySearch(src.index(), offset)
	if !found {
		line--
	}
	return max(line, 0)
}

// bounds are the first byte of a line and the byte behind its text.
func (src *Source) bounds(line int) (start, end int) {
	start = src.index()[line]
	return start, start + len(src.Line(line+1))
}

// marks are the places to mark for s: one, or the first and the last line of a
// place that stretches over several.
func (src *Source) marks(s Span, text string) []mark {
	length := len(src.Text)
	start := min(max(int(s.Start), 0), length)
	end := min(max(int(s.End), start), length)
	first := src.lineAt(start)
	last := first
	if end > start {
		last = src.lineAt(end - 1)
	}
	_, lineEnd := src.bounds(first)
	if first == last {
		return []mark{{first, start, max(start, min(end, lineEnd)), text}}
	}
	lastStart, lastEnd := src.bounds(last)
	indent := len(src.Text[lastStart:lastEnd]) - len(strings.TrimLeft(src.Text[lastStart:lastEnd], " \t"))
	return []mark{
		{first, start, max(start, lineEnd), ""},
		{last, min(lastStart+indent, end), min(end, lastEnd), text},
	}
}

// frame writes a line without a line number.
func (r *renderer) frame(sign, text string) {
	r.write(strings.Repeat(" ", r.gutter+1)+sign, styleFrame)
	r.out.WriteString(text + "\n")
}

func (r *renderer) write(text string, s style) {
	if r.color {
		text = "\x1b[" + string(s) + "m" + text + "\x1b[0m"
	}
	r.out.WriteString(text)
}
