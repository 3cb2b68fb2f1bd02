package calx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/passes"
	"github.com/calx-lang/calx/passes/pattern"
	"github.com/calx-lang/calx/passes/smoothness"
	"github.com/calx-lang/calx/typecheck"
)

// A Report says how a function can be differentiated.
type Report struct {
	Function  string       `json:"function"`
	Signature string       `json:"signature"`
	Parts     []ReportPart `json:"parts"`
}

// A ReportPart is how one array of the value depends on one array of the arguments.
type ReportPart struct {
	Value    string `json:"value"`
	Argument string `json:"argument"`
	// Kind is "smooth", "linear" (up to a constant), "piecewise", "cut" (locally
	// constant), "constant", or "unknown" (by a function of the host without a
	// rule). Pieces is what the pieces are: "smooth", "linear", "constant".
	Kind   string        `json:"kind"`
	Pieces string        `json:"pieces,omitempty"`
	Kinks  []ReportPlace `json:"kinks,omitempty"`
	Cuts   []ReportPlace `json:"cuts,omitempty"`
	// Jacobian is "zero", "diagonal", "banded", "sparse" or "dense"; Reads are the
	// elements of the argument that element [i, j, …] of the value depends on.
	Jacobian string   `json:"jacobian"`
	Reads    []string `json:"reads,omitempty"`
	rank     int      // of the array of the value
}

// A ReportPlace is a place in a program.
type ReportPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"` // what stands there, its first line
	What   string `json:"what"` // the operation, such as abs, max, where, floor
}

// ReportsOf says of the functions that a program exports, and of those that it
// differentiates, how each part of their values depends on each of their
// arguments. Nothing runs. With function, an expression such as f or grad(f), it
// says so of the functions that are differentiated there, or of itself.
func ReportsOf(file *ast.File, function ast.Expr, opts Options) (reports []Report, err error) {
	defer recoverBug(&err)
	checking := opts.checking()
	checking.Function = function
	checked, mistakes := typecheck.Check(file, checking)
	if mistakes.HasErrors() {
		return nil, mistakes
	}
	module, entries, err := lower.LowerEntries(checked)
	if err != nil {
		return nil, err
	}
	if err := passes.Run(module, passes.Options{Until: passes.BeforeDiff}); err != nil {
		return nil, err
	}
	var roots []*ir.Func
	if function != nil {
		shown := entries[typecheck.ShownFunction].Func
		if roots = differentiated([]*ir.Func{shown}); len(roots) == 0 {
			roots = []*ir.Func{shown}
		}
	} else {
		for _, f := range checked.Functions {
			roots = append(roots, entries[f.Name].Func)
		}
		roots = append(roots, differentiated(module.Funcs)...)
	}
	seen := map[string]bool{}
	for _, f := range roots {
		r := reportOf(f)
		if function != nil && f == entries[typecheck.ShownFunction].Func {
			if r.Function = lang.FormatExpr(function); strings.Contains(r.Function, "->") {
				r.Function = "(" + r.Function + ")"
			}
		}
		if key := r.Function + r.Signature; !seen[key] {
			seen[key] = true
			reports = append(reports, r)
		}
	}
	return reports, nil
}

// differentiated are the functions whose derivatives are taken in funcs, and in
// what they call.
func differentiated(funcs []*ir.Func) (list []*ir.Func) {
	seen := map[*ir.Func]bool{}
	var visit func(f *ir.Func)
	var block func(b *ir.Block)
	block = func(b *ir.Block) {
		for _, op := range b.Ops {
			callee := op.Callee()
			if _, derives := op.Attr.(ir.DeriveAttr); derives && !slices.Contains(list, callee) {
				list = append(list, callee)
			} else if callee != nil {
				visit(callee)
			}
			for _, region := range op.Regions {
				block(region)
			}
		}
	}
	visit = func(f *ir.Func) {
		if !seen[f] {
			seen[f] = true
			block(f.Body)
		}
	}
	for _, f := range funcs {
		visit(f)
	}
	return list
}

