package encode

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Text is the module in the text format, without what only binaries have
// (places and custom sections).
func (m *Module) Text() string {
	m.number()
	w := &textWriter{module: m, functions: map[*Function]string{}}
	used := map[string]bool{}
	for i, f := range m.functions {
		w.functions[f] = identifier(f.name, i, used)
	}
	w.line("(module" + space(moduleIdentifier(m.Name)))
	w.indent++
	for _, s := range m.types {
		w.line("(type (func" + signatureText(s) + "))")
	}
	w.imports()
	for _, f := range m.defined() {
		w.function(f)
	}
	w.definitions()
	w.indent--
	w.line(")")
	return w.String()
}

func moduleIdentifier(name string) string {
	if name == "" {
		return ""
	}
	return identifier(name, 0, map[string]bool{})
}

func space(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// identifier is a name that the text format takes and that is not used yet.
func identifier(name string, index int, used map[string]bool) string {
	id := "$" + strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F && !strings.ContainsRune(`"(),;[]{}`, r) {
			return r
		}
		return '_'
	}, name)
	if name == "" {
		id += strconv.Itoa(index)
	}
	for used[id] {
		id += "#" + strconv.Itoa(index)
	}
	used[id] = true
	return id
}

type textWriter struct {
	strings.Builder
	module    *Module
	functions map[*Function]string
	indent    int
}

func (w *textWriter) line(text string) {
	for range w.indent {
		w.WriteString("  ")
	}
	w.WriteString(text)
	w.WriteByte('\n')
}

func list(word string, types []ValueType) string {
	if len(types) == 0 {
		return ""
	}
	text := " (" + word
	for _, t := range types {
		text += " " + t.String()
	}
	return text + ")"
}

func signatureText(s Signature) string { return list("param", s.Params) + list("result", s.Results) }

func (l limits) String() string { return fmt.Sprintf("%d %d", l.least, l.most) }

func (g *Global) typeText() string {
	if g.mutable {
		return "(mut " + g.kind.String() + ")"
	}
	return g.kind.String()
}

func (w *textWriter) imports() {
	m := w.module
	write := func(name *importName, what string) {
		if name != nil {
			w.line(fmt.Sprintf("(import %s %s (%s))", quote([]byte(name.module)), quote([]byte(name.name)), what))
		}
	}
	for _, f := range m.functions {
		write(f.imported, fmt.Sprintf("func %s (type %d)", w.functions[f], f.kind))
	}
	for _, t := range m.tables {
		write(t.imported, "table "+t.limits.String()+" funcref")
	}
	if m.memory != nil {
		write(m.memory.imported, "memory "+m.memory.limits.String())
	}
	for _, g := range m.globals {
		write(g.imported, "global "+g.typeText())
	}
}

// definitions writes all but functions.
func (w *textWriter) definitions() {
	m := w.module
	for _, t := range m.tables {
		if t.imported == nil {
			w.line("(table " + t.limits.String() + " funcref)")
		}
	}
	if m.memory != nil && m.memory.imported == nil {
		w.line("(memory " + m.memory.limits.String() + ")")
	}
	for _, g := range m.globals {
		if g.imported == nil {
			w.line(fmt.Sprintf("(global %s (%s.const %s))", g.typeText(), g.kind, constantText(g.kind, g.initial, 0)))
		}
	}
	for _, e := range m.exports {
		switch of := e.of.(type) {
		case *Function:
			w.line(fmt.Sprintf("(export %s (func %s))", quote([]byte(e.name)), w.functions[of]))
		case *Table:
			w.line(fmt.Sprintf("(export %s (table %d))", quote([]byte(e.name)), of.index))
		case *Memory:
			w.line(fmt.Sprintf("(export %s (memory 0))", quote([]byte(e.name))))
		case *Global:
			w.line(fmt.Sprintf("(export %s (global %d))", quote([]byte(e.name)), of.index))
		}
	}
	if m.start != nil {
		w.line("(start " + w.functions[m.start] + ")")
	}
	for _, e := range m.elements {
		text := "(elem"
		if e.table.index > 0 {
			text += fmt.Sprintf(" (table %d)", e.table.index)
		}
		text += fmt.Sprintf(" (i32.const %d) func", int32(e.offset))
		for _, f := range e.functions {
			text += " " + w.functions[f]
		}
		w.line(text + ")")
	}
	for _, d := range m.data {
		where := ""
		if d.active {
			where = fmt.Sprintf("(i32.const %d) ", int32(d.offset))
		}
		w.line("(data " + where + quote(d.bytes) + ")")
	}
}

