package lower_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/lower"
	"github.com/calx-lang/calx/typecheck"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected files")

// lowered lowers a program and demands that the verifier accepts the module, that
// its text reads back, and that lowering again gives the same.
func lowered(t *testing.T, p *typecheck.Program) *ir.Module {
	t.Helper()
	m, err := lower.Lower(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatalf("%v\n%s", err, m)
	}
	if twice, err := lower.Lower(p); err != nil || twice.String() != m.String() {
		t.Errorf("lowered again: %v\n%s", err, cmp.Diff(m.String(), twice.String()))
	}
	back, err := ir.Parse(m.String(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, m)
	}
	if diff := cmp.Diff(m.String(), back.String()); diff != "" {
		t.Fatal(diff)
	}
	return m
}

// expect compares the module of p with testdata/NAME.ir.
func expect(t *testing.T, p *typecheck.Program) {
	t.Helper()
	got := lowered(t, p).String()
	file := filepath.Join("testdata", t.Name()[len("Test"):]+".ir")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./lower -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s; go test ./lower -update rewrites it\n%s", file, diff)
	}
}

// A let hides another: two Vars of one name.
func TestShadowing(t *testing.T) {
	s := newScript()
	x := s.input("x", f64())
	first := s.let("a", add(use(x), num(1)))
	second := s.let("a", add(use(first), use(first)))
	expect(t, s.export(second))
}

// Variables that are assigned in a nested if are results of both ifs; others
// are not.
func TestAssignedInNestedIf(t *testing.T) {
	s := newScript()
	x := s.input("x", f64())
	a, b := define("a", num(1)), define("b", num(2))
	inner := set(a.Def, use(x))
	afterInner, after := again(a.Def), again(a.Def)
	s.run(a, b,
		ifStmt(less(use(x), num(0)),
			block(ifStmt(less(use(x), num(-5)), block(inner), nil, afterInner)),
			nil, after),
	)
	y := s.let("y", add(use(after), use(b.Def)))
	expect(t, s.export(y))
}

// for i in 0..n { s = s + x[i]; if s < 0 { break }; if s < 1 { continue }; s = s + s }
func TestBreakAndContinue(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	total := define("total", num(0))
	i := index("i")
	phi, after := again(total.Def), again(total.Def)
	first := set(phi, add(use(phi), at(use(x), use(i))))
	second := set(phi, add(use(first.Def), use(first.Def)))
	s.run(total, &typecheck.For{Index: i, Lo: integer(0), Hi: &typecheck.SizeOf{Dim: n}, Step: 1,
		Phi: defs(phi), After: defs(after),
		Body: block(first,
			ifStmt(less(use(first.Def), num(0)), block(stop), nil),
			ifStmt(less(use(first.Def), num(1)), block(next), nil),
			second),
	})
	y := s.let("y", use(after))
	expect(t, s.export(y))
}

// A for with continue alone stays a for.
func TestContinueAlone(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	total := define("total", num(0))
	i := index("i")
	phi, after := again(total.Def), again(total.Def)
	s.run(total, &typecheck.For{Index: i, Lo: integer(0), Hi: &typecheck.SizeOf{Dim: n}, Step: 2,
		Phi: defs(phi), After: defs(after),
		Body: block(
			ifStmt(less(at(use(x), use(i)), num(0)), block(next), nil),
			set(phi, add(use(phi), at(use(x), use(i))))),
	})
	expect(t, s.export(s.let("y", use(after))))
}

