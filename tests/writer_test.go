package tests

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// A writer writes random programs without mistakes. It knows the type of each
// name, and of each expression that it writes.
type writer struct {
	t     *rapid.T
	names []typedName
	count int  // of the names made
	depth int  // of the statements around
	loops int  // around
	small bool // in the function g, which has numbers only
	out   strings.Builder
}

// A kind is the type of an expression: "f64", "f64[n, m]".
type kind struct {
	dtype string
	dims  string // "", "n" or "n, m"
}

func (k kind) String() string {
	if k.dims == "" {
		return k.dtype
	}
	return k.dtype + "[" + k.dims + "]"
}

type typedName struct {
	name    string
	kind    kind
	mutable bool
}

// The function g of two numbers is applied along the axes of arrays.
const randomHeader = `input a: f64
input k: i64
input b: bool
input x: f64[n]
input y: f64[n, m]
input z: c128[n]
input v: i64[n]
input c: bool[n]

`

const mainHead = "fn f(a: f64, k: i64, b: bool, x: f64[n], y: f64[n, m], z: c128[n], v: i64[n], c: bool[n]) {\n"

func newWriter(t *rapid.T) *writer {
	return &writer{t: t, names: []typedName{
		{"a", kind{"f64", ""}, false}, {"k", kind{"i64", ""}, false}, {"b", kind{"bool", ""}, false},
		{"n", kind{"i64", ""}, false}, {"m", kind{"i64", ""}, false},
		{"x", kind{"f64", "n"}, false}, {"y", kind{"f64", "n, m"}, false}, {"z", kind{"c128", "n"}, false},
		{"v", kind{"i64", "n"}, false}, {"c", kind{"bool", "n"}, false},
	}}
}

// program is a whole program: a function of all inputs, whose variables are
// exported.
func (w *writer) program() string {
	w.out.WriteString(randomHeader)
	w.small = true
	inputNames := w.names
	w.names = []typedName{{"p", kind{"f64", ""}, false}, {"q", kind{"i64", ""}, false}}
	w.out.WriteString("fn g(p: f64, q: i64) -> f64 {\n")
	for range w.number(1, 4) {
		w.statement()
	}
	w.line("%s\n}\n", w.expr(kind{"f64", ""}, 2))
	w.small, w.names = false, inputNames
	w.out.WriteString(mainHead)
	inputs := len(w.names)
	for range w.number(2, 6) {
		w.statement()
	}
	var results []string
	for _, v := range w.names[inputs:] {
		results = append(results, v.name)
	}
	fmt.Fprintf(&w.out, "  (%s, %s)\n}\n\nexport f(a, k, b, x, y, z, v, c) as \"all\"\n", strings.Join(append(results, "a"), ", "), w.expr(w.anyKind(), 2))
	return w.out.String()
}

func (w *writer) number(from, to int) int { return rapid.IntRange(from, to).Draw(w.t, "number") }

func pick[T any](w *writer, from ...T) T { return from[w.number(0, len(from)-1)] }

func (w *writer) anyKind() kind {
	if w.small {
		return pick(w, kind{"f64", ""}, kind{"i64", ""}, kind{"bool", ""})
	}
	return pick(w, kind{"f64", ""}, kind{"f64", "n"}, kind{"f64", "n, m"}, kind{"i64", ""}, kind{"i64", "n"}, kind{"bool", "n"}, kind{"bool", ""}, kind{"c128", "n"}, kind{"f64", "n, n"})
}

func (w *writer) line(format string, args ...any) {
	w.out.WriteString(strings.Repeat("  ", w.depth+1))
	fmt.Fprintf(&w.out, format+"\n", args...)
}

func (w *writer) fresh() string {
	w.count++
	return fmt.Sprintf("t%d", w.count)
}

// block writes statements within the braces of head. Names made in it end with it.
func (w *writer) block(head string, extra ...typedName) {
	w.line("%s {", head)
	outside := len(w.names)
	w.names = append(w.names, extra...)
	w.depth++
	for range w.number(1, 3) {
		w.statement()
	}
	w.depth--
	w.names = w.names[:outside]
	w.line("}")
}

