package data

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// ReadNPY reads an array in NumPy's format, versions 1 to 3: booleans,
// integers, floats and complex numbers of any width that NumPy has but f2 and
// long double, in both byte orders, stored by rows or by columns. Integers
// become i64, f4 stays f32. Name is the file's, for errors.
func ReadNPY(name string, content []byte) (Typed, error) {
	header, elements, err := splitNPY(name, content)
	if err != nil {
		return Typed{}, err
	}
	h, err := parseNPYHeader(name, header)
	if err != nil {
		return Typed{}, err
	}
	size, err := runtime.Size(h.shape)
	if err != nil {
		return Typed{}, badFile("%s: %v", name, err)
	}
	if size > math.MaxInt/h.width || size*h.width != len(elements) {
		return Typed{}, badFile("%s says it has shape %s of %s (%d bytes each), but %d bytes follow", name, shapeText(h.shape), h.kind(), h.width, len(elements))
	}
	array, err := h.decode(name, elements, size)
	return Typed{array}, err
}

func badFile(format string, args ...any) *ast.Diagnostic { return bad(nil, 0, 0, format, args...) }

// splitNPY checks the first bytes and cuts the text that describes the array
// from the elements.
func splitNPY(name string, content []byte) (header string, elements []byte, err error) {
	const magic = "\x93NUMPY"
	if !bytes.HasPrefix(content, []byte(magic)) {
		return "", nil, badFile("%s is no .npy file: it doesn't begin with \\x93NUMPY", name)
	}
	rest := content[len(magic):]
	if len(rest) < 2 {
		return "", nil, badFile("%s ends within its header", name)
	}
	version, rest := rest[0], rest[2:]
	lengthBytes := 4
	switch version {
	case 1:
		lengthBytes = 2
	case 2, 3:
	default:
		return "", nil, badFile("%s has version %d of the .npy format; 1, 2 and 3 can be read", name, version)
	}
	if len(rest) < lengthBytes {
		return "", nil, badFile("%s ends within its header", name)
	}
	length := uint64(binary.LittleEndian.Uint16(rest))
	if lengthBytes == 4 {
		length = uint64(binary.LittleEndian.Uint32(rest))
	}
	rest = rest[lengthBytes:]
	if length > uint64(len(rest)) {
		return "", nil, badFile("%s says its header has %d bytes, but %d follow", name, length, len(rest))
	}
	return string(rest[:length]), rest[length:], nil
}

// An npyHeader describes an array: {'descr': '<f8', 'fortran_order': False,
// 'shape': (3, 4)}.
type npyHeader struct {
	order   binary.ByteOrder
	class   byte // b i u f c
	width   int  // bytes of an element
	columns bool // the first index runs fastest
	shape   []int
}

func (h npyHeader) kind() string { return string(h.class) + strconv.Itoa(h.width) }

// maxNPYRank is NumPy's own.
const maxNPYRank = 64

func parseNPYHeader(name, header string) (npyHeader, error) {
	h := npyHeader{order: binary.LittleEndian}
	p := npyDict{text: header}
	seen := map[string]bool{}
	p.expect('{')
	for !p.failed && !p.take('}') {
		key := p.quoted()
		p.expect(':')
		switch key {
		case "descr":
			if p.peek() == '[' {
				return h, badFile("%s holds records; only arrays of numbers can be read", name)
			}
			if err := h.setKind(name, p.quoted()); err != nil && !p.failed {
				return h, err
			}
		case "fortran_order":
			h.columns = p.bool()
		case "shape":
			h.shape = p.tuple()
		default:
			p.failed = true
		}
		seen[key] = true
		if !p.take(',') && p.peek() != '}' {
			p.failed = true
		}
	}
	if p.failed || len(seen) != 3 {
		return h, badFile("%s has a header that can't be read: %s", name, strconv.Quote(shorten(header)))
	}
	if len(h.shape) > maxNPYRank {
		return h, badFile("%s has %d axes; at most %d can be read", name, len(h.shape), maxNPYRank)
	}
	return h, nil
}

func (h *npyHeader) setKind(name, descr string) error {
	kind := descr
	if kind != "" && strings.ContainsRune("<>|=", rune(kind[0])) {
		if kind[0] == '>' {
			h.order = binary.BigEndian
		}
		kind = kind[1:]
	}
	switch kind {
	case "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16":
		h.class = kind[0]
		h.width, _ = strconv.Atoi(kind[1:])
		return nil
	}
	return badFile("%s holds elements of type %s; b1, i1 to i8, u1 to u8, f4, f8, c8 and c16 can be read", name, strconv.Quote(shorten(descr)))
}

