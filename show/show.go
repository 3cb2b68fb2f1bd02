// Package show writes functions of the array IR as Calx: what goes in is a
// function behind the passes, what comes out is syntax that parses, checks and
// computes the same. Names of the user are kept; what has one reader is written
// where it is read; broadcasts are left to the language.
package show

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// Function gives f under a name, behind the functions that it calls. Parameters
// that are parts of a tuple or record stand alone. An error says what has no
// form in the language.
func Function(f *ir.Func, name string) (stmts []ast.Stmt, err error) {
	defer func() {
		if r := recover(); r != nil {
			without, ok := r.(formless)
			if !ok {
				panic(r)
			}
			stmts, err = nil, fmt.Errorf("%s can't be written in Calx", string(without))
		}
	}()
	s := &shower{names: map[*ir.Func]string{}, taken: map[string]bool{}}
	s.names[f] = s.unused(name)
	s.function(f)
	return s.stmts, nil
}

// A formless is what has no form in the language.
type formless string

// A shower has the functions that are written.
type shower struct {
	names map[*ir.Func]string
	taken map[string]bool
	stmts []ast.Stmt
}

// nameOf is the name of a callee, which is written first if it is new.
func (s *shower) nameOf(f *ir.Func) string {
	if name, ok := s.names[f]; ok {
		return name
	}
	s.names[f] = s.unused(f.Name)
	s.function(f)
	return s.names[f]
}

func (s *shower) unused(name string) string {
	name = unusedName(name, func(name string) bool { return s.taken[name] })
	s.taken[name] = true
	return name
}

func (s *shower) function(f *ir.Func) {
	w := &writer{shower: s, f: f, taken: map[string]bool{}, names: map[*ir.Value]string{},
		mutable: map[*ir.Value]*ir.Block{},
		forms:   map[*ir.Value]form{}, uses: countUses(f), sized: sizesOf(f)}
	fn := &ast.Fn{Name: ast.Ident{Name: s.names[f]}}
	more := w.sizes(f)
	for _, p := range f.Params {
		name := w.paramName(p)
		fn.Params = append(fn.Params, &ast.Param{Name: ast.Ident{Name: name}, Type: w.typ(p.Type)})
	}
	fn.Params = append(fn.Params, more...)
	if f.Recursive {
		fn.Result = w.results(f)
	}
	body := w.body(f.Body, func() ast.Expr { return w.tuple(f.Body.Yield[f.SizeResults:]) })
	fn.Body = body
	if x, ok := only(body); ok {
		fn.Body = x
	}
	s.stmts = append(s.stmts, fn)
}

// countUses counts the operations that read each value, in whatever block, and
// come to be written: those that only a check has asked for don't.
func countUses(f *ir.Func) map[*ir.Value]int {
	uses := map[*ir.Value]int{}
	var count func(op *ir.Op)
	use := func(v *ir.Value) {
		if uses[v]++; uses[v] == 1 && v.Def != nil && len(v.Def.Regions) == 0 {
			count(v.Def)
		}
	}
	counted := map[*ir.Op]bool{}
	count = func(op *ir.Op) {
		if counted[op] {
			return
		}
		counted[op] = true
		op.Uses(f, func(v *ir.Value) {
			if !slices.Contains(op.Args, v) && !counted[v.Def] && v.Def != nil {
				count(v.Def)
			}
		})
		for i, v := range op.Args {
			if op.Code != ir.Mul || !slices.Contains(op.Args[:i], v) {
				use(v)
			}
		}
	}
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		for _, op := range b.Ops {
			if len(op.Regions) > 0 || op.Code == ir.Print || op.Code == ir.Host || op.Code == ir.Call {
				count(op)
			}
			for _, region := range op.Regions {
				walk(region)
			}
		}
		for _, v := range b.Yield {
			use(v)
		}
	}
	walk(f.Body)
	return uses
}

// sizesOf are the values that types in f mention.
func sizesOf(f *ir.Func) map[*ir.Value]bool {
	sized := map[*ir.Value]bool{}
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		for _, op := range b.Ops {
			if op.Code != ir.Check {
				op.Uses(f, func(v *ir.Value) { sized[v] = sized[v] || !slices.Contains(op.Args, v) })
			}
			for _, region := range op.Regions {
				walk(region)
			}
		}
	}
	walk(f.Body)
	return sized
}