// reportOf says how the floats that f gives depend on those that it takes.
func reportOf(f *ir.Func) Report {
	atom := func(a ir.Atom) string {
		if j, ok := a.ResultIndex(); ok {
			return fmt.Sprintf("_%d", j)
		}
		return f.Value(a).Name
	}
	typeText := func(t ir.Type) string {
		dims := make([]string, len(t.Dims))
		for i, d := range t.Dims {
			dims[i] = d.Format(atom)
		}
		if len(dims) == 0 {
			return t.DType.String()
		}
		return t.DType.String() + "[" + strings.Join(dims, ", ") + "]"
	}
	var params, values []string
	for _, p := range f.Params {
		params = append(params, p.Name+": "+typeText(p.Type))
	}
	results := f.Results[f.SizeResults:]
	for _, t := range results {
		values = append(values, typeText(t))
	}
	text := strings.Join(values, ", ")
	if len(values) != 1 {
		text = "(" + text + ")"
	}
	r := Report{Function: withoutNumber(f.Name), Signature: "(" + strings.Join(params, ", ") + ") -> " + text}
	patterns := pattern.Of(f)
	for i, facts := range smoothness.Of(f) {
		if !results[i].DType.IsInexact() {
			continue
		}
		name := "value"
		if len(results) > 1 {
			name = fmt.Sprintf("value[%d]", i)
		}
		for k, d := range facts {
			if !f.Params[k].Type.DType.IsInexact() {
				continue
			}
			part := ReportPart{Value: name, Argument: f.Params[k].Name, Kinks: reportPlaces(d.Kinks), Cuts: reportPlaces(d.Cuts)}
			part.Kind, part.Pieces = kindOf(d)
			part.rank = min(results[i].Rank(), 9)
			p := patterns[i][k]
			if d.Degree == smoothness.Constant && len(d.Kinks) == 0 {
				p = nil
			}
			part.Jacobian = p.Class(results[i].Rank()).String()
			for _, relation := range p.Sorted() {
				part.Reads = append(part.Reads, strings.TrimSuffix(part.Argument+relation.Text(atom), "[]"))
			}
			r.Parts = append(r.Parts, part)
		}
	}
	return r
}

// withoutNumber is the name of a function without what tells its instances apart.
func withoutNumber(name string) string {
	base, number, found := strings.Cut(name, ".")
	if _, err := strconv.Atoi(number); found && err == nil {
		return base
	}
	return name
}

// kindOf is the word for a dependence, and, if it has pieces, for those.
func kindOf(d smoothness.Dependence) (kind, pieces string) {
	switch {
	case d.Degree == smoothness.Unknown:
		return "unknown", ""
	case len(d.Kinks) > 0:
		return "piecewise", d.Degree.String()
	case d.Degree == smoothness.Constant && len(d.Cuts) > 0:
		return "cut", ""
	}
	return d.Degree.String(), ""
}

// wordsOf are the words for operations where those of the table are not what a
// user writes.
var wordsOf = map[ir.Code]string{
	ir.Select: "where", ir.Lt: "comparison", ir.Le: "comparison", ir.Eq: "comparison", ir.Convert: "cast", ir.Gather: "index",
	ir.Update: "index", ir.Accumulate: "index", ir.Scan: "extreme so far", ir.Reduce: "extreme", ir.Call: "rule", ir.FloorDiv: "//", ir.Mod: "%",
}

func reportPlaces(places []smoothness.Place) []ReportPlace {
	var list []ReportPlace
	for _, p := range places {
		r := ReportPlace{What: p.Code.String()}
		if word, ok := wordsOf[p.Code]; ok {
			r.What = word
		}
		if p.Span.IsValid() {
			at := p.Span.Position()
			r.File, r.Line, r.Column = p.Span.Source.Name, at.Line, at.Column
			r.Text, _, _ = strings.Cut(p.Span.Text(), "\n")
		}
		list = append(list, r)
	}
	return list
}

// String is the report as a text of several lines.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", r.Function, r.Signature)
	width := 0
	for _, p := range r.Parts {
		width = max(width, len(p.Value+" in "+p.Argument))
	}
	for _, p := range r.Parts {
		kind := p.Kind
		if p.Pieces != "" {
			kind += ", " + p.Pieces + " pieces"
		}
		fmt.Fprintf(&b, "  %-*s  %s", width, p.Value+" in "+p.Argument, kind)
		if p.rank > 0 || !slices.Equal(p.Reads, []string{p.Argument}) {
			b.WriteString("; Jacobian " + p.Jacobian)
			if len(p.Reads) > 0 && p.Jacobian != "dense" {
				fmt.Fprintf(&b, ": %s reads %s", p.element(), strings.Join(p.Reads, ", "))
			}
		}
		b.WriteString("\n")
		for _, place := range p.Kinks {
			fmt.Fprintf(&b, "  %*s  kink at %s\n", width, "", place)
		}
		for _, place := range p.Cuts {
			fmt.Fprintf(&b, "  %*s  cut at %s\n", width, "", place)
		}
	}
	return b.String()
}

// element is how the element of the value is written that Reads speak of.
func (p ReportPart) element() string {
	var letters []string
	for _, letter := range "ijklmnopq"[:p.rank] {
		letters = append(letters, string(letter))
	}
	if len(letters) == 0 {
		return p.Value
	}
	return p.Value + "[" + strings.Join(letters, ", ") + "]"
}

// String is "fit.calx:3:12 max: max(x, 0)".
func (p ReportPlace) String() string {
	if p.Line == 0 {
		return p.What
	}
	return fmt.Sprintf("%s:%d:%d %s: %s", p.File, p.Line, p.Column, p.What, p.Text)
}