// fn find(x: f64[n]) -> (i64, f64) {
//
//	for i in 0..n { for j in 0..i { if x[j] < x[i] { return (i, x[j]) } } ; if x[i] < 0 { break } }
//	(-1, 0)
//
// }
func TestReturnFromNestedLoops(t *testing.T) {
	s := newScript()
	n := ir.Sized(s.atom("n"))
	x := param("x", f64(n))
	f := procedure("find", tuple(i64, f64()), x)
	f.Sizes = []ir.Atom{1}
	i, j := index("i"), index("j")
	pair := func(a, b typecheck.Expr) typecheck.Expr {
		return &typecheck.MakeTuple{Elems: []typecheck.Expr{a, b}, T: f.Result}
	}
	f.Body = value(pair(integer(-1), num(0)),
		&typecheck.For{Index: i, Lo: integer(0), Hi: &typecheck.SizeOf{Dim: n}, Step: 1, Body: block(
			&typecheck.For{Index: j, Lo: integer(0), Hi: use(i), Step: 1, Body: block(
				ifStmt(less(at(use(x), use(j)), at(use(x), use(i))), block(give(pair(use(i), at(use(x), use(j))))), nil),
			)},
			ifStmt(less(at(use(x), use(i)), num(0)), block(stop), nil),
		)})
	m := s.size("m")
	z := s.input("z", f64(m))
	r := s.let("r", call(f, f.Result, []ir.Dim{m}, use(z)))
	expect(t, s.export(r))
}

// An if with a branch that returns takes what follows into its other branch.
func TestEarlyReturn(t *testing.T) {
	s := newScript()
	x := param("x", f64())
	f := procedure("f", f64(), x)
	y := define("y", add(use(x), use(x)))
	f.Body = value(use(y.Def),
		ifStmt(less(use(x), num(0)), block(give(num(0))), nil),
		ifStmt(less(use(x), num(1)), block(give(num(1))), nil),
		y)
	z := s.input("z", f64())
	expect(t, s.export(s.let("r", call(f, f64(), nil, use(z)))))
}

// 1 + (if x < 0 { return 0 } else { x }): the rest of the expression is not
// computed after the return.
func TestReturnInsideExpression(t *testing.T) {
	s := newScript()
	x := param("x", f64())
	f := procedure("f", f64(), x)
	f.Body = value(add(num(1), ifExpr(f64(), less(use(x), num(0)), block(give(num(0))), value(use(x)))))
	z := s.input("z", f64())
	expect(t, s.export(s.let("r", call(f, f64(), nil, use(z)))))
}

// if c { x[x < 0] } else { x }: the size is known at run time only, through the
// if, a loop that goes on choosing, and the results of main.
func TestSizesThroughIfAndLoop(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	k, joined, entry, behind, inner := s.atom("k"), s.atom("j"), s.atom("p"), s.atom("q"), s.atom("r")
	zeros := with(ir.DimsAttr{Dims: []ir.Dim{n}}, op(ir.Broadcast, f64(n), num(0)))
	chosen := ifExpr(f64(ir.Sized(joined)), less(at(use(x), integer(0)), num(0)),
		value(pick(use(x), where(op(ir.Lt, array(ir.Bool, n), use(x), zeros), ir.Sized(k)))),
		value(use(x)))
	y := define("y", chosen)
	phi, after := again(y.Def, f64(ir.Sized(entry))), again(y.Def, f64(ir.Sized(behind)))
	i := index("i")
	flat := with(ir.DimsAttr{Dims: []ir.Dim{ir.Sized(entry)}}, op(ir.Broadcast, f64(ir.Sized(entry)), num(1)))
	s.run(y, &typecheck.For{Index: i, Lo: integer(0), Hi: integer(3), Step: 1, Phi: defs(phi), After: defs(after),
		Body: block(set(phi, pick(use(phi), where(op(ir.Lt, array(ir.Bool, ir.Sized(entry)), use(phi), flat), ir.Sized(inner)))))})
	expect(t, s.export(s.let("z", use(after))))
}

