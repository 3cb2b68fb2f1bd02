package lang

// gap is what stands between piece i and the one before it on the same line,
// which begins with piece first.
func (s *typesetter) gap(i, first int) string {
	p, before := &s.pieces[i], &s.pieces[i-1]
	switch {
	case p.has(markComment):
		return "  "
	case p.has(markStarts) && !p.kind.isClose() && !before.kind.isOpen():
		return "; "
	case s.spaced(p, before, i-1 == first), s.wouldStick(p, before):
		return " "
	}
	return ""
}

// spaced says whether a space stands between two pieces. Here all is said about
// the spaces of the one style.
func (s *typesetter) spaced(p, before *piece, beforeIsFirst bool) bool {
	class := classNone
	if len(s.stack) > 0 {
		class = s.pieces[s.stack[len(s.stack)-1].piece].class
	}
	switch {
	case before.kind.isOpen():
		return before.class == classBlock
	case p.kind.isClose():
		return class == classBlock
	case before.kind == kComma, before.kind == kSemicolon:
		return true
	case p.kind == kComma, p.kind == kSemicolon, p.kind == kColon, p.kind == kPrime, p.kind == kDot:
		return false
	case before.kind == kColon:
		return class != classIndex
	case before.kind == kDot, before.kind == kNabla, before.kind == kEllipsis, before.has(markSign):
		return false
	case p.has(markPostfix):
		return false
	case beforeIsFirst && before.kind.isBinary():
		// At the beginning of a line the space tells an operator from a sign.
		return true
	case isTight(p, class), isTight(before, class):
		return false
	}
	return true
}

// isTight holds for operators without spaces around them.
func isTight(p *piece, class class) bool {
	switch p.kind {
	case kPower, kRange:
		return true
	case kAssign:
		return p.has(markKeywordArg)
	case kPlus, kMinus:
		return class == classIndex && !p.has(markSign)
	case kSlash, kAt:
		return class == classIndex
	case kStar, kFloorDiv, kPercent:
		return class == classIndex || class == classDims
	}
	return false
}

// wouldStick holds if two pieces would be read as others without a space.
func (s *typesetter) wouldStick(p, before *piece) bool {
	last, next := s.text[before.end-1], s.text[p.start]
	return last == '.' && next == '.' || isNamePart(last) && isNamePart(next)
}