// quote is a string of bytes in the text format.
func quote(bytes []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range bytes {
		if c < ' ' || c >= 0x7F || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func (w *textWriter) function(f *Function) {
	head := fmt.Sprintf("(func %s (type %d)", w.functions[f], f.kind)
	used := map[string]bool{}
	names := make([]string, len(f.locals))
	for i, l := range f.locals {
		names[i] = identifier(l.name, i, used)
		word := "local"
		if i < len(f.signature.Params) {
			word = "param"
		} else if i == len(f.signature.Params) {
			head += list("result", f.signature.Results)
		}
		head += fmt.Sprintf(" (%s %s %s)", word, names[i], l.kind)
	}
	if len(f.locals) == len(f.signature.Params) {
		head += list("result", f.signature.Results)
	}
	w.line(head)
	w.indent++
	for _, s := range f.code {
		if s.opcode == End || s.opcode == Else {
			w.indent--
		}
		w.line(s.opcode.String() + space(w.immediates(&s, names)))
		switch s.opcode {
		case Block, Loop, If, Else:
			w.indent++
		}
	}
	w.indent--
	w.line(")")
}

// immediates is what follows the name of an instruction.
func (w *textWriter) immediates(s *step, locals []string) string {
	row := s.opcode.row()
	offset := ""
	if s.value != 0 {
		offset = fmt.Sprintf("offset=%d", s.value)
	}
	switch row.immediate {
	case memoryImmediate:
		return offset
	case memoryLaneImmediate:
		return strings.TrimSpace(fmt.Sprintf("%s %d", offset, s.lane))
	case laneImmediate:
		return strconv.Itoa(int(s.lane))
	case shuffleImmediate:
		text := ""
		for _, b := range s.appendVector(nil) {
			text += space(strconv.Itoa(int(b)))
		}
		return text[1:]
	case constImmediate:
		return constantText(typeOf(row.out[0]), s.value, s.high)
	case initImmediate, dataImmediate:
		return strconv.Itoa(int(s.of.(*Data).index))
	case localImmediate:
		return locals[s.value]
	case globalImmediate:
		return strconv.Itoa(int(s.of.(*Global).index))
	case controlImmediate:
		return w.controlText(s)
	}
	return ""
}

func (w *textWriter) controlText(s *step) string {
	switch of := s.of.(type) {
	case Signature:
		if len(of.Params) == 0 && len(of.Results) <= 1 {
			return strings.TrimSpace(list("result", of.Results))
		}
		return fmt.Sprintf("(type %d)", w.module.typeIndex(of))
	case *Function:
		return w.functions[of]
	case indirect:
		return fmt.Sprintf("%d (type %d)", of.table.index, of.kind)
	case *branches:
		text := ""
		for _, d := range of.depths {
			text += space(strconv.Itoa(int(d)))
		}
		return text[1:]
	}
	if s.opcode == Br || s.opcode == BrIf {
		return strconv.Itoa(int(s.value))
	}
	return ""
}

func constantText(t ValueType, value, high uint64) string {
	switch t {
	case I32:
		return strconv.Itoa(int(int32(value)))
	case I64:
		return strconv.FormatInt(int64(value), 10)
	case F32:
		bits := uint32(value)
		return floatText(float64(math.Float32frombits(bits)), 32, bits>>31 != 0, value&(1<<23-1))
	case F64:
		return floatText(math.Float64frombits(value), 64, value>>63 != 0, value&(1<<52-1))
	}
	return fmt.Sprintf("i64x2 0x%016x 0x%016x", value, high)
}

func floatText(v float64, bits int, negative bool, fraction uint64) string {
	sign := ""
	if negative {
		sign = "-"
	}
	switch {
	case math.IsNaN(v):
		return fmt.Sprintf("%snan:0x%x", sign, fraction)
	case math.IsInf(v, 0):
		return sign + "inf"
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return sign + strconv.FormatFloat(math.Abs(v), 'f', -1, bits)
	}
	return strconv.FormatFloat(v, 'x', -1, bits)
}
