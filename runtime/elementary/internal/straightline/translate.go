package straightline

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"path/filepath"
	"strings"
)

// Source is a type-checked package whose functions can be translated.
type Source struct {
	files     *token.FileSet
	info      *types.Info
	functions map[string]*ast.FuncDecl
}

// Load reads the Go files of a folder, tests left out. References to names
// that generated files declare may be missing.
func Load(folder string) (*Source, error) {
	source := &Source{files: token.NewFileSet(), functions: map[string]*ast.FuncDecl{}}
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(filepath.Base(name), "kernels_") {
			continue
		}
		file, err := parser.ParseFile(source.files, name, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil {
				source.functions[function.Name.Name] = function
			}
		}
	}
	source.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(source.files, "source", nil), Error: func(error) {}}
	config.Check("elementary", source.files, files, source.info)
	return source, nil
}

// translator turns expressions into values of a program.
type translator struct {
	source  *Source
	program *Program
}

// Translate adds the instructions of a function of one result to a program,
// with the given values as its arguments. The function and all it calls must
// be straight-line: definitions, assignments, one return.
func (source *Source) Translate(program *Program, name string, arguments ...Value) (result Value, err error) {
	defer recoverProblem(name, &err)
	t := &translator{source: source, program: program}
	return t.call(name, arguments)[0], nil
}

// problem is what this package panics with; Translate and Add recover it.
type problem string

// recoverProblem turns a problem into an error that names the function.
func recoverProblem(name string, err *error) {
	switch reason := recover().(type) {
	case nil:
	case problem:
		*err = fmt.Errorf("%s: %s", name, string(reason))
	default:
		panic(reason)
	}
}

func (t *translator) fail(node ast.Node, format string, arguments ...any) {
	panic(problem(fmt.Sprintf("%v: ", t.source.files.Position(node.Pos())) + fmt.Sprintf(format, arguments...)))
}

func (t *translator) call(name string, arguments []Value) []Value {
	function, ok := t.source.functions[name]
	if !ok {
		panic(problem("no function " + name))
	}
	scope := map[types.Object]Value{}
	next := 0
	for _, field := range function.Type.Params.List {
		for _, parameter := range field.Names {
			scope[t.source.info.Defs[parameter]] = arguments[next]
			next++
		}
	}
	for _, statement := range function.Body.List {
		switch statement := statement.(type) {
		case *ast.DeclStmt: // constants, known to the type checker
		case *ast.AssignStmt:
			t.assign(statement, scope)
		case *ast.ReturnStmt:
			return t.list(statement.Results, scope)
		default:
			t.fail(statement, "not straight-line")
		}
	}
	t.fail(function, "no return")
	return nil
}

// list evaluates the right sides of an assignment or return.
func (t *translator) list(expressions []ast.Expr, scope map[types.Object]Value) []Value {
	if len(expressions) == 1 {
		if call, ok := expressions[0].(*ast.CallExpr); ok {
			if name, ok := call.Fun.(*ast.Ident); ok && t.source.functions[name.Name] != nil && name.Name != "choose" {
				return t.call(name.Name, t.list(call.Args, scope))
			}
		}
	}
	values := make([]Value, len(expressions))
	for i, expression := range expressions {
		values[i] = t.value(expression, scope)
	}
	return values
}

func (t *translator) assign(statement *ast.AssignStmt, scope map[types.Object]Value) {
	if operation, ok := map[token.Token]Code{token.ADD_ASSIGN: Add, token.SUB_ASSIGN: Sub}[statement.Tok]; ok {
		object := t.source.info.Uses[statement.Lhs[0].(*ast.Ident)]
		scope[object] = t.program.emit(operation, 0, scope[object], t.value(statement.Rhs[0], scope))
		return
	}
	for i, value := range t.list(statement.Rhs, scope) {
		name := statement.Lhs[i].(*ast.Ident)
		object := t.source.info.Defs[name]
		if object == nil {
			object = t.source.info.Uses[name]
		}
		if name.Name != "_" {
			scope[object] = value
		}
	}
}

