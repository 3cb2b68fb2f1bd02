package ir

import (
	"fmt"
	"slices"
	"strings"
)

// A Library is a kernel that Lib calls: a row of the table Libraries. All
// operands may have leading batch axes, the same for all of them.
type Library struct {
	Name    string
	Params  []string // core shapes: "n,n"
	Results []string // dtype and core shape: "E n,k"; E is that of the operands; k is min(m, n)
	DTypes  DTypes
	Options []string // words that LibAttr.Options may have, separated by spaces
	Doc     string
}

// Libraries is the table of kernels.
var Libraries = []Library{
	{"cholesky", []string{"n,n"}, []string{"E n,n"}, dtypes(F64, C128), nil, "L, lower triangular, with L Lᴴ = A"},
	{"lu", []string{"n,n"}, []string{"E n,n", "i64 n"}, dtypes(F64, C128), nil, "L below and U above and on the diagonal of one array, and p with A[p] = L U"},
	{"qr", []string{"m,n"}, []string{"E m,k", "E k,n"}, dtypes(F64, C128), nil, "Q with orthonormal columns and R, upper triangular, with Q R = A"},
	{"eigh", []string{"n,n"}, []string{"R n", "E n,n"}, dtypes(F64, C128), nil, "eigenvalues, ascending, and orthonormal eigenvectors, as columns, of a Hermitian A, of which the lower triangle is read"},
	{"eig", []string{"n,n"}, []string{"c128 n", "c128 n,n"}, dtypes(F64, C128), nil, "eigenvalues and eigenvectors, as columns of norm 1"},
	{"svd", []string{"m,n"}, []string{"E m,k", "R k", "E k,n"}, dtypes(F64, C128), nil, "U, s, descending, and Vᴴ with U diag(s) Vᴴ = A"},
	{"trsolve", []string{"n,n", "n,m"}, []string{"E n,m"}, dtypes(F64, C128), []string{"lower", "upper", "unit", "trans"}, "X with A X = B, or Aᵀ X = B, for a triangular A"},
	{"fft", []string{"n"}, []string{"c128 n"}, dtypes(F64, C128), []string{"inverse"}, "the discrete Fourier transform, with exp(-2πi j k / n), or exp(+2πi j k / n); not scaled"},
}

// Rank is that of operand i without batch axes.
func (l *Library) Rank(i int) int { return len(letters(l.Params[i])) }

// LookupLibrary is the row of name, nil if there is none.
func LookupLibrary(name string) *Library {
	for i := range Libraries {
		if Libraries[i].Name == name {
			return &Libraries[i]
		}
	}
	return nil
}

// Lib appends a call of a kernel of the library.
func (b *Builder) Lib(name, options string, args ...*Value) []*Value {
	attr := LibAttr{Name: name, Options: options}
	if m, n, ok := attr.leastOf(args); ok {
		attr.Sizes = []Dim{b.SizeOp(SizeMin, m, n)}
	}
	return b.Emit(Lib, attr, args...)
}

// leastOf gives m and n if the results of the kernel have the size min(m, n).
func (a LibAttr) leastOf(args []*Value) (m, n Dim, ok bool) {
	row := LookupLibrary(a.Name)
	if row == nil || len(args) == 0 || args[0].Type.Rank() < 2 || !slices.ContainsFunc(row.Results, func(s string) bool {
		return strings.Contains(s, "k")
	}) {
		return Dim{}, Dim{}, false
	}
	dims := args[0].Type.Dims
	return dims[len(dims)-2], dims[len(dims)-1], true
}

// ruleLib takes the sizes of letters from the operands, k from the attribute.
func ruleLib(attr Attr, args []*Value) ([]Type, error) {
	a := attr.(LibAttr)
	row := LookupLibrary(a.Name)
	if row == nil {
		return nil, fmt.Errorf("no kernel %s", a.Name)
	}
	for _, word := range strings.Fields(a.Options) {
		if !slices.Contains(row.Options, word) {
			return nil, fmt.Errorf("%s has no option %s", a.Name, word)
		}
	}
	if len(args) != len(row.Params) {
		return nil, fmt.Errorf("%d operands", len(args))
	}
	batch := args[0].Type.Rank() - len(letters(row.Params[0]))
	if batch < 0 {
		return nil, errRank
	}
	lead := args[0].Type.Dims[:batch]
	sizes := map[string]Dim{}
	if _, _, ok := a.leastOf(args); ok != (len(a.Sizes) == 1) {
		return nil, fmt.Errorf("%d sizes", len(a.Sizes))
	} else if ok {
		sizes["k"] = a.Sizes[0]
	}
	for i, v := range args {
		t := v.Type
		core := letters(row.Params[i])
		if t.Rank() != batch+len(core) {
			return nil, errRank
		}
		if t.DType != args[0].Type.DType || !row.DTypes.Has(t.DType) {
			return nil, errTypes
		}
		if !(Type{t.DType, t.Dims[:batch]}).Equal(Type{t.DType, lead}) {
			return nil, errDims
		}
		for k, letter := range core {
			d, known := sizes[letter]
			if known && !d.Equal(t.Dims[batch+k]) {
				return nil, errDims
			}
			sizes[letter] = t.Dims[batch+k]
		}
	}
	var types []Type
	for _, result := range row.Results {
		name, shape, _ := strings.Cut(result, " ")
		t := ArrayOf(args[0].Type.DType, slices.Clone(lead)...)
		switch name {
		case "R":
			if t.DType == C128 {
				t.DType = F64
			}
		case "c128":
			t.DType = C128
		case "i64":
			t.DType = I64
		}
		for _, letter := range letters(shape) {
			t.Dims = append(t.Dims, sizes[letter])
		}
		types = append(types, t)
	}
	return types, nil
}

func letters(shape string) []string { return strings.Split(shape, ",") }
