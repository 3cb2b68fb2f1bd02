package lang

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A babbler writes random programs that are right by the grammar.
type babbler struct {
	t     *rapid.T
	depth int
	loose int // how many "(" and "[" are open right around
}

func (b *babbler) pick(label string, choices ...string) string {
	return rapid.SampledFrom(choices).Draw(b.t, label)
}

func (b *babbler) chance(n int) bool { return rapid.IntRange(0, n).Draw(b.t, "chance") == 0 }

func (b *babbler) name() string {
	return b.pick("name", "a", "x₀", "θ", "f", "export", "input", "var", "as", "π", "_", "f64", "str", "n")
}

// gap is white space between tokens; inside of brackets also a line end.
func (b *babbler) gap() string {
	if b.loose > 0 {
		return b.pick("gap", " ", " ", " ", "  ", "\n", " # c\n ", "\n\n# d\n\n")
	}
	return b.pick("gap", " ", " ", "   ", "\t")
}

// after is white space where a line may end.
func (b *babbler) after() string { return b.pick("after", "", " ", "\n", " # e\n\n", "\n") }

func (b *babbler) list(least int, one func() string) string {
	n := rapid.IntRange(least, 3).Draw(b.t, "length")
	var parts []string
	for range n {
		parts = append(parts, one())
	}
	out := strings.Join(parts, ","+b.after())
	if n > 0 && b.chance(3) {
		out += ","
	}
	return out
}

func (b *babbler) within(open, close string, inside func() string) string {
	outer := b.loose
	b.loose = 1
	out := open + b.after() + inside() + b.after() + close
	b.loose = outer
	return out
}

func (b *babbler) expr() string {
	b.depth++
	defer func() { b.depth-- }()
	if b.depth > 4 {
		return b.atom()
	}
	switch rapid.IntRange(0, 9).Draw(b.t, "expr") {
	case 0:
		return b.name() + " ->" + b.after() + b.expr()
	case 1:
		return b.within("(", ")", func() string { return b.list(0, b.param) }) + " ->" + b.after() + b.expr()
	case 2:
		return b.conditional()
	case 3:
		return b.block()
	}
	return b.operators()
}

func (b *babbler) operators() string {
	out := b.unary()
	for !b.chance(1) {
		op := b.pick("op", "+", "-", "*", "/", "//", "%", "@", "·", "and", "or", "<", "==", "≥", "!=")
		if b.chance(5) {
			out = "(" + out + " .." + b.gap() + b.unary() + ")"
		}
		out += b.gap() + op + b.gap() + b.unary()
	}
	return out
}

func (b *babbler) unary() string {
	out := b.pick("sign", "", "", "", "-", "+", "- ", "--") + b.postfix()
	if b.chance(4) {
		out += b.pick("power", "^", " ^ ", "^-") + b.postfix()
	}
	return out
}

func (b *babbler) postfix() string {
	out := b.atom()
	function := isNameStart(out[0])
	for b.depth < 5 && b.chance(2) {
		b.depth++
		switch rapid.IntRange(0, 4).Draw(b.t, "postfix") {
		case 0:
			out += b.within("(", ")", func() string { return b.arguments() })
		case 1:
			out += b.within("[", "]", func() string { return b.list(1, b.item) })
		case 2:
			out += b.pick("dot", " .", " . ") + b.pick("field", "T", "let", "var", "θ")
		case 3:
			if function {
				out += "'"
			}
		case 4:
			if isNameStart(out[0]) && !strings.ContainsAny(out, "([.' ") {
				out = "∇" + out
			}
		}
		b.depth--
	}
	return out
}

func (b *babbler) arguments() string {
	if b.chance(4) {
		return b.operators() + b.generator()
	}
	return b.list(0, func() string { return b.expr() }) // named arguments come in item below
}

func (b *babbler) item() string {
	switch rapid.IntRange(0, 5).Draw(b.t, "item") {
	case 0:
		return "..."
	case 1:
		return "newaxis"
	case 2:
		return b.pick("lo", "", b.atom()) + b.gap() + ":" + b.pick("hi", "", b.atom()) + b.pick("step", "", ":", " : -1")
	case 3:
		return "f(" + b.name() + b.gap() + "=" + b.gap() + b.atom() + ")"
	}
	return b.operators()
}

func (b *babbler) generator() string {
	out := b.gap() + "for " + b.pick("binders", "i", "i, j", "i in a..b, j in n", "i for j in n")
	if b.chance(2) {
		out += b.gap() + "if " + b.atom() + " > 0"
	}
	return out
}

