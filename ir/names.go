package ir

import (
	"strconv"
	"strings"
)

// Format writes t with the names that f gives to the atoms: "f64[n, 2*m]".
func (t Type) Format(f func(Atom) string) string {
	if len(t.Dims) == 0 {
		return t.DType.String()
	}
	parts := make([]string, len(t.Dims))
	for i, d := range t.Dims {
		parts[i] = d.Format(f)
	}
	return t.DType.String() + "[" + strings.Join(parts, ", ") + "]"
}

// String writes t with the numbers of its atoms.
func (t Type) String() string {
	return t.Format(func(a Atom) string { return "$" + strconv.Itoa(int(a)) })
}

// describe writes the types of values of f, with the names that they have.
func describe(f *Func, args []*Value) string {
	parts := make([]string, len(args))
	for i, v := range args {
		if v == nil {
			parts[i] = "nothing"
			continue
		}
		parts[i] = v.Type.Format(func(a Atom) string {
			if a < 0 {
				return "result " + strconv.Itoa(int(-1-a))
			}
			if size := f.Value(a); size.Name != "" {
				return size.Name
			}
			return "$" + strconv.Itoa(int(a))
		})
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

var (
	sizeKinds       = [...]string{"value", "min", "max", "div", "mod"}
	reduceKinds     = [...]string{"sum", "prod", "min", "max", "all", "any", "argmin", "argmax"}
	scanKinds       = [...]string{"cumsum", "cumprod", "cummin", "cummax", "recur"}
	accumulateModes = [...]string{"add", "sub", "mul", "div"}
)

func (k SizeKind) String() string       { return sizeKinds[k] }
func (k ReduceKind) String() string     { return reduceKinds[k] }
func (k ScanKind) String() string       { return scanKinds[k] }
func (m AccumulateMode) String() string { return accumulateModes[m] }
