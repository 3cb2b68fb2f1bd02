package lang

import "github.com/calx-lang/calx/ast"

// An arranger gives the tokens of a scanner their lines and brackets: it drops
// the line ends that are white space, notes the partner of each bracket, finds
// the statement words that are keywords, and closes what was left open
// (grammar, notes 1, 2, 3 and 9). After it, every bracket has a partner.
type arranger struct {
	*scanner
	tokens []token
	open   []bracket
	last   [3]int // the innermost open bracket of each kind, as an index of open, or -1
	line   int32  // how many line ends were passed

	// Brackets that a statement word closed, in case they are closed later.
	forced []forcedClose

	// The mistake of each bracket that is never closed.
	unclosed map[int32]*ast.Diagnostic
}

// A bracket is one that is open.
type bracket struct {
	token    int32
	line     int32
	previous int // the next outer one of its kind, as an index of open, or -1
}

type forcedClose struct {
	kind    kind
	mistake *ast.Diagnostic
	word    token
}

// tokenize gives the tokens of a text, of which the last is kEnd, and what else
// was found in it.
func tokenize(src *ast.Source, m *mistakes) *arranger {
	a := &arranger{scanner: newScanner(src, m), last: [3]int{-1, -1, -1}, unclosed: map[int32]*ast.Diagnostic{}}
	a.tokens = make([]token, 0, len(src.Text)/4+16)
	t := a.next()
	for t.kind != kEnd {
		following := a.next()
		a.arrange(t, following)
		t = following
	}
	for len(a.open) > 0 {
		a.closeMissing(t, nil)
	}
	a.tokens = append(a.tokens, t)
	return a
}

func (a *arranger) before() kind {
	if len(a.tokens) == 0 {
		return kNewline
	}
	return a.tokens[len(a.tokens)-1].kind
}

// innermost is the kind of the innermost open bracket, or kEnd.
func (a *arranger) innermost() kind {
	if len(a.open) == 0 {
		return kEnd
	}
	return a.tokens[a.open[len(a.open)-1].token].kind
}

func (a *arranger) arrange(t, following token) {
	if t.has(newlineBefore) {
		a.line++
		word := a.statementWord(t, following)
		switch {
		case a.startsOver(t, word, following):
			a.recover(t, word)
			a.endLine(t)
		case a.lineEnds(t, following):
			a.endLine(t)
		}
	}
	switch before := a.before(); before {
	case kNewline, kSemicolon, kOpenBrace:
		if word := a.statementWord(t, following); word != kEnd {
			t.kind = word
		}
	}
	switch {
	case t.kind.isOpen():
		class := bracketClass(t.kind)
		a.open = append(a.open, bracket{int32(len(a.tokens)), a.line, a.last[class]})
		a.last[class] = len(a.open) - 1
	case t.kind.isClose():
		if !a.close(&t) {
			return
		}
	}
	a.tokens = append(a.tokens, t)
}

// statementWord is the keyword that a name is if a statement begins with it,
// or kEnd.
func (a *arranger) statementWord(t, following token) kind {
	if t.kind != kName || !t.has(plain) {
		return kEnd
	}
	word, ok := statementWords[a.text[t.start:t.end]]
	if !ok || following.has(newlineBefore) {
		return kEnd
	}
	follows := false
	switch word {
	case kImport:
		follows = following.kind == kString
	case kExport:
		follows = exportGoesOn(following)
	default:
		follows = following.kind == kName
	}
	if !follows {
		return kEnd
	}
	return word
}

// exportGoesOn holds if t may follow the keyword export: anything but "=", an
// operator, the end, or a bracket without a space.
func exportGoesOn(t token) bool {
	switch t.kind {
	case kEnd, kSemicolon, kArrow, kDot, kEllipsis, kComma, kColon, kPrime, kCloseParen, kCloseBracket, kCloseBrace:
		return false
	case kElse, kFor, kIn, kWhile, kBreak, kContinue, kReturn, kNewaxis:
		return false // neither an expression nor a declaration begins so
	case kOpenParen, kOpenBracket, kOpenBrace:
		return t.has(spaceBefore)
	}
	return !t.kind.isBinary() && !t.kind.isAssign()
}

// startsOver holds for a first token of a line that begins a statement
// whatever was left open.
func (a *arranger) startsOver(t token, word kind, following token) bool {
	switch t.kind {
	case kFn, kLet:
		// A field or an argument may be called "let".
		return following.kind != kColon && following.kind != kAssign
	}
	return word == kVar || word == kInput || word == kImport || word == kExport
}

// recover closes the brackets that can't be open where a statement begins.
func (a *arranger) recover(t token, word kind) {
	withinBlock := t.kind == kLet || word == kVar
	for len(a.open) > 0 && !(withinBlock && a.innermost() == kOpenBrace) {
		a.closeMissing(t, &t)
	}
}

// lineEnds holds if the line end before t ends a statement.
func (a *arranger) lineEnds(t, following token) bool {
	switch a.innermost() {
	case kOpenParen, kOpenBracket:
		return false
	}
	if a.before().continues() {
		return false
	}
	switch t.kind {
	case kElse, kAssign, kArrow, kAnd, kOr:
		return false
	case kDot:
		return !following.kind.isWord()
	}
	return !t.kind.isBinary() || !following.has(spaceBefore) && following.kind != kEnd
}

