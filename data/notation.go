package data

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// ReadText reads one value as the language and JSON write it: 2.5, 1+2i, true,
// [[1, 2], [3, 4]], "text", (1, 2), {a: 1, "b": [2]}, and an array in the form
// {"dtype": "float64", "shape": [2], "data": [1, "nan"]}.
func ReadText(source *ast.Source) (Value, error) {
	if err := readable(source); err != nil {
		return nil, err
	}
	p := &notation{source: source, text: source.Text}
	p.at = len(source.Text) - len(strings.TrimPrefix(source.Text, "\ufeff"))
	v, err := p.whole()
	if err != nil {
		return nil, err
	}
	return v, nil
}

// maxNesting bounds brackets inside brackets.
const maxNesting = 100

// notation reads values. Numbers are collected in elements until it is known
// what array they belong to.
type notation struct {
	source   *ast.Source
	text     string
	at       int
	nesting  int
	elements elements
	words    bool // "nan", "inf" and "-inf" in quotes are numbers
	typed    bool // an array with a dtype was read
}

// An item is a value, or an array whose elements are the last of p.elements.
type item struct {
	value runtime.Value // nil if it is such an array
	start int           // of its elements
	shape []int
}

func (p *notation) whole() (Value, error) {
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.peek() != 0 {
		return nil, p.bad(p.at, "nothing was expected here, after the value")
	}
	if p.typed {
		return Typed{v}, nil
	}
	return Written{v}, nil
}

func (p *notation) bad(start int, format string, args ...any) *ast.Diagnostic {
	return bad(p.source, start, min(start+1, len(p.text)), format, args...)
}

// peek is the byte that comes next after white space, 0 at the end.
func (p *notation) peek() byte {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		case 0:
			return ' ' // fits nothing
		default:
			return p.text[p.at]
		}
	}
	return 0
}

func (p *notation) value() (runtime.Value, error) {
	x, err := p.item()
	if err != nil {
		return nil, err
	}
	return p.finish(x)
}

// finish makes a value of an item.
func (p *notation) finish(x item) (runtime.Value, error) {
	if x.value != nil {
		return x.value, nil
	}
	dtype, ok := p.elements.dtype(x.start)
	if !ok {
		return nil, p.bad(max(p.at-1, 0), "this array has numbers and truth values")
	}
	return p.elements.array(dtype, x.start, x.shape), nil
}

func (p *notation) item() (item, error) {
	switch c := p.peek(); c {
	case 0:
		return item{}, p.bad(p.at, "a value is missing")
	case '[', '(', '{':
		if p.nesting++; p.nesting > maxNesting {
			return item{}, p.bad(p.at, "brackets are nested deeper than %d", maxNesting)
		}
		defer func() { p.nesting-- }()
		start := p.at
		p.at++
		switch c {
		case '[':
			return p.list(start)
		case '(':
			return p.tuple(start)
		}
		return p.object(start)
	case '"':
		return p.textItem()
	}
	return p.scalar()
}

func (p *notation) textItem() (item, error) {
	s, err := p.quoted()
	if err != nil {
		return item{}, err
	}
	if p.words && (s == "nan" || s == "inf" || s == "-inf") {
		x, _ := strconv.ParseFloat(s, 64)
		p.elements.addFloat(x)
		return item{start: p.elements.len() - 1}, nil
	}
	return item{value: runtime.Text(s)}, nil
}

// list reads "a, b]". Arrays of one shape become one array, other things a
// tuple.
func (p *notation) list(open int) (item, error) {
	start, n := p.elements.len(), 0
	var shape []int          // of each of the n arrays that were read
	var values runtime.Tuple // what was read, from the first that is no such array on
	for p.peek() != ']' {
		x, err := p.item()
		if err != nil {
			return item{}, err
		}
		if n == 0 {
			shape = x.shape
		}
		if values == nil && (x.value != nil || !slices.Equal(x.shape, shape)) {
			last, err := p.finish(x)
			if err != nil {
				return item{}, err
			}
			if values, err = p.split(start, n, shape); err != nil {
				return item{}, err
			}
			values = append(values, last)
		} else if values != nil {
			v, err := p.finish(x)
			if err != nil {
				return item{}, err
			}
			values = append(values, v)
		}
		n++
		if err := p.comma(open, ']'); err != nil {
			return item{}, err
		}
	}
	p.at++
	if values != nil {
		return item{value: values}, nil
	}
	return item{start: start, shape: append([]int{n}, shape...)}, nil
}

