package ir

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isName reports whether s is written as it is: a letter or _ and then letters,
// marks, digits and _, but not what sizes of results are written as.
func isName(s string) bool {
	for i, c := range s {
		if !isLetter(c) && (i == 0 || !isFollowing(c)) {
			return false
		}
	}
	if len(s) > 1 && s[0] == '_' && s[1] >= '0' && s[1] <= '9' {
		return false
	}
	return s != "" && s != "_"
}

func isLetter(c rune) bool { return c == '_' || unicode.IsLetter(c) && c != utf8.RuneError }

func isFollowing(c rune) bool {
	return unicode.IsMark(c) || unicode.IsDigit(c) || c >= '₀' && c <= '₉'
}

// quoteName writes the name of a function.
func quoteName(s string) string {
	if isName(s) {
		return s
	}
	return strconv.Quote(s)
}

// A token is a word (a name, with what isName allows and "%", "."), a number, a
// quoted text, or one or two characters of punctuation.
type token struct {
	kind byte // 'w', '0', '"', 'p'; 0 at the end
	text string
	line int
}

func scan(text string) ([]token, error) {
	var tokens []token
	line := 1
	for i := 0; i < len(text); {
		c, width := utf8.DecodeRuneInString(text[i:])
		rest := text[i:]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case c == '"':
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return nil, fmt.Errorf("line %d: a text without end", line)
			}
			value, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			tokens = append(tokens, token{'"', value, line})
			i += len(quoted)
		case isLetter(c) || c == '%':
			end := i + width
			for end < len(text) {
				c, width := utf8.DecodeRuneInString(text[end:])
				// "x.2" is a word, "a..b" are two.
				dotted := c == '.' && !strings.HasPrefix(text[end:], "..")
				if !isLetter(c) && !isFollowing(c) && !dotted {
					break
				}
				end += width
			}
			tokens = append(tokens, token{'w', text[i:end], line})
			i = end
		case c >= '0' && c <= '9':
			end := i + 1
			for end < len(text) && strings.IndexByte("0123456789.e", text[end]) >= 0 ||
				end < len(text) && strings.IndexByte("+-", text[end]) >= 0 && text[end-1] == 'e' {
				end++
			}
			tokens = append(tokens, token{'0', text[i:end], line})
			i = end
		default:
			for _, pair := range [2]string{"->", ".."} {
				if strings.HasPrefix(rest, pair) {
					width = 2
				}
			}
			tokens = append(tokens, token{'p', rest[:width], line})
			i += width
		}
	}
	return append(tokens, token{0, "", line}), nil
}
