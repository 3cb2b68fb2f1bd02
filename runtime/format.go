package runtime

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/calx-lang/calx/ir"
)

const (
	formatWidth = 112  // columns that a line should take, if nobody says
	formatAll   = 1000 // arrays with more elements are shown in part
	formatEdge  = 3    // how much of an axis is shown at each end then
)

// Format is v as people read it. Floats are the shortest text that reads back,
// and keep their ".0", so that the dtype shows; the columns of an array are
// aligned, the middle of a large one is left out.
func Format(v Value) string { return FormatIn(v, formatWidth) }

// FormatIn is Format in lines of so many columns, where elements and texts fit.
func FormatIn(v Value, columns int) string {
	switch v := v.(type) {
	case *Array:
		return formatWith(v, v.element, columns)
	case Text:
		return string(v)
	case Tuple:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = formatPart(part, columns-2)
		}
		if len(parts) == 1 {
			return "(" + parts[0] + ",)"
		}
		return "(" + join(parts, columns-2) + ")"
	case Record:
		parts := make([]string, len(v.Values))
		for i, part := range v.Values {
			head := v.Names[i] + ": "
			width := utf8.RuneCountInString(head)
			parts[i] = head + indent(formatPart(part, columns-2-width), width)
		}
		return "{" + join(parts, columns-2) + "}"
	}
	return ""
}

// formatPart is v inside another value: a text is quoted.
func formatPart(v Value, columns int) string {
	if text, ok := v.(Text); ok {
		return strconv.Quote(string(text))
	}
	return FormatIn(v, columns)
}

// join puts parts on one line, or each on its own if they don't fit there.
func join(parts []string, columns int) string {
	line := strings.Join(parts, ", ")
	if !strings.Contains(line, "\n") && utf8.RuneCountInString(line) <= columns {
		return line
	}
	for i, p := range parts {
		parts[i] = indent(p, 1)
	}
	return strings.Join(parts, ",\n ")
}

// indent moves all lines of s but the first to the right.
func indent(s string, columns int) string {
	return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", columns))
}

// FormatF64 is the shortest text that reads back as x, with ".0" if it is whole.
func FormatF64(x float64) string { return formatFloat(x, 64) }

// FormatF32 is FormatF64 for f32.
func FormatF32(x float32) string { return formatFloat(float64(x), 32) }

func formatFloat(x float64, bits int) string {
	switch {
	case x != x:
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e16) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, bits), "e")
		sign := ""
		if exponent[0] == '-' {
			sign = "-"
		}
		return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
	}
	s := strconv.FormatFloat(x, 'f', -1, bits)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// FormatC128 is z as real part and imaginary part: "1.0+2.0i".
func FormatC128(z complex128) string {
	im := FormatF64(imag(z))
	if im[0] != '-' {
		im = "+" + im
	}
	return FormatF64(real(z)) + im + "i"
}

// element is element i of a as text.
func (a *Array) element(i int) string {
	switch a.dtype {
	case ir.Bool:
		return strconv.FormatBool(a.Bool()[i])
	case ir.I64:
		return strconv.FormatInt(a.I64()[i], 10)
	case ir.F32:
		return FormatF32(a.F32()[i])
	case ir.F64:
		return FormatF64(a.F64()[i])
	case ir.C128:
		return FormatC128(a.C128()[i])
	}
	return ""
}

// formatWith writes an array whose element i is what element says.
func formatWith(a *Array, element func(i int) string, width int) string {
	if len(a.shape) == 0 {
		return element(0)
	}
	if a.size == 0 {
		if len(a.shape) == 1 {
			return "[]"
		}
		sizes := make([]string, len(a.shape))
		for i, n := range a.shape {
			sizes[i] = strconv.Itoa(n)
		}
		return "[] of shape [" + strings.Join(sizes, ", ") + "]"
	}
	p := printer{array: a, element: element, edge: math.MaxInt, width: width}
	if a.size > formatAll {
		p.edge = formatEdge
	}
	if n := len(a.shape); n > 1 {
		p.columns = make([]column, a.shape[n-1])
		p.measure(0, 0)
	}
	p.write(0, 0, 1)
	return p.out.String()
}

