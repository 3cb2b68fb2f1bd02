package typecheck

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Reporting mistakes, and how types and sizes are written in them.

// A report is a mistake being described.
type report struct{ *ast.Diagnostic }

// value stands where the mistake was.
func (report) value() value { return bad }

// maxReports bounds how many mistakes of one program are reported.
const maxReports = 100

// fail reports a mistake. Inside of a generic function the places of the uses
// that led there are shown too.
func (c *checker) fail(span ast.Span, code ast.Code, format string, args ...any) report {
	d := &ast.Diagnostic{Code: code, Message: fmt.Sprintf(format, args...), Span: span}
	shown := 0
	for ctx := c.ctx; ctx != nil && shown < 4; ctx = ctx.outer {
		if ctx.standalone {
			break
		}
		if d.Span.IsInternal() {
			if ctx.call.IsValid() {
				d.Span = ctx.call
			}
			continue
		}
		if ctx.call.IsValid() {
			text := "used here"
			if ctx.callWith != "" {
				text += " with " + ctx.callWith
			}
			d.Labels = append(d.Labels, ast.Label{Span: ctx.call, Text: text})
			shown++
		}
	}
	c.failed++
	key := d.Span.String() + string(code) + d.Message
	if !c.reported[key] && len(c.diags) < maxReports {
		c.reported[key] = true
		c.diags = append(c.diags, d)
	}
	return report{d}
}

// maxShown bounds how much of a type an error shows.
const maxShown = 200

// show writes a type as the language does, the middle of a very long one left
// out.
func (c *checker) show(t Type) string {
	text := c.typeText(t)
	if len(text) > maxShown {
		half := []rune(text)
		text = string(half[:maxShown/2]) + " … " + string(half[len(half)-maxShown/4:])
	}
	return text
}

func (c *checker) typeText(t Type) string { return atomTable(c.atoms).typeText(t) }

func (c *checker) showDims(dims []ir.Dim) string { return atomTable(c.atoms).dimsText(dims) }

func (c *checker) showDim(d ir.Dim) string { return atomTable(c.atoms).dimText(d) }

// explainSizes says where the names in two sizes come from.
func (c *checker) explainSizes(dims ...ir.Dim) []string {
	var notes []string
	seen := map[ir.Atom]bool{}
	for _, d := range dims {
		c.leaves(d, func(a ir.Atom) {
			info := &c.atoms[a]
			if seen[a] || info.Name == "" || !info.Span.IsValid() {
				return
			}
			seen[a] = true
			kind := "a size"
			if info.Group != 0 {
				kind = "any size, chosen by the caller"
			}
			notes = append(notes, fmt.Sprintf("%s is %s, from line %d", info.Name, kind, info.Span.Line()))
		})
	}
	return notes
}

// origin says where a value comes from, if it is a name: "parameter y".
func (c *checker) origin(e ast.Expr) string {
	for {
		paren, ok := e.(*ast.Paren)
		if !ok {
			break
		}
		e = paren.X
	}
	if n, ok := e.(*ast.Name); ok {
		if b := c.lookup(n.Name); b != nil && b.fn == nil && b.module == nil {
			return b.describe()
		}
	}
	return ""
}

// label is the text for an operand in an error: "f64[4], from line 9".
func (c *checker) label(v value, e ast.Expr) string {
	text := c.show(v.t)
	if e != nil {
		if from := c.origin(e); from != "" {
			text += ", " + from
		}
	}
	return text
}

// typeKey is a text that equal types share.
func (c *checker) typeKey(t Type) string {
	switch t := t.(type) {
	case Array:
		parts := []string{t.DType.String()}
		for _, d := range t.Dims {
			parts = append(parts, d.Key())
		}
		return strings.Join(parts, ";")
	case Tuple:
		return "(" + c.typeKeys(t.Elems) + ")"
	case Record:
		return "{" + strings.Join(t.Names, ",") + ":" + c.typeKeys(t.Types) + "}"
	case Function:
		return "fn" + strconv.Itoa(t.Value.id) + "(" + c.typeKeys(t.Captures) + ")"
	case Unit:
		return "unit"
	case Static:
		return "static " + t.Name
	}
	return "?"
}

func (c *checker) typeKeys(ts []Type) string {
	parts := make([]string, len(ts))
	for i, t := range ts {
		parts[i] = c.typeKey(t)
	}
	return strings.Join(parts, "|")
}

func itoa(n int) string { return strconv.Itoa(n) }
