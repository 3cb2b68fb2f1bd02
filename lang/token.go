package lang

// A kind says what a token is.
type kind uint8

const (
	kEnd     kind = iota // the end of the text
	kNewline             // a line end that ends a statement
	kBad                 // text that is no token; it has been reported
	kName
	kNumber
	kString

	// Keywords; those from kVar to kPullback only where a statement begins.
	kFn
	kLet
	kIf
	kElse
	kFor
	kIn
	kWhile
	kBreak
	kContinue
	kReturn
	kAnd
	kOr
	kNot
	kTrue
	kFalse
	kNewaxis
	kVar
	kInput
	kImport
	kExport
	kDerivative
	kPullback

	// Operators.
	kPlus
	kMinus
	kStar
	kSlash
	kFloorDiv
	kPercent
	kAt
	kPower
	kRange
	kEqual
	kNotEqual
	kLess
	kLessEqual
	kGreater
	kGreaterEqual

	// Assignment signs.
	kAssign
	kPlusAssign
	kMinusAssign
	kStarAssign
	kSlashAssign

	// Punctuation.
	kArrow
	kDot
	kEllipsis
	kComma
	kColon
	kSemicolon
	kPrime
	kNabla
	kOpenParen
	kCloseParen
	kOpenBracket
	kCloseBracket
	kOpenBrace
	kCloseBrace
)

// spelling is how the tokens that are always written alike are printed.
var spelling = [...]string{
	kFn: "fn", kLet: "let", kIf: "if", kElse: "else", kFor: "for", kIn: "in", kWhile: "while",
	kBreak: "break", kContinue: "continue", kReturn: "return", kAnd: "and", kOr: "or", kNot: "not",
	kTrue: "true", kFalse: "false", kNewaxis: "newaxis",
	kVar: "var", kInput: "input", kImport: "import", kExport: "export",
	kDerivative: "derivative", kPullback: "pullback",
	kPlus: "+", kMinus: "-", kStar: "*", kSlash: "/", kFloorDiv: "//", kPercent: "%", kAt: "@", kPower: "^",
	kRange: "..", kEqual: "==", kNotEqual: "!=", kLess: "<", kLessEqual: "<=", kGreater: ">", kGreaterEqual: ">=",
	kAssign: "=", kPlusAssign: "+=", kMinusAssign: "-=", kStarAssign: "*=", kSlashAssign: "/=",
	kArrow: "->", kDot: ".", kEllipsis: "...", kComma: ",", kColon: ":", kSemicolon: ";", kPrime: "'", kNabla: "∇",
	kOpenParen: "(", kCloseParen: ")", kOpenBracket: "[", kCloseBracket: "]", kOpenBrace: "{", kCloseBrace: "}",
}

var keywords = map[string]kind{
	"fn": kFn, "let": kLet, "if": kIf, "else": kElse, "for": kFor, "in": kIn, "while": kWhile,
	"break": kBreak, "continue": kContinue, "return": kReturn, "and": kAnd, "or": kOr, "not": kNot,
	"true": kTrue, "false": kFalse, "newaxis": kNewaxis,
}

// statementWords are names except where they begin a statement.
var statementWords = map[string]kind{
	"var": kVar, "input": kInput, "import": kImport, "export": kExport,
	"derivative": kDerivative, "pullback": kPullback,
}

// A token is a piece of the text. Brackets know their partner: the index of
// the token that closes or opens them.
type token struct {
	kind       kind
	flags      flags
	start, end int32
	partner    int32
}

type flags uint8

const (
	spaceBefore   flags = 1 << iota // white space, a comment or a line end stands before
	newlineBefore                   // a line end stands before
	reported                        // a mistake here has been reported: say nothing more
	inserted                        // not in the text: closes a bracket that was left open
	plain                           // a name of ASCII letters only
)

func (t token) has(f flags) bool { return t.flags&f != 0 }

// isKeyword also holds for the statement words where they are keywords.
func (k kind) isKeyword() bool { return k >= kFn && k <= kPullback }

// isWord holds for what may stand after a ".", before a ":" in a record, and
// before the "=" of a keyword argument.
func (k kind) isWord() bool { return k == kName || k.isKeyword() }

func (k kind) isBinary() bool {
	return k >= kPlus && k <= kGreaterEqual || k == kAnd || k == kOr
}

func (k kind) isAssign() bool { return k >= kAssign && k <= kSlashAssign }

func (k kind) isOpen() bool {
	return k == kOpenParen || k == kOpenBracket || k == kOpenBrace
}

func (k kind) isClose() bool {
	return k == kCloseParen || k == kCloseBracket || k == kCloseBrace
}

// endsOperand holds for the last token of something that a postfix, such as
// "'", may follow.
func (k kind) endsOperand() bool {
	switch k {
	case kName, kNumber, kString, kTrue, kFalse, kNewaxis, kPrime, kCloseParen, kCloseBracket, kCloseBrace:
		return true
	}
	return false
}

// continues holds for what a line end after it does not end (grammar, note 2).
func (k kind) continues() bool {
	switch k {
	case kNot, kComma, kColon, kArrow, kOpenBrace:
		return true
	}
	return k.isBinary() || k.isAssign()
}

// beginsStatement holds for keywords that only begin statements.
func (k kind) beginsStatement() bool {
	switch k {
	case kFn, kLet, kFor, kWhile, kBreak, kContinue, kReturn:
		return true
	}
	return k >= kVar && k <= kPullback
}

// endsStatement holds for what may stand after a statement.
func (k kind) endsStatement() bool {
	return k == kNewline || k == kSemicolon || k == kEnd || k == kCloseBrace
}