// sizes names the sizes of f, and gives the parameters that they need: those
// that no parameter has alone are the value of a parameter of that name, or of
// one more.
func (w *writer) sizes(f *ir.Func) (more []*ast.Param) {
	given := givenSizes(f)
	for i, s := range f.Sizes {
		if given[i] != nil {
			w.names[s] = w.paramName(given[i])
			continue
		}
		w.names[s] = w.fresh(s.Name, "n")
		if isMore(f, s) {
			more = append(more, &ast.Param{Name: ast.Ident{Name: w.names[s]}, Type: &ast.ArrayType{DType: "i64"}})
		}
	}
	return more
}

// givenSizes has, for each size of f, the parameter whose value it is, or nil.
func givenSizes(f *ir.Func) []*ir.Value {
	given := make([]*ir.Value, len(f.Sizes))
	for i, s := range f.Sizes {
		k := slices.IndexFunc(f.Params, func(p *ir.Value) bool {
			return p.Type.Equal(ir.Scalar(ir.I64)) && p.Name == s.Name && s.Name != ""
		})
		if k >= 0 && isMore(f, s) {
			given[i] = f.Params[k]
		}
	}
	return given
}

// isMore reports whether no type of a parameter has the size s alone.
func isMore(f *ir.Func, s *ir.Value) bool {
	return !slices.ContainsFunc(f.Params, func(p *ir.Value) bool { return hasAlone(p.Type, s.Dim()) })
}

func hasAlone(t ir.Type, d ir.Dim) bool { return slices.ContainsFunc(t.Dims, d.Equal) }

func (w *writer) paramName(p *ir.Value) string {
	if _, named := w.names[p]; !named {
		w.names[p] = w.fresh(p.Name, "x")
	}
	return w.names[p]
}

// results is the annotation of what f gives.
func (w *writer) results(f *ir.Func) ast.TypeExpr {
	types := f.Results[f.SizeResults:]
	elems := make([]ast.TypeExpr, len(types))
	for i, t := range types {
		elems[i] = w.typ(t)
	}
	if len(elems) == 1 {
		return elems[0]
	}
	return &ast.TupleType{Elems: elems}
}

// typ is t as an annotation.
func (w *writer) typ(t ir.Type) ast.TypeExpr {
	if t.DType == ir.Text {
		return &ast.StrType{}
	}
	a := &ast.ArrayType{DType: t.DType.String()}
	for _, d := range t.Dims {
		a.Dims = append(a.Dims, w.dim(d))
	}
	return a
}

var identifier = regexp.MustCompile(`^[\pL_][\pL\pM\pN_]*$`)
var notOfNames = regexp.MustCompile(`[^\pL\pM\pN_]+`)

// fresh is a name that nothing else in the function has: like what the user
// wrote, else a letter with a number.
func (w *writer) fresh(like, letter string) string {
	like = notOfNames.ReplaceAllString(like, "_")
	if like == "" || like == "_" || !identifier.MatchString(like) {
		for i := 1; ; i++ {
			like = letter + strconv.Itoa(i)
			if letter == "n" && i == 1 {
				like = letter
			}
			if !w.isTaken(like) {
				break
			}
		}
	}
	name := unusedName(like, w.isTaken)
	w.taken[name] = true
	return name
}

func (w *writer) isTaken(name string) bool { return w.taken[name] || w.shower.taken[name] }

// unusedName is like, with a number if that is taken.
func unusedName(like string, taken func(string) bool) string {
	like = notOfNames.ReplaceAllString(like, "_")
	name := like
	for i := 2; taken(name) || reserved[name]; i++ {
		name = like + "_" + strconv.Itoa(i)
	}
	return name
}

// reserved are the names that the writer writes, and the words of the language.
var reserved = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range []string{
		"fn", "let", "if", "else", "for", "in", "while", "break", "continue", "return", "and", "or", "not", "true",
		"false", "newaxis", "none", "pi", "e", "inf", "nan", "f64", "f32", "i64", "bool", "c128", "str", "num", "_",
		"arange", "full", "zeros", "ones", "broadcast_to", "where", "minimum", "maximum", "atan2", "copysign",
		"bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not", "shift_left", "shift_right", "complex", "real", "imag",
		"conj", "transpose", "reshape", "take_along_axis", "concatenate", "sum", "prod", "min", "max", "all", "any",
		"argmin", "argmax", "cumsum", "cumprod", "cummin", "cummax", "flip", "einsum", "outer", "sort", "argsort",
		"searchsorted", "nonzero", "linalg", "fft", "random", "print", "format",
	} {
		set[name] = true
	}
	for c := range ir.Ops {
		if code := ir.Code(c); ir.Ops[c].Class == ir.Elementwise && infix[code] == "" && comparison[code] == "" && bits[code][0] == "" && code != ir.Neg {
			set[ir.Ops[c].Name] = true
		}
	}
	return set
}()