func (a *arranger) endLine(t token) {
	switch a.before() {
	case kNewline, kSemicolon, kOpenBrace:
		return
	}
	end := a.tokens[len(a.tokens)-1].end
	a.tokens = append(a.tokens, token{kind: kNewline, start: end, end: end, partner: -1})
}

func bracketClass(k kind) int {
	switch k {
	case kOpenParen, kCloseParen:
		return 0
	case kOpenBracket, kCloseBracket:
		return 1
	}
	return 2
}

func closing(open kind) kind { return open + 1 }

// close finds the partner of a closing bracket. It holds if there is one.
func (a *arranger) close(t *token) bool {
	partner := a.last[bracketClass(t.kind)]
	if partner < 0 {
		if k := a.innermost(); (k == kOpenParen || k == kOpenBracket) && a.open[len(a.open)-1].line == a.line {
			a.closeWrongly(t)
			return true
		}
		a.unmatched(*t)
		return false
	}
	if t.kind != kCloseBrace {
		// ")" and "]" don't close a "{" of another line: there the stray
		// bracket is the more likely mistake.
		if brace := a.last[2]; brace > partner && a.open[brace].line != a.line {
			a.unmatched(*t)
			return false
		}
	}
	for len(a.open)-1 > partner {
		a.closeMissing(*t, nil)
	}
	a.pop(t)
	return true
}

// closeWrongly takes t for a slip of the finger: it was meant to close the
// innermost open bracket.
func (a *arranger) closeWrongly(t *token) {
	open := a.tokens[a.open[len(a.open)-1].token]
	need := spelling[closing(open.kind)]
	a.mistakes.add(&ast.Diagnostic{
		Code: ast.CodeSyntax, Span: a.span(int(t.start), int(t.end)),
		Message: "`" + spelling[t.kind] + "` can't close `" + spelling[open.kind] + "`",
		Labels:  []ast.Label{{Span: a.span(int(open.start), int(open.end)), Text: "opened here"}},
		Hint:    "write `" + need + "`",
	})
	t.kind = closing(open.kind)
	t.flags |= reported
	a.pop(t)
}

// pop takes t, which is about to be appended, as the partner of the innermost
// open bracket.
func (a *arranger) pop(t *token) {
	top := a.open[len(a.open)-1]
	a.open = a.open[:len(a.open)-1]
	a.last[bracketClass(a.tokens[top.token].kind)] = top.previous
	a.tokens[top.token].partner = int32(len(a.tokens))
	t.partner = top.token
}

// closeMissing reports the innermost open bracket, which is not closed before
// t, and closes it. The word is the statement word that forced it, if any.
func (a *arranger) closeMissing(t token, word *token) {
	open := &a.tokens[a.open[len(a.open)-1].token]
	open.flags |= reported
	need := spelling[closing(open.kind)]
	d := &ast.Diagnostic{
		Code: ast.CodeSyntax, Span: a.span(int(open.start), int(open.end)),
		Message: "this `" + spelling[open.kind] + "` is never closed",
	}
	if t.kind == kEnd {
		d.Labels = []ast.Label{{Span: a.span(int(t.start), int(t.end)), Text: "the text ends here without its `" + need + "`"}}
	} else {
		d.Labels = []ast.Label{{Span: a.span(int(t.start), int(t.end)), Text: "its `" + need + "` is missing before this"}}
	}
	a.mistakes.add(d)
	a.unclosed[a.open[len(a.open)-1].token] = d
	if word != nil && len(a.forced) < mistakeLimit {
		a.forced = append(a.forced, forcedClose{closing(open.kind), d, *word})
	}
	end := t.start
	if len(a.tokens) > 0 {
		end = a.tokens[len(a.tokens)-1].end
	}
	missing := token{kind: closing(open.kind), flags: inserted | reported, start: end, end: end}
	a.pop(&missing)
	a.tokens = append(a.tokens, missing)
}

// unmatched reports a closing bracket without an opening one. If a statement
// word closed its partner, the word stood inside of brackets: that is the
// mistake then.
func (a *arranger) unmatched(t token) {
	for i := len(a.forced) - 1; i >= 0; i-- {
		f := a.forced[i]
		if f.kind != t.kind {
			continue
		}
		open := f.mistake.Span
		f.mistake.Code = ast.CodeMisplaced
		word := a.text[f.word.start:f.word.end]
		f.mistake.Span = a.span(int(f.word.start), int(f.word.end))
		f.mistake.Message = "`" + word + "` stands at top level, not inside of brackets"
		if f.word.kind == kLet || word == "var" {
			f.mistake.Message = "`" + word + "` begins a statement, and a statement does not stand inside of brackets"
		}
		f.mistake.Labels = []ast.Label{{Span: open, Text: "this bracket is open there"}}
		a.forced = append(a.forced[:i], a.forced[i+1:]...)
		return
	}
	a.mistakes.add(&ast.Diagnostic{
		Code: ast.CodeSyntax, Span: a.span(int(t.start), int(t.end)),
		Message: "this `" + spelling[t.kind] + "` closes nothing",
	})
	t.kind = kBad
	t.flags |= reported
	a.tokens = append(a.tokens, t)
}