// A printer writes an array in two walks: the first finds how wide the elements
// of each column of a matrix are before and from the point on.
type printer struct {
	array   *Array
	element func(i int) string
	edge    int
	width   int      // columns that a line should take
	columns []column // of the last axis; nil for a vector
	out     strings.Builder
}

type column struct{ before, after, whole int } // whole: of elements without a point

// shown calls f with the indices of an axis of size n that are shown, and with
// -1 where some are left out.
func (p *printer) shown(n int, f func(i int)) {
	for i := 0; i < n; i++ {
		if p.edge < n/2 && n > 2*p.edge+1 && i == p.edge {
			f(-1)
			i = n - p.edge
		}
		f(i)
	}
}

// inner is the number of elements of one step along axis.
func (p *printer) inner(axis int) int {
	size := 1
	for _, n := range p.array.shape[axis+1:] {
		size *= n
	}
	return size
}

func (p *printer) measure(axis, offset int) {
	inner := p.inner(axis)
	p.shown(p.array.shape[axis], func(i int) {
		switch {
		case i < 0:
		case axis+1 < len(p.array.shape):
			p.measure(axis+1, offset+i*inner)
		default:
			before, after := p.split(p.element(offset + i))
			c := &p.columns[i]
			if after == 0 {
				c.whole = max(c.whole, before)
			} else {
				c.before, c.after = max(c.before, before), max(c.after, after)
			}
		}
	})
}

// split tells how many characters of an element stand before its point and from
// it on. Only real numbers are aligned at their points.
func (p *printer) split(s string) (before, after int) {
	if i := strings.IndexByte(s, '.'); i >= 0 && p.array.dtype.IsFloat() {
		return i, len(s) - i
	}
	return len(s), 0
}

// write writes the part of the array at offset. Lines after the first begin with
// as many spaces as indent says.
func (p *printer) write(axis, offset, indent int) {
	p.out.WriteByte('[')
	if axis+1 == len(p.array.shape) {
		p.row(offset, indent)
	} else {
		inner, first := p.inner(axis), true
		p.shown(p.array.shape[axis], func(i int) {
			if !first {
				p.out.WriteString("," + strings.Repeat("\n", min(2, len(p.array.shape)-axis-1)))
				p.out.WriteString(strings.Repeat(" ", indent))
			}
			first = false
			if i < 0 {
				p.out.WriteString("…")
			} else {
				p.write(axis+1, offset+i*inner, indent+1)
			}
		})
	}
	p.out.WriteByte(']')
}

// row writes elements along the last axis. What aligns an element on its right
// comes after the comma.
func (p *printer) row(offset, indent int) {
	used, room := indent, "" // on this line; before the next element
	first := true
	p.shown(p.array.shape[len(p.array.shape)-1], func(i int) {
		text, right := "…", 0
		if i >= 0 {
			text = p.element(offset + i)
			if p.columns != nil {
				before, after := p.split(text)
				c := p.columns[i]
				left := max(c.before, c.whole-c.after) - before
				if right = c.after - after; after == 0 { // flush right
					left, right = left+c.after, 0
				}
				text = strings.Repeat(" ", left) + text
			}
		}
		width := utf8.RuneCountInString(text)
		if !first {
			p.out.WriteByte(',')
			if used+len(room)+width+2 > p.width {
				p.out.WriteString("\n" + strings.Repeat(" ", indent))
				used = indent
			} else {
				p.out.WriteString(" " + room)
				used += len(room)
			}
		}
		p.out.WriteString(text)
		used += width + 2
		room, first = strings.Repeat(" ", right), false
	})
}
