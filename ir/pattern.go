package ir

import (
	"fmt"
	"strings"
)

// A Pattern says how a number is written: "%8.3f" with a text before and behind.
type Pattern struct {
	Before, Behind string
	Left           bool // flush left in its width
	Plus           bool // "+" before numbers that are not negative
	Space          bool // a space there
	Zero           bool // zeros before the digits, up to the width
	Width          int  // at least so many characters
	Precision      int  // decimals, or digits for g and G; -1 if not given
	Verb           byte // one of d e E f F g G x X o b, or s for the shortest text
}

// maxPattern bounds the width and the precision of a pattern.
const maxPattern = 200

// ParsePattern reads a text with one "%[flags][width][.precision]verb" in it;
// "%%" stands for a percent sign.
func ParsePattern(text string) (Pattern, error) {
	p := Pattern{Precision: -1}
	part := &p.Before
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '%':
			*part += text[i : i+1]
			continue
		case strings.HasPrefix(text[i:], "%%"):
			*part += "%"
			i++
			continue
		case p.Verb != 0:
			return p, fmt.Errorf("a pattern has one place for a number, and %q has more", text)
		}
		var err error
		if i, err = p.verb(text, i+1); err != nil {
			return p, err
		}
		part = &p.Behind
	}
	if p.Verb == 0 {
		return p, fmt.Errorf("%q has no place for a number, such as %%.3g", text)
	}
	return p, nil
}

// verb reads what stands behind the percent sign at i - 1; it gives the place of
// its last character.
func (p *Pattern) verb(text string, i int) (int, error) {
	for ; i < len(text) && strings.IndexByte("-+ 0", text[i]) >= 0; i++ {
		switch text[i] {
		case '-':
			p.Left = true
		case '+':
			p.Plus = true
		case ' ':
			p.Space = true
		case '0':
			p.Zero = true
		}
	}
	number := func() (n int, err error) {
		for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
			if n = 10*n + int(text[i]-'0'); n > maxPattern {
				return 0, fmt.Errorf("widths and precisions in a pattern are at most %d", maxPattern)
			}
		}
		return n, nil
	}
	var err error
	if p.Width, err = number(); err != nil {
		return i, err
	}
	if i < len(text) && text[i] == '.' {
		i++
		if p.Precision, err = number(); err != nil {
			return i, err
		}
	}
	if i >= len(text) || strings.IndexByte("deEfFgGxXobs", text[i]) < 0 {
		return i, fmt.Errorf("a pattern has one of %%d %%e %%E %%f %%F %%g %%G %%x %%X %%o %%b %%s, and %q has another", text)
	}
	p.Verb = text[i]
	return i, nil
}

// Takes reports whether numbers of dtype t can be written with p: whole numbers
// alone with d, x, X, o and b.
func (p Pattern) Takes(t DType) bool {
	switch p.Verb {
	case 's':
		return t != Text
	case 'd', 'x', 'X', 'o', 'b':
		return t == I64
	}
	return t != Bool && t != Text
}