func (h npyHeader) decode(name string, bytes []byte, size int) (*runtime.Array, error) {
	uints := func(at int) uint64 {
		b := bytes[at:]
		switch h.width {
		case 1:
			return uint64(b[0])
		case 2:
			return uint64(h.order.Uint16(b))
		case 4:
			return uint64(h.order.Uint32(b))
		}
		return h.order.Uint64(b)
	}
	f32 := func(at int) float32 { return math.Float32frombits(h.order.Uint32(bytes[at:])) }
	f64 := func(at int) float64 { return math.Float64frombits(h.order.Uint64(bytes[at:])) }
	switch h.kind() {
	case "b1":
		return decodeAs(h, size, func(at int) bool { return bytes[at] != 0 }), nil
	case "f4":
		return decodeAs(h, size, f32), nil
	case "f8":
		return decodeAs(h, size, f64), nil
	case "c8":
		return decodeAs(h, size, func(at int) complex128 { return complex(float64(f32(at)), float64(f32(at+4))) }), nil
	case "c16":
		return decodeAs(h, size, func(at int) complex128 { return complex(f64(at), f64(at+8)) }), nil
	case "u8":
		for at := 0; at < len(bytes); at += 8 {
			if u := uints(at); u > math.MaxInt64 {
				return nil, badFile("%s holds %d, which does not fit i64", name, u)
			}
		}
	}
	shift := 0
	if h.class == 'i' {
		shift = 64 - 8*h.width
	}
	return decodeAs(h, size, func(at int) int64 { return int64(uints(at)) << shift >> shift }), nil
}

// decodeAs reads size elements; element gives the one whose bytes begin at the
// place it is given.
func decodeAs[T runtime.Element](h npyHeader, size int, element func(at int) T) *runtime.Array {
	elements := make([]T, size)
	if !h.columns || len(h.shape) < 2 {
		for i := range elements {
			elements[i] = element(i * h.width)
		}
		return mustShape(elements, h.shape)
	}
	strides := make([]int, len(h.shape)) // in the file, in elements
	for axis, stride := 0, 1; axis < len(h.shape); axis++ {
		strides[axis] = stride
		stride *= h.shape[axis]
	}
	index, at := make([]int, len(h.shape)), 0 // of the element that comes next
	for i := range elements {
		elements[i] = element(at * h.width)
		for axis := len(h.shape) - 1; axis >= 0; axis-- {
			index[axis]++
			at += strides[axis]
			if index[axis] < h.shape[axis] {
				break
			}
			at -= strides[axis] * h.shape[axis]
			index[axis] = 0
		}
	}
	return mustShape(elements, h.shape)
}

func shapeText(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// npyDict reads the literals of Python that a header is made of.
type npyDict struct {
	text   string
	failed bool
}

func (p *npyDict) peek() byte {
	p.text = strings.TrimLeft(p.text, " \n\t")
	if p.text == "" {
		return 0
	}
	return p.text[0]
}

func (p *npyDict) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.text = p.text[1:]
	return true
}

func (p *npyDict) expect(c byte) { p.failed = !p.take(c) || p.failed }

func (p *npyDict) quoted() string {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		p.failed = true
		return ""
	}
	inside, rest, ok := strings.Cut(p.text[1:], string(quote))
	p.text, p.failed = rest, p.failed || !ok
	return inside
}

func (p *npyDict) bool() bool {
	p.peek()
	for _, word := range []string{"True", "False"} {
		if rest, ok := strings.CutPrefix(p.text, word); ok {
			p.text = rest
			return word == "True"
		}
	}
	p.failed = true
	return false
}

// tuple reads "(3, 4)", "(3,)" or "()"; Python 2 wrote "(3L, 4L)".
func (p *npyDict) tuple() []int {
	var sizes []int
	p.expect('(')
	for !p.failed && !p.take(')') {
		p.peek()
		digits := len(p.text) - len(strings.TrimLeft(p.text, "0123456789"))
		n, err := strconv.Atoi(p.text[:digits])
		p.failed = p.failed || err != nil
		p.text = strings.TrimPrefix(p.text[digits:], "L")
		sizes = append(sizes, n)
		if !p.take(',') && p.peek() != ')' {
			p.failed = true
		}
	}
	return sizes
}
