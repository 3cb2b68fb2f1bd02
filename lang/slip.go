package lang

import "github.com/calx-lang/calx/ast"

// withHint says what to write instead, unless that is said already.
func (p *parser) withHint(d *ast.Diagnostic, hint string) *ast.Diagnostic {
	if d != said && hint != "" {
		d.Hint = hint
	}
	return d
}

// foreignWords are words of other languages that a statement begins with there.
var foreignWords = map[string]string{
	"def": "a function is declared with fn", "func": "a function is declared with fn",
	"function": "a function is declared with fn",
	"elif":     "write else if", "elseif": "write else if", "elsif": "write else if",
	"lambda": "a function is written x -> e", "const": "write let", "val": "write let",
	"auto": "write let", "do": "a body stands in { }", "then": "a body stands in { }",
	"end": "a body stands in { }", "begin": "a body stands in { }",
	"pass": "an empty body is { }", "from": `write import "path.calx" as name`,
	"using": `write import "path.calx" as name`, "foreach": "write for x in xs { }",
	"until": "write while not c { }", "switch": "write if a { } else if b { } else { }",
	"match": "write if a { } else if b { } else { }", "try": "there are no exceptions",
	"struct": "a record needs no declaration: {a: 1, b: 2}", "class": "a record needs no declaration: {a: 1, b: 2}",
	"xor": "write a != b", "is": "write ==",
}

// foreignNames are values, types and functions that others call otherwise.
var foreignNames = map[string]string{
	"True": "write true", "TRUE": "write true", "False": "write false", "FALSE": "write false",
	"None": "write none", "null": "write none", "nil": "write none", "NULL": "write none",
	"undefined": "write none", "NaN": "write nan", "Inf": "write inf", "Infinity": "write inf",
	"range": "write 0..n", "np": "NumPy's functions need no prefix",
	"numpy": "NumPy's functions need no prefix", "math": "the functions of mathematics need no prefix",
}

// NameHint says what to write instead of a name that is unknown in Calx but
// known in other languages; it is empty for all others.
func NameHint(name string) string {
	if hint := foreignNames[name]; hint != "" {
		return hint
	}
	return foreignWords[name]
}

func typeHint(name string) string {
	switch name {
	case "float", "double", "float64", "Float64", "real", "number", "Float":
		return "write f64"
	case "float32", "Float32", "single":
		return "write f32"
	case "int", "int64", "Int", "Int64", "integer", "long", "int32", "usize", "i32", "u64":
		return "write i64"
	case "complex", "complex128", "Complex", "ComplexF64", "c64":
		return "write c128"
	case "boolean", "Bool", "Boolean":
		return "write bool"
	case "string", "String", "text":
		return "write str"
	case "list", "List", "array", "Array", "tensor", "vector", "matrix", "ndarray":
		return "an array is written f64[n], f64[n, m]"
	}
	return "types are f64 f32 i64 bool c128, arrays such as f64[n, 3], str, tuples ( ), records { } and functions (a) -> b"
}

// slipHint recognises what people who know other languages write, by the
// tokens around the one that was not expected.
func (p *parser) slipHint(i int) string {
	t := p.tokens[i]
	before, after := token{kind: kNewline}, token{kind: kEnd}
	if i > 0 {
		before = p.tokens[i-1]
	}
	if i+1 < len(p.tokens) {
		after = p.tokens[i+1]
	}
	if before.kind == kName && t.kind != kNewline && t.kind != kEnd {
		if hint := foreignWords[p.src.Text[before.start:before.end]]; hint != "" {
			return hint
		}
	}
	if t.kind == kName {
		if hint := foreignWords[p.src.Text[t.start:t.end]]; hint != "" {
			return hint
		}
	}
	switch t.kind {
	case kAssign:
		switch {
		case before.kind.isBinary():
			return "assignments are = += -= *= /="
		case before.kind.endsOperand() && (p.inHead || p.inBrackets(i, kEnd)):
			return "to compare, write =="
		}
	case kColon:
		if after.kind == kAssign {
			return "write let x = e, or x = e for a var"
		}
		if p.headBefore(i) {
			return "a body stands in { }"
		}
	case kSemicolon:
		if p.inBrackets(i, kOpenBracket) {
			return "the rows of a matrix are lists: [[1, 2], [3, 4]]"
		}
	case kArrow:
		return "put the function in parentheses"
	case kOpenBracket, kOpenParen:
		if t.has(newlineBefore) && before.kind.endsOperand() && p.inBrackets(i, kEnd) {
			return "a comma is missing before it, or it belongs on the line before, to what it indexes or calls"
		}
	case kPrime:
		return "to transpose, write x.T"
	case kIf, kOpenBrace:
		if before.kind.isBinary() {
			return "put it in parentheses"
		}
	}
	if t.kind.isKeyword() && t.kind <= kNewaxis && (before.kind == kLet || before.kind == kVar || before.kind == kFn ||
		before.kind == kInput || before.kind == kFor || before.kind == kName && statementWords[p.src.Text[before.start:before.end]] != 0) {
		return "`" + p.textOf(t) + "` is a keyword and can't be a name"
	}
	if before.kind.endsOperand() && beginsOperand(t.kind) {
		switch {
		case before.kind == kPrime:
			return "`'` is the derivative; to transpose, write x.T"
		case t.kind == kNumber && !t.has(spaceBefore):
			return "a part of a tuple is written t[0]"
		case p.inBrackets(i, kEnd):
			return "is a comma missing?"
		case before.kind == kNumber && t.kind == kName:
			return "a product is written 2 * x"
		case after.kind == kAssign && t.kind == kName:
			return "to declare a name, write let " + p.textOf(t) + " = …"
		}
	}
	return ""
}

func beginsOperand(k kind) bool {
	switch k {
	case kName, kNumber, kString, kTrue, kFalse, kNabla, kOpenBracket, kOpenParen, kOpenBrace, kNot:
		return true
	}
	return false
}

// slipReach is how many tokens a hint looks back.
const slipReach = 200

// headBefore holds if an if, a loop or a function begins before the token at i,
// on its line.
func (p *parser) headBefore(i int) bool {
	for j := i - 1; j >= 0 && i-j < slipReach; j-- {
		switch p.tokens[j].kind {
		case kIf, kWhile, kFor, kElse, kFn:
			return true
		case kNewline, kSemicolon, kOpenBrace:
			return false
		}
	}
	return false
}

// inBrackets holds if the innermost bracket around the token at i is of kind
// open, or, for kEnd, "(" or "[".
func (p *parser) inBrackets(i int, open kind) bool {
	for j := i - 1; j >= 0 && i-j < slipReach; j-- {
		switch k := p.tokens[j].kind; {
		case k.isClose():
			j = int(p.tokens[j].partner)
		case k.isOpen():
			return k == open || open == kEnd && k != kOpenBrace
		}
	}
	return false
}

// afterStatement is the mistake that something stands behind a statement.
func (p *parser) afterStatement(start int) *ast.Diagnostic {
	d := p.expected("the end of the statement")
	if d == said || d.Hint != "" {
		return d
	}
	before := p.tokens[p.at-1]
	switch {
	case before.kind == kCloseBrace && p.kind().isBinary():
		d.Hint = "to go on with an operator, put what ends with `}` in parentheses"
	case p.tokens[start].kind == kName && p.at == start+1 && p.kind().isKeyword():
		d.Hint = "`" + p.textOf(p.token()) + "` is a keyword and can't be a name"
	case beginsOperand(p.kind()):
		d.Hint = "statements stand on lines of their own, or `;` stands between them"
	}
	return d
}