func (t *translator) value(expression ast.Expr, scope map[types.Object]Value) Value {
	known := t.source.info.Types[expression]
	if known.Value != nil {
		return t.program.emit(Constant, constantBits(known))
	}
	switch expression := expression.(type) {
	case *ast.ParenExpr:
		return t.value(expression.X, scope)
	case *ast.Ident:
		return scope[t.source.info.Uses[expression]]
	case *ast.UnaryExpr:
		if expression.Op == token.SUB && isFloat(known.Type) {
			return t.program.emit(Xor, 0, t.value(expression.X, scope), t.program.emit(Constant, 1<<63))
		}
		if expression.Op == token.NOT {
			return t.program.emit(Xor, 0, t.value(expression.X, scope), t.program.emit(Constant, math.MaxUint64))
		}
	case *ast.BinaryExpr:
		return t.binary(expression, scope)
	case *ast.CallExpr:
		return t.expressionCall(expression, scope)
	}
	t.fail(expression, "not in the straight-line part of Go")
	return 0
}

func constantBits(known types.TypeAndValue) uint64 {
	if isFloat(known.Type) {
		number, _ := constant.Float64Val(known.Value)
		return math.Float64bits(number)
	}
	number, _ := constant.Uint64Val(constant.ToInt(known.Value))
	return number
}

func isFloat(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsFloat != 0
}

var floatOperations = map[token.Token]Code{
	token.ADD: Add, token.SUB: Sub, token.MUL: Mul, token.QUO: Div,
	token.LSS: Less, token.LEQ: LessEqual, token.EQL: Equal, token.NEQ: NotEqual,
}

var bitOperations = map[token.Token]Code{
	token.ADD: IntegerAdd, token.SUB: IntegerSub, token.AND: And, token.OR: Or, token.XOR: Xor, token.AND_NOT: AndNot,
	token.EQL: IntegerEqual, token.LAND: And, token.LOR: Or,
}

func (t *translator) binary(expression *ast.BinaryExpr, scope map[types.Object]Value) Value {
	left := t.value(expression.X, scope)
	if expression.Op == token.SHL || expression.Op == token.SHR {
		code := map[token.Token]Code{token.SHL: ShiftLeft, token.SHR: ShiftRight}[expression.Op]
		return t.program.emit(code, constantBits(t.source.info.Types[expression.Y]), left)
	}
	right := t.value(expression.Y, scope)
	switch expression.Op {
	case token.GTR:
		return t.program.emit(Less, 0, right, left)
	case token.GEQ:
		return t.program.emit(LessEqual, 0, right, left)
	}
	operations := bitOperations
	if isFloat(t.source.info.Types[expression.X].Type) {
		operations = floatOperations
	}
	code, ok := operations[expression.Op]
	if !ok {
		t.fail(expression, "no operation %s", expression.Op)
	}
	return t.program.emit(code, 0, left, right)
}

// machine lists the functions of package math that are one operation.
var machine = map[string]Code{"Sqrt": Sqrt, "Floor": Floor, "Ceil": Ceil, "Trunc": Chop, "RoundToEven": Nearest}

func (t *translator) expressionCall(call *ast.CallExpr, scope map[types.Object]Value) Value {
	arguments := t.list(call.Args, scope)
	switch function := call.Fun.(type) {
	case *ast.SelectorExpr:
		if code, ok := machine[function.Sel.Name]; ok {
			return t.program.emit(code, 0, arguments[0])
		}
		if function.Sel.Name == "Float64bits" || function.Sel.Name == "Float64frombits" {
			return arguments[0]
		}
	case *ast.Ident:
		switch {
		case function.Name == "float64":
			return arguments[0]
		case function.Name == "choose":
			return t.program.emit(Select, 0, arguments...)
		case t.source.functions[function.Name] != nil:
			return t.call(function.Name, arguments)[0]
		}
	}
	t.fail(call, "call of something else than a straight-line function")
	return 0
}
