package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
)

func evalCommand() *command {
	return &command{
		name: "eval", args: "EXPR [name=value ...]",
		summary: "compute an expression and show its value",
		help: `
EXPR is an expression of the language, or statements the last of which is one.
Values of names are given as in "calx run".

Examples:
  calx eval '1 + 1'
  calx eval 'mean(x, axis=0)' x=table.csv
  calx eval 'let y = x - 1; y @ y' x=[1,2,3]
`,
		run: evalExpression,
	}
}

func evalExpression(t *terminal, c *command, args []string) int {
	var options runFlags
	flags := newFlags(c)
	options.add(flags)
	rest, code, ok := t.parse(c, flags, args)
	if !ok {
		return code
	}
	if len(rest) == 0 {
		return t.wrongUsage(c, "it needs an expression")
	}
	given, err := readArguments(rest[1:])
	if err != nil {
		return t.wrongUsage(c, "%v", err)
	}
	values, declarations, err := given.declared(int64(options.memory))
	if err != nil {
		return t.failed(err, options.json)
	}
	file, mistakes := lang.Parse(&ast.Source{Name: "expression", Text: rest[0]})
	exportLast(file)
	file.Stmts = append(declarations, file.Stmts...)
	program, err := calx.CompileFile(file, mistakes, calx.Options{Load: load})
	if err != nil {
		return t.failed(err, options.json)
	}
	return t.execute(program, values, options, writeValue)
}

// resultName is that of the value of an expression, in JSON.
const resultName = "value"

// exportLast makes the last expression of a file its export.
func exportLast(file *ast.File) {
	n := len(file.Stmts)
	if n == 0 {
		return
	}
	last, ok := file.Stmts[n-1].(*ast.ExprStmt)
	if !ok || isPrint(last.X) {
		return
	}
	span := last.Pos()
	file.Stmts[n-1] = &ast.Export{Span: span, Value: last.X, Label: &ast.String{Span: span, Value: resultName}}
}

// isPrint reports whether x has an effect in place of a value.
func isPrint(x ast.Expr) bool {
	call, ok := x.(*ast.Call)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Name)
	return ok && name.Name == "print"
}

// declared reads the arguments as what they are by themselves, and declares an
// input for each.
func (list arguments) declared(limit int64) (map[string]any, []ast.Stmt, error) {
	values := make(map[string]any, len(list))
	var declarations []ast.Stmt
	for _, a := range list {
		v, err := a.read(limit)
		if err != nil {
			return nil, nil, err
		}
		natural, err := v.Natural()
		if err != nil {
			return nil, nil, err
		}
		values[a.name] = natural
		declaration := fmt.Sprintf("input %s: %s", a.name, calx.TypeOf(natural))
		file, mistakes := lang.Parse(&ast.Source{Name: a.name + "=" + a.text, Text: declaration})
		if mistakes.HasErrors() {
			return nil, nil, fmt.Errorf("%s is no name for an input", strconv.Quote(a.name))
		}
		declarations = append(declarations, file.Stmts...)
	}
	return values, declarations, nil
}

// writeValue writes the value of the expression, without a name.
func writeValue(w io.Writer, results calx.Results) error {
	if v := results.Get(resultName); v != nil {
		_, err := fmt.Fprintln(w, runtime.Format(v))
		return err
	}
	return nil
}