// A call of a function that chooses a size; the two results share it.
func TestSizesThroughCall(t *testing.T) {
	s := newScript()
	n, chosen, k := s.atom("n"), s.atom("_k"), s.atom("k")
	x := param("x", f64(ir.Sized(n)))
	kd := ir.Sized(k)
	f := procedure("negatives", tuple(f64(ir.Sized(chosen)), f64(ir.Sized(chosen))), x)
	f.Sizes = []ir.Atom{n}
	zeros := with(ir.DimsAttr{Dims: []ir.Dim{ir.Sized(n)}}, op(ir.Broadcast, f64(ir.Sized(n)), num(0)))
	y := define("y", pick(use(x), where(op(ir.Lt, array(ir.Bool, ir.Sized(n)), use(x), zeros), kd)))
	f.Body = value(&typecheck.MakeTuple{Elems: []typecheck.Expr{use(y.Def), use(y.Def)}, T: tuple(f64(kd), f64(kd))}, y)
	m := s.size("m")
	z := s.input("z", f64(m))
	got := ir.Sized(s.atom("got"))
	r := s.let("r", call(f, tuple(f64(got), f64(got)), []ir.Dim{m}, use(z)))
	part := func(i int) typecheck.Expr { return &typecheck.Part{X: use(r), Index: i, T: f64(got)} }
	expect(t, s.export(s.let("sum", add(part(0), part(1)))))
}

// A size made from one that a loop changes is not known outside of a round.
func TestLoopEndsEarlyWithOtherSize(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	y := define("y", use(x))
	behind := s.atom("q")
	phi, after := again(y.Def), again(y.Def, f64(ir.Sized(behind)))
	one := with(ir.DimsAttr{Dims: []ir.Dim{ir.Size(1)}}, op(ir.Broadcast, f64(ir.Size(1)), num(1)))
	s.run(y, &typecheck.While{
		Cond: value(less(at(use(phi), integer(0)), num(5))),
		Phi:  defs(phi), After: defs(after),
		Body: block(
			ifStmt(less(at(use(phi), integer(1)), num(0)), block(set(phi, one), stop), nil, again(phi)),
			set(phi, add(use(phi), use(phi))),
		)})
	expect(t, s.export(s.let("z", use(after))))
}

// [x[i] + y[j] for i, j] and [(x[i], i) for i if x[i] < 0].
func TestComprehensions(t *testing.T) {
	s := newScript()
	n, m := s.size("n"), s.size("m")
	x, y := s.input("x", f64(n)), s.input("y", f64(m))
	i, j := index("i"), index("j")
	grid := s.let("grid", &typecheck.Comp{Index: defs(i, j), Dims: []ir.Dim{n, m}, T: f64(n, m),
		Body: value(add(at(use(x), use(i)), at(use(y), use(j))))})
	k := ir.Sized(s.atom("k"))
	a := index("a")
	pairs := s.let("pairs", &typecheck.Comp{Index: defs(a), Dims: []ir.Dim{n}, T: tuple(f64(k), array(ir.I64, k)),
		Cond: value(less(at(use(x), use(a)), num(0))),
		Body: value(&typecheck.MakeTuple{Elems: []typecheck.Expr{at(use(x), use(a)), use(a)}, T: tuple(f64(), i64)})})
	q := ir.Sized(s.atom("q"))
	b, c := index("b"), index("c")
	rows := s.let("rows", &typecheck.Comp{Index: defs(b, c), Dims: []ir.Dim{n, m}, T: f64(q, m),
		Cond: value(less(use(b), use(c))),
		Body: value(use(y))})
	expect(t, s.export(grid, pairs, rows))
}

// A comprehension that prints is a loop; with a condition the list grows in row
// order.
func TestPrintInsideComprehension(t *testing.T) {
	s := newScript()
	n, m := s.size("n"), s.size("m")
	x, y := s.input("x", f64(n)), s.input("y", f64(m))
	i, j := index("i"), index("j")
	grid := s.let("grid", &typecheck.Comp{Index: defs(i, j), Dims: []ir.Dim{n, m}, T: f64(n, m),
		Body: value(add(at(use(x), use(i)), at(use(y), use(j))), say(use(i)))})
	k := ir.Sized(s.atom("k"))
	a, b := index("a"), index("b")
	list := s.let("list", &typecheck.Comp{Index: defs(a, b), Dims: []ir.Dim{n, m}, T: f64(k),
		Cond: value(less(at(use(x), use(a)), num(0)), say(use(a))),
		Body: value(at(use(y), use(b)))})
	expect(t, s.export(grid, list))
}

