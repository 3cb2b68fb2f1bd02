package data

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// Fit is, for a record, the columns by name; for an array the matrix of all
// cells, or the one column or the one row if a vector is wanted.
func (t *Table) Fit(want Want) (runtime.Value, error) {
	switch {
	case want.isRecord():
		return t.record(want)
	case want.isArray() && want.Rank == 1 && t.width == 1:
		return t.column(0).Fit(want)
	case want.isArray():
		return t.matrix(want)
	}
	return t.Natural()
}

// Natural is a matrix if all cells are numbers, otherwise the record of the
// columns; without names it is the tuple of them.
func (t *Table) Natural() (runtime.Value, error) {
	kind := ir.Bool
	columns := make(runtime.Tuple, t.width)
	for i := range columns {
		dtype := t.column(i).dtype()
		if dtype == ir.Bool {
			dtype = ir.Text // is no number
		}
		kind = max(kind, dtype)
	}
	if kind != ir.Text {
		return readCells(t, kind, t.all(), []int{t.Rows(), t.width})
	}
	for i := range columns {
		var err error
		if columns[i], err = t.column(i).Natural(); err != nil {
			return nil, err
		}
	}
	if t.names == nil {
		return columns, nil
	}
	return runtime.Record{Names: t.names, Values: columns}, nil
}

func (t *Table) matrix(want Want) (runtime.Value, error) {
	shape := []int{t.Rows(), t.width}
	switch {
	case want.Rank == 1 && t.names == nil && t.Rows() == 1:
		shape = []int{t.width}
	case want.Rank == 0 && t.names == nil && t.Rows() == 1 && t.width == 1:
		shape = nil
	}
	return readCells(t, want.DType, t.all(), shape)
}

func (t *Table) record(want Want) (runtime.Value, error) {
	if t.names == nil {
		return nil, bad(t.source, 0, 0, "%s has no header, so its columns have no names", t.source.Name)
	}
	values := make([]runtime.Value, len(want.Names))
	for i, name := range want.Names {
		column, err := t.Column(name)
		if err != nil {
			return nil, err
		}
		if values[i], err = column.Fit(want.Parts[i]); err != nil {
			return nil, err
		}
	}
	return runtime.Record{Names: want.Names, Values: values}, nil
}

// A Column is one column of a Table.
type Column struct {
	table *Table
	index int
}

// Column is the column of this name; without a header it is called by its
// number, counted from 1.
func (t *Table) Column(name string) (*Column, error) {
	if t.names == nil {
		if i, err := strconv.Atoi(name); err == nil && i >= 1 && i <= t.width {
			return t.column(i - 1), nil
		}
		return nil, bad(t.source, 0, 0, "%s has no header: its columns are called 1 to %d, not %q", t.source.Name, t.width, name)
	}
	i := slices.Index(t.names, name)
	if i < 0 {
		return nil, bad(t.source, 0, 0, "%s has no column %q; it has %s", t.source.Name, name, list(t.names))
	}
	if slices.Contains(t.names[i+1:], name) {
		return nil, bad(t.source, 0, 0, "%s has several columns %q", t.source.Name, name)
	}
	return t.column(i), nil
}

func (t *Table) column(i int) *Column { return &Column{t, i} }

// Fit reads the cells as what is wanted. Where that is i64 and no cell is a
// number, each becomes the position of its text among the different ones in
// sorted order.
func (c *Column) Fit(want Want) (runtime.Value, error) {
	if !want.isArray() {
		return c.Natural()
	}
	shape := []int{c.table.Rows()}
	if want.Rank == 0 && c.table.Rows() == 1 {
		shape = nil
	}
	if want.DType == ir.I64 && c.isText() {
		return c.positions(shape)
	}
	return readCells(c.table, want.DType, c.cells(), shape)
}

// Natural is a vector of bool, i64, f64 or c128, or a tuple of texts.
func (c *Column) Natural() (runtime.Value, error) {
	if kind := c.dtype(); kind != ir.Text {
		return readCells(c.table, kind, c.cells(), []int{c.table.Rows()})
	}
	var texts runtime.Tuple
	for cell := range c.cells() {
		texts = append(texts, runtime.Text(c.table.text(cell)))
	}
	return texts, nil
}

