package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
)

// signs are the operators and punctuation, longest first for each first byte.
var signs = [utf8.RuneSelf][]struct {
	text string
	kind kind
}{
	'+': {{"+=", kPlusAssign}, {"+", kPlus}},
	'-': {{"->", kArrow}, {"-=", kMinusAssign}, {"-", kMinus}},
	'*': {{"*=", kStarAssign}, {"*", kStar}},
	'/': {{"//", kFloorDiv}, {"/=", kSlashAssign}, {"/", kSlash}},
	'%': {{"%", kPercent}},
	'@': {{"@", kAt}},
	'^': {{"^", kPower}},
	'=': {{"==", kEqual}, {"=", kAssign}},
	'!': {{"!=", kNotEqual}},
	'<': {{"<=", kLessEqual}, {"<", kLess}},
	'>': {{">=", kGreaterEqual}, {">", kGreater}},
	'.': {{"...", kEllipsis}, {"..", kRange}, {".", kDot}},
	',': {{",", kComma}},
	':': {{":", kColon}},
	';': {{";", kSemicolon}},
	'(': {{"(", kOpenParen}},
	')': {{")", kCloseParen}},
	'[': {{"[", kOpenBracket}},
	']': {{"]", kCloseBracket}},
	'{': {{"{", kOpenBrace}},
	'}': {{"}", kCloseBrace}},
}

// wideSigns are the signs outside of ASCII.
var wideSigns = map[rune]kind{
	'·': kAt, '≤': kLessEqual, '≥': kGreaterEqual, '≠': kNotEqual, '∇': kNabla,
}

// A slip is a sign of another language that is read as the one that was meant,
// after it has been reported.
type slip struct {
	text string
	kind kind
	hint string
}

var slips = []slip{
	{"**=", kStarAssign, "a power is written x^2; there is no assignment of powers"},
	{"**", kPower, "a power is written x^2"},
	{"===", kEqual, "equality is written =="},
	{"!==", kNotEqual, "inequality is written !="},
	{"=>", kArrow, "a function is written x -> e"},
	{"&&", kAnd, "write and"},
	{"&", kAnd, "write and"},
	{"||", kOr, "write or"},
	{"|", kOr, "write or"},
	{"<>", kNotEqual, "inequality is written !="},
}

var lonelySlips = map[rune]slip{
	'!': {"!", kNot, "write not"},
	'~': {"~", kNot, "write not"},
	'−': {"−", kMinus, "write the minus of the keyboard, -"},
	'–': {"–", kMinus, "write the minus of the keyboard, -"},
	'×': {"×", kStar, "write *"},
	'⋅': {"⋅", kAt, "write · or @ for the matrix product, * for the elementwise one"},
	'÷': {"÷", kSlash, "write /"},
	'→': {"→", kArrow, "write ->"},
	'∧': {"∧", kAnd, "write and"},
	'∨': {"∨", kOr, "write or"},
	'¬': {"¬", kNot, "write not"},
	'…': {"…", kEllipsis, "write three points, ..."},
}

// sign reads an operator or punctuation in ASCII.
func (s *scanner) sign(t *token) {
	rest := s.text[s.offset:]
	for _, wrong := range slips {

		if strings.HasPrefix(rest, wrong.text) {
			s.slip(t, wrong)
			return
		}
	}
	for _, sign := range signs[rest[0]] {
		if strings.HasPrefix(rest, sign.text) {
			t.kind = sign.kind
			s.offset += len(sign.text)
			return
		}
	}
	if wrong, ok := lonelySlips[rune(rest[0])]; ok {
		s.slip(t, wrong)
		return
	}
	s.bad(t)
}

// wide reads what begins outside of ASCII.
func (s *scanner) wide(t *token) {
	r, size := utf8.DecodeRuneInString(s.text[s.offset:])
	if unicode.IsLetter(r) {
		s.word(t)
		return
	}
	if k, ok := wideSigns[r]; ok {
		t.kind = k
		s.offset += size
		return
	}
	if wrong, ok := lonelySlips[r]; ok {
		s.slip(t, wrong)
		return
	}
	s.bad(t)
}

func (s *scanner) slip(t *token, wrong slip) {
	t.kind = wrong.kind
	t.flags |= reported
	start := s.offset
	s.offset += len(wrong.text)
	s.mistakes.add(&ast.Diagnostic{
		Code: ast.CodeSyntax, Span: s.span(start, s.offset),
		Message: "`" + wrong.text + "` is no operator of Calx", Hint: wrong.hint,
	})
}

// bad reads a run of characters that no token begins with.
func (s *scanner) bad(t *token) {
	t.kind = kBad
	t.flags |= reported
	start := s.offset
	for s.offset < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.offset:])
		if s.offset > start && s.beginsToken(r) {
			break
		}
		s.offset += size
	}
	r, _ := utf8.DecodeRuneInString(s.text[start:])
	run := s.text[start:s.offset]
	d := &ast.Diagnostic{Code: ast.CodeSyntax, Span: s.span(start, s.offset)}
	if unicode.IsPrint(r) {
		d.Message = "`" + excerpt(run) + "` has no meaning in Calx"
	} else {
		d.Message = "there is an invisible character here"
		d.Hint = "remove it"
	}
	switch {
	case unicode.IsSpace(r):
		d.Message, d.Hint = "this white space is no ordinary space", "write a space"
	case strings.ContainsRune("“”„«»", r):
		d.Hint = "text stands in straight double quotes: \"…\""
	case strings.ContainsRune("‘’`´", r):
		d.Hint = "text stands in double quotes; the derivative is written with the straight '"
	case strings.ContainsRune("²³¹⁰⁴⁵⁶⁷⁸⁹", r):
		d.Hint = "a power is written x^2"
	case r == '?':
		d.Hint = "write if c { a } else { b }, or where(c, a, b) for arrays"
	case r == '√':
		d.Hint = "write sqrt(x)"
	case r == '∞':
		d.Hint = "write inf"
	case r == '∂':
		d.Hint = "write f' or grad(f)"
	case r == '∑' || r == 'Σ':
		d.Hint = "write sum(x)"
	}
	s.mistakes.add(d)
}

// beginsToken holds for characters that end a run of bad ones.
func (s *scanner) beginsToken(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == '#' || r == '"' || r == '\'' ||
			isNamePart(byte(r)) || signs[r] != nil
	}
	return unicode.IsLetter(r) || wideSigns[r] != 0
}
