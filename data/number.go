package data

import (
	"errors"
	"strconv"
	"strings"
)

// The parse functions read a whole text as one number; the second result says
// what is wrong with it, empty if nothing is: "is not a number".

const notANumber = "is not a number"

// isNumber reports whether text is a number, of whatever size.
func isNumber(text string) bool {
	_, problem := parseComplex(text)
	return problem != notANumber
}

func parseBool(text string) (bool, string) {
	switch strings.ToLower(text) {
	case "true":
		return true, ""
	case "false":
		return false, ""
	}
	return false, "is neither true nor false"
}

func parseInt(text string) (int64, string) {
	i, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil:
		return i, ""
	case errors.Is(err, strconv.ErrRange):
		return 0, "does not fit 64 bits"
	}
	if _, problem := parseFloat(text); problem == "" {
		return 0, "is not an integer"
	}
	return 0, notANumber
}

func parseFloat(text string) (float64, string) { return parseFloatBits(text, 64) }

func parseFloat32(text string) (float32, string) {
	x, problem := parseFloatBits(text, 32)
	return float32(x), problem
}

func parseFloatBits(text string, bits int) (float64, string) {
	x, err := strconv.ParseFloat(text, bits)
	switch {
	case err == nil:
		return x, ""
	case errors.Is(err, strconv.ErrRange):
		return 0, "is larger than any f" + strconv.Itoa(bits)
	}
	return 0, notANumber
}

// parseComplex reads "1", "2i", "1+2i", "1-2j", with or without parentheses.
func parseComplex(text string) (complex128, string) {
	if x, problem := parseFloat(text); problem != notANumber {
		return complex(x, 0), problem
	}
	s := text
	if strings.HasSuffix(s, "j") || strings.HasSuffix(s, "j)") {
		s = strings.TrimSuffix(strings.TrimSuffix(s, ")"), "j") + "i"
		s = strings.TrimPrefix(s, "(")
	}
	z, err := strconv.ParseComplex(s, 128)
	switch {
	case err == nil:
		return z, ""
	case errors.Is(err, strconv.ErrRange):
		return 0, "is larger than any c128"
	}
	return 0, notANumber
}