// dtype is the smallest type that holds all cells; an empty column has numbers.
func (c *Column) dtype() ir.DType {
	fits := func(read func(string) string) bool {
		for cell := range c.cells() {
			if read(c.table.text(cell)) != "" {
				return false
			}
		}
		return true
	}
	switch {
	case c.table.Rows() == 0:
		return ir.F64
	case fits(func(s string) string { _, problem := parseBool(s); return problem }):
		return ir.Bool
	case fits(func(s string) string { _, problem := parseInt(s); return problem }):
		return ir.I64
	case fits(func(s string) string { _, problem := parseFloat(s); return problem }):
		return ir.F64
	case fits(func(s string) string { _, problem := parseComplex(s); return problem }):
		return ir.C128
	}
	return ir.Text
}

// isText reports whether no cell is a number or empty.
func (c *Column) isText() bool {
	for cell := range c.cells() {
		if s := c.table.text(cell); s == "" || isNumber(s) {
			return false
		}
	}
	return c.table.Rows() > 0
}

func (c *Column) positions(shape []int) (runtime.Value, error) {
	position := map[string]int64{}
	for cell := range c.cells() {
		position[c.table.text(cell)] = 0
	}
	labels := make([]string, 0, len(position))
	for label := range position {
		labels = append(labels, label)
	}
	sort.Strings(labels)
	for i, label := range labels {
		position[label] = int64(i)
	}
	result := make([]int64, 0, c.table.Rows())
	for cell := range c.cells() {
		result = append(result, position[c.table.text(cell)])
	}
	return mustShape(result, shape), nil
}

// all are the cells of the table, row by row.
func (t *Table) all() func(yield func(cell) bool) { return slices.Values(t.cells) }

// cells are those of the column from the first row to the last.
func (c *Column) cells() func(yield func(cell) bool) {
	return func(yield func(cell) bool) {
		for i := c.index; i < len(c.table.cells); i += c.table.width {
			if !yield(c.table.cells[i]) {
				return
			}
		}
	}
}

// readCells reads cells, as many as the shape has, as elements of dtype.
func readCells(t *Table, dtype ir.DType, cells func(func(cell) bool), shape []int) (runtime.Value, error) {
	switch dtype {
	case ir.Bool:
		return readCellsAs(t, parseBool, cells, shape)
	case ir.I64:
		return readCellsAs(t, parseInt, cells, shape)
	case ir.F32:
		return readCellsAs(t, parseFloat32, cells, shape)
	case ir.F64:
		return readCellsAs(t, parseFloat, cells, shape)
	}
	return readCellsAs(t, parseComplex, cells, shape)
}

func readCellsAs[T runtime.Element](t *Table, parse func(string) (T, string), cells func(func(cell) bool), shape []int) (runtime.Value, error) {
	size, err := runtime.Size(shape)
	if err != nil {
		return nil, bad(t.source, 0, 0, "%v", err)
	}
	elements := make([]T, 0, size)
	for cell := range cells {
		text := t.text(cell)
		x, problem := parse(text)
		if problem != "" {
			return nil, t.badCell(cell, text, problem)
		}
		elements = append(elements, x)
	}
	return mustShape(elements, shape), nil
}

func (t *Table) badCell(c cell, text, problem string) *ast.Diagnostic {
	i, _ := slices.BinarySearchFunc(t.cells, c, func(a, b cell) int { return int(a.start) - int(b.start) })
	column := strconv.Itoa(i%t.width + 1)
	if t.names != nil {
		column += " (" + t.names[i%t.width] + ")"
	}
	line := t.source.Position(int(c.start)).Line
	if text == "" {
		d := bad(t.source, int(c.start), int(c.end), "line %d, column %s: the cell is empty", line, column)
		d.Hint = "write nan for a number that is missing"
		return d
	}
	return bad(t.source, int(c.start), int(c.end), "line %d, column %s: %s %s", line, column, strconv.Quote(shorten(text)), problem)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// list writes names for an error, not too many.
func list(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
	}
	return strings.Join(names, ", ")
}

func shorten(text string) string {
	const most = 40
	if runes := []rune(text[:min(len(text), 4*most)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