func (b *babbler) atom() string {
	if b.depth > 4 {
		return b.pick("atom", "a", "1", ".5", "1.", "2i", `"s # \n"`, "true", "x₀", "0x1F", "1e-3", "()", "[]")
	}
	b.depth++
	defer func() { b.depth-- }()
	switch rapid.IntRange(0, 8).Draw(b.t, "atom") {
	case 0:
		return b.within("(", ")", func() string { return b.list(1, b.expr) })
	case 1:
		return b.within("[", "]", func() string { return b.list(0, b.expr) })
	case 2:
		return b.within("[", "]", func() string { return b.expr() + b.generator() })
	case 3:
		outer := b.loose
		b.loose = 0
		defer func() { b.loose = outer }()
		return "({" + b.after() + b.list(1, func() string {
			return b.pick("field", "a:", "a:\n", "let :", "...") + b.expr() + b.pick("end", "", "\n", " # f\n")
		}) + b.after() + "})"
	}
	return b.name()
}

func (b *babbler) param() string {
	out := b.name()
	if b.chance(1) {
		out += ":" + b.after() + b.typeExpr()
	}
	if b.chance(3) {
		out += b.gap() + "=" + b.after() + b.expr()
	}
	return out
}

func (b *babbler) typeExpr() string {
	return b.pick("type", "f64", "str", "num[..., n]", "f64[n+1, 2 * m]", "(f64,)", "( )", "(f64, i64) -> (str)", "{a: f64 , in:str}", "((f64) -> f64) -> bool", "f64[\nmin( n, m )]")
}

func (b *babbler) block() string {
	outer := b.loose
	b.loose = 0
	defer func() { b.loose = outer }()
	return "{" + b.after() + b.statements(2) + b.after() + "}"
}

func (b *babbler) conditional() string {
	out := "if " + b.postfix() + " " + b.block()
	for b.chance(2) {
		out += b.pick("else", " else ", "\nelse ", " # g\n\nelse\t") + "if " + b.postfix() + " " + b.block()
	}
	if b.chance(1) {
		out += " else " + b.block()
	}
	return out
}

func (b *babbler) statements(most int) string {
	var out string
	for range rapid.IntRange(0, most).Draw(b.t, "statements") {
		out += b.statement() + b.pick("end", "\n", "\n\n\n", " ; ", " # h\n", ";\n", "\n\n# i\n")
	}
	return out
}

func (b *babbler) statement() string {
	b.depth++
	defer func() { b.depth-- }()
	switch rapid.IntRange(0, 7).Draw(b.t, "statement") {
	case 0:
		return "let " + b.pick("names", "a", "(a, b)", "(θ,)", "b: f64[ n ]") + b.pick("equals", " = ", "=", "\n = ") + b.expr()
	case 1:
		return "var v = " + b.expr()
	case 2:
		return b.pick("target", "x", "x[1, : ]", "(x, y.a)", "x.in") + b.pick("assign", " = ", "+=", " -=\n") + b.expr()
	case 3:
		return "for i in " + b.postfix() + " " + b.block()
	case 4:
		return b.pick("jump", "return", "break", "continue", "return 1", "while true { }")
	}
	// A sign with a space would be an operator that goes on with the line before.
	return strings.Replace(b.expr(), "- ", "-", 1)
}

func (b *babbler) declaration() string {
	switch rapid.IntRange(0, 4).Draw(b.t, "declaration") {
	case 0:
		return b.pick("doc", "", "# doc\n", "# a\n\n# b\n# c\n") + b.pick("export", "", "export ") + "fn f" +
			b.within("(", ")", func() string { return b.list(0, b.param) }) + b.pick("result", "", " -> f64", "\n->(f64)") + b.pick("body", " = ", "\n  =") + b.expr()
	case 1:
		return "fn g() " + b.block()
	case 2:
		return b.pick("rule", "derivative f(x, y; dx) = ", "pullback f(\nx ;dx,)-> E=") + b.expr()
	case 3:
		return b.pick("word", `import "a" as b`, "input x: f64[n]=1", `export a+1 as "b"`, `export (a) as "c"`)
	}
	return b.statement()
}

// Random programs are read without mistakes, and what the formatter makes of
// them means the same.
func TestRandomPrograms(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := &babbler{t: rt}
		var text string
		for range rapid.IntRange(1, 4).Draw(rt, "declarations") {
			text += b.declaration() + "\n"
		}
		file, ds := Parse(source(text))
		if len(ds) > 0 {
			rt.Fatalf("%s\n%v", text, ds)
		}
		checkFormat(rt, text, file, Format(file), true)
		file.Source = nil
		checkFormat(rt, text, file, Format(file), false)
	})
}