func (w *writer) statement() {
	target, found := w.mutable()
	switch choice := w.number(0, 11); {
	case choice == 10 && w.loops > 0:
		w.line("if %s { %s }", w.expr(kind{"bool", ""}, 2), pick(w, "break", "continue"))
	case choice == 11 && w.small:
		w.line("if %s { return %s }", w.expr(kind{"bool", ""}, 2), w.expr(kind{"f64", ""}, 1))
	case choice < 2 || w.depth > 2 && !found:
		k := w.anyKind()
		text, name := w.expr(k, 3), w.fresh()
		w.line("let %s: %v = %s", name, k, text)
		w.names = append(w.names, typedName{name, k, false})
	case choice < 4 || !found:
		k := pick(w, kind{"f64", ""}, kind{"i64", ""}, kind{"f64", "n"}, kind{"f64", "n, m"})
		if w.small {
			k.dims = ""
		}
		text, name := w.expr(k, 2), w.fresh()
		w.line("var %s: %v = %s", name, k, text)
		w.names = append(w.names, typedName{name, k, true})
	case choice < 6 || w.depth > 2:
		w.assignment(target)
	case choice < 8:
		i := w.fresh()
		w.loops++
		defer func() { w.loops-- }()
		w.block(fmt.Sprintf("for %s in %s", i, w.bounds()), typedName{i, kind{"i64", ""}, false})
	case choice < 9 || choice > 9:
		w.block("if " + w.expr(kind{"bool", ""}, 2))
	default:
		i := w.fresh()
		w.line("var %s = %d", i, w.number(0, 3))
		w.line("while %s < %d {", i, w.number(2, 5))
		w.depth++
		w.line("%s += 1", i)
		w.assignment(target)
		w.depth--
		w.line("}")
	}
}

// bounds are the range of a loop or a reduction.
func (w *writer) bounds() string {
	if w.small {
		return pick(w, "0..3", "1..5", "0..q % 4")
	}
	return pick(w, "0..n", "0..m", "1..4", "0..n", "n - 1..-1..-1")
}

// mutable is a name that may be assigned.
func (w *writer) mutable() (typedName, bool) {
	var all []typedName
	for _, v := range w.names {
		if v.mutable {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return typedName{}, false
	}
	return pick(w, all...), true
}

func (w *writer) assignment(to typedName) {
	scalar := kind{to.kind.dtype, ""}
	op := pick(w, "=", "+=", "-=", "*=", "=")
	switch {
	case to.kind.dims == "n" && w.number(0, 2) > 0:
		switch w.number(0, 3) {
		case 0:
			w.line("%s[:] %s %s", to.name, op, w.expr(to.kind, 2))
		case 1:
			w.line("%s[%s] %s %s", to.name, w.mask(), op, w.expr(scalar, 2))
		case 2:
			w.line("%s[v %% n] %s %s", to.name, op, w.expr(to.kind, 1))
		default:
			w.line("if n > 0 { %s[%s] %s %s }", to.name, w.index("n"), op, w.expr(scalar, 2))
		}
	case to.kind.dims == "n, m" && w.number(0, 2) > 0:
		if w.number(0, 1) == 0 {
			w.line("if n > 0 { %s[%s] %s %s }", to.name, w.index("n"), op, w.expr(scalar, 2))
		} else {
			w.line("if m > 0 { %s[:, %s] %s %s }", to.name, w.index("m"), op, w.expr(kind{"f64", "n"}, 2))
		}
	default:
		w.line("%s %s %s", to.name, op, w.expr(to.kind, 2))
	}
}

func (w *writer) mask() string { return w.expr(kind{"bool", "n"}, 1) }

// index is an index of an axis that has elements.
func (w *writer) index(size string) string {
	return fmt.Sprintf("(%s) %% %s", w.expr(kind{"i64", ""}, 1), size)
}

// known are the names of a kind.
func (w *writer) known(k kind) (names []string) {
	for _, v := range w.names {
		if v.kind == k {
			names = append(names, v.name)
		}
	}
	return names
}

func codeOf(err error) ast.Code {
	found, _ := ast.AsDiagnostics(err)
	if len(found) == 0 {
		return ""
	}
	return found[0].Code
}

func shownInputs(inputs map[string]any) string {
	var lines []string
	for name, v := range inputs {
		lines = append(lines, name+" = "+runtime.Format(v.(runtime.Value)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