// split takes the last elements as n arrays of one shape.
func (p *notation) split(start, n int, shape []int) (runtime.Tuple, error) {
	values := make(runtime.Tuple, n, n+1)
	for i := n - 1; i >= 0; i-- {
		v, err := p.finish(item{start: start + i*(p.elements.len()-start)/(i+1), shape: shape})
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// tuple reads "a, b)"; "a)" is a.
func (p *notation) tuple(open int) (item, error) {
	values, comma := runtime.Tuple{}, false
	for p.peek() != ')' {
		v, err := p.value()
		if err != nil {
			return item{}, err
		}
		values = append(values, v)
		comma = p.peek() == ','
		if err := p.comma(open, ')'); err != nil {
			return item{}, err
		}
	}
	p.at++
	if len(values) == 1 && !comma {
		return item{value: values[0]}, nil
	}
	return item{value: values}, nil
}

// comma takes a comma, or sees that end comes.
func (p *notation) comma(open int, end byte) error {
	switch p.peek() {
	case ',':
		p.at++
	case end:
	case 0:
		return p.bad(open, "this bracket is never closed")
	default:
		return p.bad(p.at, "a comma or %q is missing here", end)
	}
	return nil
}

// object reads "a: x, b: y}": a record, or an array in the form with a dtype.
func (p *notation) object(open int) (item, error) {
	r := runtime.Record{Names: []string{}}
	dataAt := -1
	for p.peek() != '}' {
		at := p.at
		name, err := p.key()
		if err != nil {
			return item{}, err
		}
		if slices.Contains(r.Names, name) {
			return item{}, p.bad(at, "%q stands here a second time", name)
		}
		if p.peek() != ':' {
			return item{}, p.bad(p.at, `":" is missing here`)
		}
		p.at++
		var v runtime.Value
		if name == "data" {
			// How it is to be read is known when the dtype is.
			dataAt = p.at
			err = p.skip(open)
		} else {
			v, err = p.value()
		}
		if err != nil {
			return item{}, err
		}
		r.Names, r.Values = append(r.Names, name), append(r.Values, v)
		if err := p.comma(open, '}'); err != nil {
			return item{}, err
		}
	}
	p.at++
	if dataAt < 0 {
		return item{value: r}, nil
	}
	end := p.at
	defer func() { p.at = end }()
	if f, ok := arrayForm(r); ok {
		return p.typedArray(f, open, dataAt)
	}
	p.at = dataAt
	v, err := p.value()
	r.Values[slices.Index(r.Names, "data")] = v
	return item{value: r}, err
}

func (p *notation) key() (string, error) {
	if p.peek() == '"' {
		return p.quoted()
	}
	if word := p.word(); word != "" {
		return word, nil
	}
	return "", p.bad(p.at, "a name is missing here")
}

// skip passes over a value without reading it.
func (p *notation) skip(open int) error {
	depth := 0
	for ; ; p.at++ {
		switch p.peek() {
		case 0:
			return p.bad(open, "this bracket is never closed")
		case '"':
			if _, err := p.quoted(); err != nil {
				return err
			}
			p.at--
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth == 0 {
				return nil
			}
			depth--
		case ',':
			if depth == 0 {
				return nil
			}
		}
	}
}

// quoted reads a text in quotes, with the escapes of JSON and Go.
func (p *notation) quoted() (string, error) {
	start := p.at
	for p.at++; p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\n'; p.at++ {
		if p.text[p.at] == '\\' {
			p.at++
		}
	}
	if p.at >= len(p.text) || p.text[p.at] == '\n' {
		p.at = len(p.text)
		return "", p.bad(start, "this quote is never closed")
	}
	p.at++
	s, err := unquote(p.text[start:p.at])
	if err != nil {
		return "", p.bad(start, "this text has an escape that doesn't exist")
	}
	return s, nil
}

// word reads up to a bracket, a quote, a comma, a colon or white space.
func (p *notation) word() string {
	p.peek()
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n,:[](){}\"\x00", p.text[p.at]) < 0 {
		p.at++
	}
	return p.text[start:p.at]
}

// scalar reads a number, "true" or "false".
func (p *notation) scalar() (item, error) {
	start := p.at
	x := item{start: p.elements.len()}
	word := p.word()
	if word == "true" || word == "false" {
		p.elements.addBool(word == "true")
		return x, nil
	}
	digits, base := literalDigits(word)
	if i, err := strconv.ParseInt(digits, base, 64); err == nil {
		p.elements.addInt(i)
		return x, nil
	} else if errors.Is(err, strconv.ErrRange) {
		return item{}, p.badWord(start, word, "does not fit 64 bits")
	}
	f, problem := parseFloat(digits)
	if problem == "" {
		p.elements.addFloat(f)
		return x, nil
	}
	if problem == notANumber {
		var z complex128
		if z, problem = parseComplex(digits); problem == "" {
			p.elements.addComplex(z)
			return x, nil
		}
	}
	return item{}, p.badWord(start, word, problem)
}

func (p *notation) badWord(start int, word, problem string) error {
	if word == "" {
		return p.bad(start, "%q fits nothing here", p.text[start:start+1])
	}
	return bad(p.source, start, p.at, "%q %s", shorten(word), problem)
}

// literalDigits is a number as package strconv reads it: without the "_" between
// digits, and with its base.
func literalDigits(word string) (digits string, base int) {
	if strings.IndexByte(word, '_') > 0 {
		inside := strings.Trim(word, "_")
		if inside == word && !strings.Contains(word, "__") {
			word = strings.ReplaceAll(word, "_", "")
		}
	}
	sign := ""
	if word != "" && (word[0] == '-' || word[0] == '+') {
		sign, word = word[:1], word[1:]
	}
	if len(word) > 2 && word[0] == '0' && word[1]|0x20 == 'x' && strings.IndexByte(word, '.') < 0 {
		return sign + word[2:], 16
	}
	return sign + word, 10
}