// A function that prints makes loops of the comprehensions that call it.
func TestCalleePrints(t *testing.T) {
	s := newScript()
	inner := procedure("inner", f64(), param("x", f64()))
	inner.Body = value(use(inner.Params[0]), say(use(inner.Params[0])))
	outer := procedure("outer", f64(), param("y", f64()))
	outer.Body = value(call(inner, f64(), nil, use(outer.Params[0])))
	i := index("i")
	list := s.let("list", &typecheck.Comp{Index: defs(i), Dims: []ir.Dim{ir.Size(3)}, T: f64(ir.Size(3)),
		Body: value(call(outer, f64(), nil, num(1)))})
	expect(t, s.export(list))
}

// A record is carried part by part; only the field that a branch assigns is a
// result of the if.
func TestRecords(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	record := typecheck.Record{Names: []string{"a", "b"}, Types: []typecheck.Type{f64(n), f64()}}
	r := define("r", &typecheck.MakeTuple{Elems: []typecheck.Expr{use(x), num(0)}, T: record})
	i := index("i")
	phi, after, inIf := again(r.Def), again(r.Def), again(r.Def)
	field := func(def *typecheck.Def, k int) typecheck.Expr {
		return &typecheck.Part{X: use(def), Index: k, T: record.Types[k]}
	}
	s.run(r, &typecheck.For{Index: i, Lo: integer(0), Hi: &typecheck.SizeOf{Dim: n}, Step: 1,
		Phi: defs(phi), After: defs(after),
		Body: block(ifStmt(less(at(field(phi, 0), use(i)), num(0)),
			block(set(phi, &typecheck.MakeTuple{Elems: []typecheck.Expr{put(field(phi, 0), use(i), num(1)), field(phi, 1)}, T: record})),
			nil, inIf))})
	expect(t, s.export(s.let("out", use(after))))
}

// Values of the script that functions read are parameters of theirs and of their
// callers; literals are not.
func TestGlobalsThroughCalls(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	scale := s.let("scale", num(2))
	half := s.half(n)
	head := s.let("head", with(ir.SliceAttr{Dims: []ir.Dim{half}, Steps: []int64{1}}, op(ir.Slice, f64(half), use(x), integer(0))))
	inner := procedure("inner", f64(), param("i", i64))
	inner.Body = value(add(at(use(head), use(inner.Params[0])), use(scale)))
	outer := procedure("outer", array(ir.I64), param("j", i64))
	outer.Body = value(add(&typecheck.SizeOf{Dim: n}, use(outer.Params[0])),
		define("unused", call(inner, f64(), nil, use(outer.Params[0]))))
	r := s.let("r", call(outer, i64, nil, integer(0)))
	expect(t, s.export(r))
}

// Functions that call each other are marked and share what they read.
func TestRecursion(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	even := procedure("even", f64(), param("k", i64))
	odd := procedure("odd", f64(), param("k", i64))
	body := func(self, other *typecheck.Instance, base typecheck.Expr) {
		k := self.Params[0]
		self.Body = value(ifExpr(f64(), less(use(k), integer(1)), value(base),
			value(call(other, f64(), nil, add(use(k), integer(-1))))))
	}
	body(even, odd, at(use(x), integer(0)))
	body(odd, even, num(0))
	expect(t, s.export(s.let("r", call(even, f64(), nil, integer(10)))))
}

