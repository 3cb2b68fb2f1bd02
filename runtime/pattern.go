package runtime

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/calx-lang/calx/ir"
)

// FormatPattern is an array as people read it, with its elements written as p
// says, as C's printf writes them. A complex number is its two parts.
func FormatPattern(a *Array, p ir.Pattern) string {
	return p.Before + formatWith(a, func(i int) string { return patterned(a, i, p) }, formatWidth) + p.Behind
}

// patterned is element i of a as p says.
func patterned(a *Array, i int, p ir.Pattern) string {
	if p.Verb == 's' {
		return padded(a.element(i), p)
	}
	switch a.dtype {
	case ir.I64:
		return patternedInteger(a.I64()[i], p)
	case ir.F32:
		return patternedFloat(float64(a.F32()[i]), p)
	case ir.F64:
		return patternedFloat(a.F64()[i], p)
	case ir.C128:
		z := a.C128()[i]
		second := p
		second.Plus = true
		return patternedFloat(real(z), p) + patternedFloat(imag(z), second) + "i"
	}
	return padded(a.element(i), p)
}

func patternedInteger(n int64, p ir.Pattern) string {
	base := map[byte]int{'d': 10, 'x': 16, 'X': 16, 'o': 8, 'b': 2}[p.Verb]
	if base == 0 {
		return patternedFloat(float64(n), p)
	}
	digits := strings.TrimPrefix(strconv.FormatInt(n, base), "-")
	if p.Verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if p.Precision >= 0 {
		digits = strings.Repeat("0", max(0, p.Precision-len(digits))) + digits
		p.Zero = false
	}
	return signed(n < 0, digits, p)
}

func patternedFloat(x float64, p ir.Pattern) string {
	negative := math.Signbit(x) && x == x
	if x != x || math.IsInf(x, 0) {
		p.Zero = false
		if x != x {
			return signed(false, "nan", p)
		}
		return signed(negative, "inf", p)
	}
	precision, verb := p.Precision, p.Verb
	if precision < 0 {
		precision = 6
	}
	if verb == 'F' {
		verb = 'f'
	}
	if precision == 0 && (verb == 'g' || verb == 'G') {
		precision = 1
	}
	return signed(negative, strconv.FormatFloat(math.Abs(x), verb, precision, 64), p)
}

// signed is a sign and digits in the width of p.
func signed(negative bool, digits string, p ir.Pattern) string {
	sign := ""
	switch {
	case negative:
		sign = "-"
	case p.Plus:
		sign = "+"
	case p.Space:
		sign = " "
	}
	if p.Zero && !p.Left {
		digits = strings.Repeat("0", max(0, p.Width-len(sign)-len(digits))) + digits
	}
	return padded(sign+digits, p)
}

func padded(s string, p ir.Pattern) string {
	room := strings.Repeat(" ", max(0, p.Width-utf8.RuneCountInString(s)))
	if p.Left {
		return s + room
	}
	return room + s
}
