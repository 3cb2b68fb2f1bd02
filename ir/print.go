package ir

import (
	"math"
	"strconv"
	"strings"
)

// PrintOptions choose what the text form shows.
type PrintOptions struct {
	Positions bool // "@line:column" after each operation
}

// String is the text form of m, which Parse reads.
func (m *Module) String() string { return m.Format(PrintOptions{}) }

// Format writes m as text.
func (m *Module) Format(options PrintOptions) string {
	var b strings.Builder
	for i, f := range m.Funcs {
		if i > 0 {
			b.WriteString("\n")
		}
		if f == m.Main {
			b.WriteString("main ")
		}
		p := newPrinter(f, options)
		p.function()
		b.WriteString(p.b.String())
	}
	return b.String()
}

// String is the text form of f.
func (f *Func) String() string {
	p := newPrinter(f, PrintOptions{})
	p.function()
	return p.b.String()
}

type printer struct {
	f       *Func
	options PrintOptions
	b       strings.Builder
	depth   int
	names   []string       // of values, by ID
	used    map[string]int // how often a name has been given
	count   int            // of values without a name
}

func newPrinter(f *Func, options PrintOptions) *printer {
	return &printer{f: f, options: options, names: make([]string, f.NumValues()), used: map[string]int{}}
}

// declare gives v its name in the text: the user's, with a number if another
// value has it already, or a number alone.
func (p *printer) declare(v *Value) string {
	name := v.Name
	if !isName(name) {
		p.count++
		name = "%" + strconv.Itoa(p.count)
	} else if p.used[name]++; p.used[name] > 1 {
		name += "." + strconv.Itoa(p.used[name])
	}
	p.names[v.ID] = name
	return name
}

func (p *printer) name(v *Value) string {
	if v == nil {
		return "%nothing"
	}
	if int(v.ID) >= len(p.names) || p.names[v.ID] == "" {
		return "%" + strconv.Itoa(int(v.ID)) + "?"
	}
	return p.names[v.ID]
}

func (p *printer) atom(a Atom) string {
	if j, ok := a.ResultIndex(); ok {
		return "_" + strconv.Itoa(j)
	}
	return p.name(p.f.values[a])
}

func (p *printer) dim(d Dim) string { return d.Format(p.atom) }

func (p *printer) dims(dims []Dim) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = p.dim(d)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (p *printer) list(values []*Value) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = p.name(v)
	}
	return strings.Join(parts, ", ")
}

// declared writes "name: type, …".
func (p *printer) declared(values []*Value) string {
	parts := make([]string, len(values))
	for i, v := range values {
		name := p.declare(v)
		parts[i] = name + ": " + v.Type.Format(p.atom)
	}
	return strings.Join(parts, ", ")
}

func (p *printer) line(parts ...string) {
	for range p.depth {
		p.b.WriteString("  ")
	}
	for _, s := range parts {
		p.b.WriteString(s)
	}
	p.b.WriteString("\n")
}

func (p *printer) function() {
	f := p.f
	word := "func "
	if f.Recursive {
		word = "recursive func "
	}
	sizes := make([]string, len(f.Sizes))
	for i, v := range f.Sizes {
		sizes[i] = p.declare(v)
	}
	head := word + quoteName(f.Name) + "[" + strings.Join(sizes, ", ") + "](" + p.declared(f.Params) + ")"
	results := make([]string, len(f.Results))
	for i, t := range f.Results {
		results[i] = t.Format(p.atom)
	}
	head += " -> "
	if f.SizeResults > 0 {
		head += "some " + strconv.Itoa(f.SizeResults) + " "
	}
	p.line(head, "(", strings.Join(results, ", "), ") ", ruleText(f.Rule), "{", p.position(f.Pos.Line() > 0, f.Pos.String()))
	p.block(f.Body, "return")
	p.line("}")
}

// ruleText writes "derivative tangent with results pullback other ".
func ruleText(r *DerivativeRule) string {
	if r == nil {
		return ""
	}
	text := "derivative " + quoteName(r.Tangent.Name) + " "
	if r.TakesResults {
		text += "with results "
	}
	if r.Pullback != nil {
		text += "pullback " + quoteName(r.Pullback.Name) + " "
	}
	return text
}

func (p *printer) position(valid bool, span string) string {
	if !p.options.Positions || !valid {
		return ""
	}
	parts := strings.Split(span, ":")
	return " @" + strings.Join(parts[len(parts)-2:], ":")
}

func (p *printer) block(b *Block, end string) {
	p.depth++
	for _, op := range b.Ops {
		p.operation(op)
	}
	if len(b.Yield) > 0 {
		p.line(end, " ", p.list(b.Yield))
	}
	p.depth--
}

func (p *printer) operation(op *Op) {
	// Names are given in the order of the text: results first.
	var results string
	if len(op.Results) > 0 {
		results = p.declared(op.Results) + " = "
	}
	at := p.position(op.Pos.IsValid(), op.Pos.String())
	switch op.Code {
	case If:
		p.line(results, "if ", p.name(op.Args[0]), " {", at)
		p.block(op.Regions[0], "yield")
		p.line("} else {")
		p.block(op.Regions[1], "yield")
		p.line("}")
	case For:
		body := op.Regions[0]
		index := p.declare(body.Params[0])
		p.line(results, "for ", index, " in ", p.name(op.Args[0]), "..", p.name(op.Args[1]),
			" carry (", p.carried(body.Params[1:], op.Args[2:]), ") {", at)
		p.block(body, "yield")
		p.line("}")
	case While:
		p.line(results, "while carry (", p.carried(op.Regions[0].Params, op.Args), ") {", at)
		p.block(op.Regions[0], "yield")
		p.line("} do (", p.declared(op.Regions[1].Params), ") {")
		p.block(op.Regions[1], "yield")
		p.line("}")
	case Map:
		indices := make([]string, len(op.Regions[0].Params))
		for i, v := range op.Regions[0].Params {
			indices[i] = p.declare(v) + "<" + p.dim(op.Attr.(MapAttr).Dims[i])
		}
		p.line(results, "map ", strings.Join(indices, ", "), " {", at)
		p.block(op.Regions[0], "yield")
		p.line("}")
	default:
		text := op.Code.String() + p.attribute(op)
		if len(op.Args) > 0 {
			text += " " + p.list(op.Args)
		}
		p.line(results, text, at)
	}
}