// Captures are leading parameters; a function value is the tuple of them.
func TestCaptures(t *testing.T) {
	s := newScript()
	n := s.size("n")
	x := s.input("x", f64(n))
	m := s.atom("m")
	inst := procedure("shift", f64(ir.Sized(m)), param("c", f64(ir.Sized(m))), param("y", f64(ir.Sized(m))))
	inst.Sizes = []ir.Atom{m}
	inst.Body = value(add(use(inst.Params[0]), use(inst.Params[1])))
	ft := typecheck.Function{Value: &typecheck.FuncValue{Name: "shift"}, Captures: []typecheck.Type{f64(n)}}
	f := s.let("f", &typecheck.MakeTuple{Elems: []typecheck.Expr{use(x)}, T: ft})
	r := s.let("r", call(inst, f64(n), []ir.Dim{n}, &typecheck.Part{X: use(f), Index: 0, T: f64(n)}, use(x)))
	expect(t, s.export(r))
}

// A chain of 10,000 additions, left-deep, and 10,000 nested blocks.
func TestDeepExpressions(t *testing.T) {
	s := newScript()
	x := s.input("x", f64())
	sum := use(x)
	for range 10000 {
		sum = add(sum, use(x))
	}
	nested := use(x)
	for range 10000 {
		d := define("d", nested)
		nested = &typecheck.BlockExpr{Block: value(add(use(d.Def), num(1)), d)}
	}
	m, err := lower.Lower(s.export(s.let("a", sum), s.let("b", nested)))
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	if n := len(m.Main.Body.Ops); n != 20001 {
		t.Errorf("%d operations", n)
	}
}

// Many early returns: the size of the IR is linear in the source.
func TestManyReturns(t *testing.T) {
	ops := func(n int) int {
		s := newScript()
		x := param("x", f64())
		f := procedure("f", f64(), x)
		var stmts []typecheck.Stmt
		for i := range n {
			stmts = append(stmts, ifStmt(less(use(x), num(float64(i))), block(give(num(float64(-i)))), nil))
		}
		f.Body = value(use(x), stmts...)
		m := lowered(t, s.export(s.let("r", call(f, f64(), nil, num(1)))))
		return countOps(m)
	}
	if a, b := ops(100), ops(200); b > 2*a+10 {
		t.Errorf("100 returns make %d operations, 200 make %d", a, b)
	}
}

func countOps(m *ir.Module) int {
	n := 0
	var count func(b *ir.Block)
	count = func(b *ir.Block) {
		for _, op := range b.Ops {
			n++
			for _, region := range op.Regions {
				count(region)
			}
		}
	}
	for _, f := range m.Funcs {
		count(f.Body)
	}
	return n
}

// A mistake in the typed program is an error, not a panic.
func TestInconsistentProgram(t *testing.T) {
	s := newScript()
	lost := param("lost", f64())
	if _, err := lower.Lower(s.export(s.let("y", use(lost)))); err == nil {
		t.Error("no error")
	}
	s = newScript()
	if _, err := lower.Lower(s.export(s.let("k", &typecheck.SizeOf{Dim: ir.Sized(s.atom("lost"))}))); err == nil {
		t.Error("no error")
	}
}

// An i64 parameter may be a size of the types of other parameters and of the
// result; callers give its value as a size too.
func TestScalarParameterAsSize(t *testing.T) {
	s := newScript()
	n := s.atom("n")
	k := param("n", i64)
	k.Atom = n
	dims := []ir.Dim{ir.Sized(n)}
	f := procedure("f", f64(dims...), k, param("x", f64(dims...)))
	ones := with(ir.DimsAttr{Dims: dims}, op(ir.Broadcast, f64(dims...), num(1)))
	f.Body = value(add(use(f.Params[1]), ones))
	m := s.size("m")
	x := s.input("x", f64(m))
	expect(t, s.export(s.let("y", call(f, f64(m), nil, &typecheck.SizeOf{Dim: m}, use(x)))))
}