// carried writes "name: type = initial value, …".
func (p *printer) carried(params, init []*Value) string {
	parts := make([]string, len(params))
	for i, v := range params {
		name := p.declare(v)
		parts[i] = name + ": " + v.Type.Format(p.atom) + " = " + p.name(init[i])
	}
	return strings.Join(parts, ", ")
}

// attribute writes what stands between the name of an operation and its
// operands.
func (p *printer) attribute(op *Op) string {
	var parts []string
	add := func(s ...string) { parts = append(parts, s...) }
	when := func(holds bool, s string) {
		if holds {
			add(s)
		}
	}
	switch a := op.Attr.(type) {
	case nil:
		return ""
	case Literal:
		return " " + a.text(op.Results[0].Type.DType)
	case ArrayLiteral:
		return a.text(op.Results[0].Type, p.dim)
	case DimsAttr:
		return p.dims(a.Dims)
	case SizeAttr:
		add(a.Kind.String(), p.dim(a.A))
		when(a.Kind != SizeValue, p.dim(a.B))
	case ConvertAttr:
		add(a.To.String())
	case PermAttr:
		for _, axis := range a.Perm {
			add(strconv.Itoa(axis))
		}
	case SliceAttr:
		for i, d := range a.Dims {
			add("(" + p.dim(d) + ", " + strconv.FormatInt(a.Steps[i], 10) + ")")
		}
	case RetypeAttr:
		add(strconv.Quote(a.Message))
		for _, d := range a.Dims {
			add(p.dim(d))
		}
	case IndexAttr:
		add(strconv.Quote(a.Spec))
		for _, r := range a.Range {
			add("(" + p.dim(r.Dim) + ", " + strconv.FormatInt(r.Step, 10) + ")")
		}
		when(op.Code == Accumulate, a.Mode.String())
		when(a.Wrap, "wrap")
		when(a.Batch > 0, "batch "+strconv.Itoa(a.Batch))
	case AxisAttr:
		add(strconv.Itoa(a.Axis))
	case ReduceAttr:
		add(a.Kind.String())
		for _, axis := range a.Axes {
			add(strconv.Itoa(axis))
		}
	case ScanAttr:
		add(a.Kind.String())
		when(a.Reverse, "reverse")
	case ContractAttr:
		add(strconv.Quote(a.Spec))
		when(a.Batch > 0, "batch "+strconv.Itoa(a.Batch))
	case SearchAttr:
		when(a.Right, "right")
	case CallAttr:
		return " " + quoteName(a.Callee.Name) + p.dims(a.Sizes)
	case DeriveAttr:
		text := " " + quoteName(a.Callee.Name) + p.dims(a.Sizes) + " " + strconv.Quote(a.Seeds)
		if op.Code == VJP {
			text += " " + strconv.Quote(a.Wrt)
		}
		if op.Code == Taylor {
			text += " " + strconv.Itoa(a.Order)
		}
		return text
	case PatternAttr:
		return " " + quoteName(a.Callee.Name) + p.dims(a.Sizes) + " " + strconv.Itoa(a.Output) + p.dims(a.Rows) + " " + strconv.Itoa(a.Input) + p.dims(a.Columns)
	case LibAttr:
		add(a.Name, strconv.Quote(a.Options))
		for _, d := range a.Sizes {
			add(p.dim(d))
		}
	case HostAttr:
		add(strconv.Quote(a.Name))
		when(a.Pure, "pure")
	case CheckAttr:
		add(strconv.Quote(a.Code), strconv.Quote(a.Message))
	case FormatAttr:
		add(strconv.Quote(a.Pattern))
	case PrintAttr:
		for _, piece := range a.Pieces {
			if piece.Arg >= 0 {
				add("{" + strconv.Itoa(piece.Arg) + "}")
			} else {
				add(strconv.Quote(piece.Text))
			}
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// text writes a literal of t.
func (l Literal) text(t DType) string {
	switch t {
	case Bool:
		return strconv.FormatBool(l.I != 0)
	case I64:
		return strconv.FormatInt(l.I, 10)
	case F32, F64:
		return floatText(l.F)
	case C128:
		return "(" + floatText(real(l.C)) + ", " + floatText(imag(l.C)) + ")"
	default:
		return strconv.Quote(l.S)
	}
}

func floatText(x float64) string {
	switch {
	case x != x:
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Key is a text that operations of one Func share that compute the same, if
// they have no regions: the code, the attribute, the operands and the dtypes of
// the results.
func (op *Op) Key(f *Func) string {
	p := printer{f: f} // without names, values are numbers
	b := append(make([]byte, 0, 64), op.Code.String()...)
	if size, ok := op.Attr.(SizeAttr); ok {
		b = append(b, size.Key()...)
	} else {
		b = append(b, p.attribute(op)...)
	}
	for _, v := range op.Args {
		b = strconv.AppendInt(append(b, ' '), int64(v.ID), 10)
	}
	for _, v := range op.Results {
		b = append(append(b, ':'), v.Type.DType.String()...)
	}
	return string(b)
}
