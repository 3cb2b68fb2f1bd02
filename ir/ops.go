package ir

import "slices"

// An Info is what is true of an operation: a row of the table Ops.
type Info struct {
	Name       string     // as the text form and the manual write it
	Class      Class      // what kind of operation it is
	Operands   []string   // names; a last one that ends in "…" stands for any number
	Attr       Attr       // a value of its kind of attribute; NoAttr if it has none
	DTypes     DTypes     // of the operands that the rule speaks of as E
	Rule       Rule       // the types of the results
	MayFail    Property   // it may end the program with an error, apart from what its regions and callees do
	Ordered    Property   // it has an effect that keeps its place in the program, apart from the same
	Cost       Cost       // of one element, in units of an addition
	Laws       Laws       // what the simplifier may use
	Sample     Domain     // where random tests take its operands from
	Derivative Derivative // with respect to its inexact operands
	Doc        string     // one line
	Example    string     // in the language
}

// A Class is a kind of operation. Passes and backends treat the operations of a
// class alike.
type Class uint8

const (
	Creation Class = iota + 1
	Elementwise
	View
	Index
	Join
	Reduction
	Prefix
	Contraction
	Order
	Region
	Calling
	Effect
)

// DTypes is a set of element types.
type DTypes uint8

func dtypes(list ...DType) (set DTypes) {
	for _, t := range list {
		set |= 1 << t
	}
	return set
}

// Has reports whether t is in the set.
func (s DTypes) Has(t DType) bool { return s>>t&1 != 0 }

var (
	anything = dtypes(Bool, I64, F32, F64, C128, Text)
	elements = dtypes(Bool, I64, F32, F64, C128)
	numbers  = dtypes(I64, F32, F64, C128)
	ordered  = dtypes(I64, F32, F64)
	inexact  = dtypes(F32, F64, C128)
	floats   = dtypes(F32, F64)
	wholes   = dtypes(Bool, I64)
	integer  = dtypes(I64)
	truth    = dtypes(Bool)
	complexE = dtypes(C128)
	doubles  = dtypes(F64)
)

// A Property is what holds of some operations of a Code.
type Property func(op *Op) bool

func never(*Op) bool  { return false }
func always(*Op) bool { return true }

// failsForIntegers is that of division by zero and negative powers.
func failsForIntegers(op *Op) bool { return op.Args[0].Type.DType == I64 }

// failsToInteger is that of a conversion of what no i64 holds.
func failsToInteger(op *Op) bool {
	return op.Attr.(ConvertAttr).To == I64 && op.Args[0].Type.DType.IsInexact()
}

// failsWhenEmpty is that of an extreme of nothing.
func failsWhenEmpty(op *Op) bool {
	attr := op.Attr.(ReduceAttr)
	if attr.Kind < ReduceMin || attr.Kind == ReduceAll || attr.Kind == ReduceAny {
		return false
	}
	dims := op.Args[0].Type.Dims
	return slices.ContainsFunc(attr.Axes, func(axis int) bool {
		if axis < 0 || axis >= len(dims) {
			return true
		}
		n, ok := dims[axis].Const()
		return !ok || n == 0
	})
}

func unlessPure(op *Op) bool { return !op.Attr.(HostAttr).Pure }

// A Cost is relative: an addition costs Cheap.
type Cost uint8

const (
	Free   Cost = iota + 1 // no work for each element
	Cheap                  // an addition
	Middle                 // a division, a square root
	Dear                   // an elementary function
	Heavy                  // more than the number of elements tells
)

// Work is the cost in units of a quarter of an addition, as passes add it up.
func (c Cost) Work() int { return [...]int{0, 0, 1, 4, 16, 64}[c] }

// Laws of an operation.
type Laws uint8

const (
	Lawless    Laws = 1 << iota // none of the others; distinguishes from a forgotten column
	Commutes                    // f(a, b) is f(b, a), in every bit
	Involution                  // f(f(a)) is a
	Idempotent                  // f(f(a)) is f(a); for two operands f(a, a) is a
)

// A Domain is an interval from which random tests take operands.
type Domain struct{ Low, High float64 }

var (
	line     = Domain{-8, 8}
	positive = Domain{0.125, 8}
	unit     = Domain{-1, 1}
	beyond   = Domain{-0.875, 8} // log1p
	slope    = Domain{-1.5, 1.5} // tan
	counts   = Domain{0, 8}      // shifts, indices
)

// A Derivative is what calculus knows of an operation. Partials has the partial
// derivative by each operand, as an expression of the operands, by their names,
// and of y, the result; for complex numbers it is the complex derivative, where
// an order is that of the real parts. Expressions have the operators of the
// language, where, and as functions the elementwise operations of this table.
type Derivative struct {
	Kind     DerivativeKind
	Partials []string
}

// A DerivativeKind tells where the derivative of an operation comes from.
type DerivativeKind uint8

const (
	ByPartials DerivativeKind = iota + 1 // its result and its operands have one shape
	Structural                           // package passes/diff knows it
	Cut                                  // it is locally constant
	Refused                              // it has none that is known
)

var (
	structural = Derivative{Kind: Structural}
	cut        = Derivative{Kind: Cut}
	refused    = Derivative{Kind: Refused}
)

func by(partials ...string) Derivative { return Derivative{ByPartials, partials} }

// NoAttr stands in the table for the absence of an attribute.
type NoAttr struct{}

func (NoAttr) attr() {}

func one(name string) []string  { return []string{name} }
func two() []string             { return []string{"a", "b"} }
func many(n ...string) []string { return n }
func nothing() []string         { return []string{} }

// Ops is the table of operations, by Code.
var Ops = [numCodes]Info{
	Const:  {"const", Creation, nothing(), Literal{}, anything, ruleNone, never, never, Free, Lawless, line, cut, "a constant", "let g = 9.81"},
	Iota:   {"iota", Creation, nothing(), DimsAttr{}, integer, ruleIota, never, never, Cheap, Lawless, counts, cut, "0, 1, 2, … as an array", "let i = 0..n"},
	SizeOp: {"size", Creation, nothing(), SizeAttr{}, integer, ruleSize, never, never, Cheap, Lawless, counts, cut, "a size as a number, or the min, max, quotient or rest of two", "zeros(min(n, m))"},

	Neg:   {"neg", Elementwise, one("x"), NoAttr{}, numbers, ruleSame, never, never, Cheap, Involution, line, by("-1"), "the number with the other sign", "-x"},
	Abs:   {"abs", Elementwise, one("x"), NoAttr{}, numbers, ruleReal, never, never, Cheap, Idempotent, line, by("sign(x)"), "absolute value", "abs(x)"},
	Sign:  {"sign", Elementwise, one("x"), NoAttr{}, numbers, ruleSame, never, never, Cheap, Lawless, line, cut, "-1, 0 or 1; z/|z| of a complex number", "sign(x)"},
	Sqrt:  {"sqrt", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Middle, Lawless, positive, by("1 / (2 * y)"), "square root, correctly rounded", "sqrt(x)"},
	Floor: {"floor", Elementwise, one("x"), NoAttr{}, floats, ruleSame, never, never, Cheap, Idempotent, line, cut, "the greatest whole number that is not greater", "floor(x)"},
	Ceil:  {"ceil", Elementwise, one("x"), NoAttr{}, floats, ruleSame, never, never, Cheap, Idempotent, line, cut, "the least whole number that is not less", "ceil(x)"},
	Trunc: {"trunc", Elementwise, one("x"), NoAttr{}, floats, ruleSame, never, never, Cheap, Idempotent, line, cut, "the whole number next to it towards zero", "trunc(x)"},
	Round: {"round", Elementwise, one("x"), NoAttr{}, floats, ruleSame, never, never, Cheap, Idempotent, line, cut, "the nearest whole number, of two the even one", "round(x)"},
	Exp:   {"exp", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("y"), "e to the power x", "exp(x)"},
	Expm1: {"expm1", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("exp(x)"), "exp(x) - 1, exact near 0", "expm1(x)"},
	Log:   {"log", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, positive, by("1 / x"), "natural logarithm", "log(x)"},
	Log1p: {"log1p", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, beyond, by("1 / (1 + x)"), "log(1 + x), exact near 0", "log1p(x)"},
	Sin:   {"sin", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("cos(x)"), "sine", "sin(x)"},
	Cos:   {"cos", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("-sin(x)"), "cosine", "cos(x)"},
	Tan:   {"tan", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, slope, by("1 + y * y"), "tangent", "tan(x)"},
	Asin:  {"asin", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, unit, by("1 / sqrt((1 - x) * (1 + x))"), "arc sine", "asin(x)"},
	Acos:  {"acos", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, unit, by("-1 / sqrt((1 - x) * (1 + x))"), "arc cosine", "acos(x)"},
	Atan:  {"atan", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("1 / (1 + x * x)"), "arc tangent", "atan(x)"},
	Tanh:  {"tanh", Elementwise, one("x"), NoAttr{}, inexact, ruleSame, never, never, Dear, Lawless, line, by("1 - y * y"), "hyperbolic tangent", "tanh(x)"},

	Add:      {"add", Elementwise, two(), NoAttr{}, numbers, ruleSame, never, never, Cheap, Commutes, line, by("1", "1"), "sum", "x + y"},
	Sub:      {"sub", Elementwise, two(), NoAttr{}, numbers, ruleSame, never, never, Cheap, Lawless, line, by("1", "-1"), "difference", "x - y"},
	Mul:      {"mul", Elementwise, two(), NoAttr{}, numbers, ruleSame, never, never, Cheap, Commutes, line, by("b", "a"), "product", "x * y"},
	Div:      {"div", Elementwise, two(), NoAttr{}, inexact, ruleSame, never, never, Middle, Lawless, positive, by("1 / b", "-y / b"), "quotient", "x / y"},
	Pow:      {"pow", Elementwise, two(), NoAttr{}, numbers, ruleSame, failsForIntegers, never, Dear, Lawless, positive, by("b * where(b == 0 and a * a == 0, 1, a) ^ (b - 1)", "where(a == 0 and b >= 0, 0, y * log(a))"), "x to the power y", "x ^ y"},
	Min:      {"min", Elementwise, two(), NoAttr{}, ordered, ruleSame, never, never, Cheap, Commutes | Idempotent, line, structural, "the smaller one; NaN if one is", "min(x, y)"},
	Max:      {"max", Elementwise, two(), NoAttr{}, ordered, ruleSame, never, never, Cheap, Commutes | Idempotent, line, structural, "the greater one; NaN if one is", "max(x, y)"},
	Atan2:    {"atan2", Elementwise, two(), NoAttr{}, floats, ruleSame, never, never, Dear, Lawless, line, by("where(a == 0 and b == 0, 0, b / (a * a + b * b))", "where(a == 0 and b == 0, 0, -a / (a * a + b * b))"), "angle of the point (b, a)", "atan2(y, x)"},
	Mod:      {"mod", Elementwise, two(), NoAttr{}, ordered, ruleSame, failsForIntegers, never, Middle, Lawless, positive, by("1", "-(a // b)"), "rest of the division, with the sign of b", "x % y"},
	FloorDiv: {"floordiv", Elementwise, two(), NoAttr{}, ordered, ruleSame, failsForIntegers, never, Middle, Lawless, positive, cut, "quotient, rounded down", "x // y"},
	CopySign: {"copysign", Elementwise, two(), NoAttr{}, floats, ruleSame, never, never, Cheap, Lawless, line, by("sign(a) * copysign(1, b)", "0"), "|a| with the sign of b; that of NaN is +", "copysign(x, y)"},

	And: {"and", Elementwise, two(), NoAttr{}, wholes, ruleSame, never, never, Cheap, Commutes | Idempotent, counts, cut, "both, bit by bit", "a and b"},
	Or:  {"or", Elementwise, two(), NoAttr{}, wholes, ruleSame, never, never, Cheap, Commutes | Idempotent, counts, cut, "one or both, bit by bit", "a or b"},
	Xor: {"xor", Elementwise, two(), NoAttr{}, wholes, ruleSame, never, never, Cheap, Commutes, counts, cut, "one and not both, bit by bit", "a != b"},
	Not: {"not", Elementwise, one("x"), NoAttr{}, wholes, ruleSame, never, never, Cheap, Involution, counts, cut, "the contrary, bit by bit", "not a"},
	Shl: {"shl", Elementwise, two(), NoAttr{}, integer, ruleSame, never, never, Cheap, Lawless, counts, cut, "bits moved up by b; 0 outside of 0 … 63", "shift_left(x, k)"},
	Shr: {"shr", Elementwise, two(), NoAttr{}, integer, ruleSame, never, never, Cheap, Lawless, counts, cut, "bits moved down by b, keeping the sign; the sign alone outside of 0 … 63", "shift_right(x, k)"},

	Eq: {"eq", Elementwise, two(), NoAttr{}, elements, ruleTruth, never, never, Cheap, Commutes, line, cut, "a == b", "x == y"},
	Lt: {"lt", Elementwise, two(), NoAttr{}, ordered, ruleTruth, never, never, Cheap, Lawless, line, cut, "a < b", "x < y"},
	Le: {"le", Elementwise, two(), NoAttr{}, ordered, ruleTruth, never, never, Cheap, Lawless, line, cut, "a <= b", "x <= y"},

	Select:  {"select", Elementwise, many("c", "a", "b"), NoAttr{}, elements, ruleSelect, never, never, Cheap, Lawless, line, structural, "a where c is true, else b", "where(c, x, y)"},
	Convert: {"convert", Elementwise, one("x"), ConvertAttr{F64}, elements, ruleConvert, failsToInteger, never, Cheap, Lawless, line, structural, "the number in another type", "i64(x)"},

	Complex: {"complex", Elementwise, many("re", "im"), NoAttr{}, doubles, ruleComplex, never, never, Cheap, Lawless, line, structural, "re + im i", "complex(x, y)"},
	Real:    {"real", Elementwise, one("z"), NoAttr{}, complexE, ruleReal, never, never, Cheap, Lawless, line, structural, "real part", "real(z)"},
	Imag:    {"imag", Elementwise, one("z"), NoAttr{}, complexE, ruleReal, never, never, Cheap, Lawless, line, structural, "imaginary part", "imag(z)"},
	Conj:    {"conj", Elementwise, one("z"), NoAttr{}, complexE, ruleSame, never, never, Cheap, Involution, line, structural, "complex conjugate", "conj(z)"},

	Philox: {"philox", Elementwise, many("key", "ctr"), NoAttr{}, integer, ruleSame, never, never, Dear, Lawless, counts, cut, "64 random bits of Philox4x32-10: half a block, of which the number is ctr // 2", "random.bits(key, n)"},

	Broadcast: {"broadcast", View, one("x"), DimsAttr{}, elements, ruleBroadcast, never, never, Free, Lawless, line, structural, "x repeated along new leading axes and axes of size 1", "broadcast_to(x, [n, m])"},
	Transpose: {"transpose", View, one("x"), PermAttr{}, elements, ruleTranspose, never, never, Free, Lawless, line, structural, "x with its axes in another order", "x.T"},
	Slice:     {"slice", View, many("x", "start…"), SliceAttr{}, elements, ruleSlice, never, never, Free, Lawless, line, structural, "every so many elements of each axis from a start on; they lie inside", "x[1:n:2]"},
	Reshape:   {"reshape", View, one("x"), DimsAttr{}, elements, ruleReshape, never, never, Free, Lawless, line, structural, "the same elements, in order, in another shape", "reshape(x, [n, m])"},
	Retype:    {"retype", View, one("x"), RetypeAttr{}, elements, ruleRetype, always, never, Free, Lawless, line, structural, "x, which must have the given sizes", "let y: f64[n] = x"},

	Gather:     {"gather", Index, many("x", "index…"), IndexAttr{}, elements, ruleGather, always, never, Cheap, Lawless, counts, structural, "elements of x at indices", "x[i, :]"},
	Update:     {"update", Index, many("x", "v", "index…"), IndexAttr{}, elements, ruleUpdate, always, never, Cheap, Lawless, counts, structural, "x with v at indices; of several, the last counts", "x[i] = v"},
	Accumulate: {"accumulate", Index, many("x", "v", "index…"), IndexAttr{}, numbers, ruleUpdate, always, never, Cheap, Lawless, counts, structural, "x with v added at indices, once for each, in order; or subtracted, …", "x[i] += v"},
	Append:     {"append", Join, many("x", "v"), NoAttr{}, elements, ruleAppend, never, never, Cheap, Lawless, line, structural, "x followed by v", "[e for i if c]"},

	Concat: {"concat", Join, many("x…"), AxisAttr{}, elements, ruleConcat, never, never, Cheap, Lawless, line, structural, "arrays one after the other along an axis", "concatenate((x, y))"},

	Reduce: {"reduce", Reduction, one("x"), ReduceAttr{}, elements, ruleReduce, failsWhenEmpty, never, Cheap, Lawless, line, structural, "sum, product, extreme … along axes", "sum(x, axis=0)"},
	Scan:   {"scan", Prefix, many("x", "b…"), ScanAttr{}, numbers, ruleScan, never, never, Cheap, Lawless, line, structural, "sum, product, extreme of the elements so far, along the last axis", "cumsum(x)"},

	Contract: {"contract", Contraction, two(), ContractAttr{}, numbers, ruleContract, never, never, Heavy, Lawless, line, structural, "sum of products over shared letters", "A @ B"},

	Sort:         {"sort", Order, one("x"), NoAttr{}, ordered, ruleSame, never, never, Heavy, Idempotent, line, structural, "the elements in order along the last axis, NaN last", "sort(x)"},
	ArgSort:      {"argsort", Order, one("x"), NoAttr{}, ordered, ruleArgSort, never, never, Heavy, Lawless, line, cut, "where the sorted elements come from; equal ones stay in order", "argsort(x)"},
	SearchSorted: {"searchsorted", Order, many("x", "v"), SearchAttr{}, ordered, ruleSearch, never, never, Dear, Lawless, line, cut, "where in the sorted x each v belongs", "searchsorted(x, v)"},
	Nonzero:      {"nonzero", Order, one("m"), NoAttr{}, truth, ruleNone, never, never, Cheap, Lawless, line, cut, "how many elements are true, and where", "x[x > 0]"},

	If:    {"if", Region, one("c"), NoAttr{}, truth, ruleNone, never, never, Free, Lawless, line, structural, "one of two blocks", "if c { a } else { b }"},
	For:   {"for", Region, many("lo", "hi", "carried…"), NoAttr{}, integer, ruleNone, never, never, Free, Lawless, counts, structural, "a block for each lo <= i < hi, which carries values on", "for i in 0..n { s += x[i] }"},
	While: {"while", Region, many("carried…"), NoAttr{}, anything, ruleNone, always, never, Free, Lawless, line, structural, "a block as long as a condition holds, which carries values on", "while c { x = f(x) }"},
	Map:   {"map", Region, nothing(), MapAttr{}, elements, ruleNone, never, never, Free, Lawless, counts, structural, "an array of what a block gives at each index", "[f(x[i]) for i]"},

	Call:      {"call", Calling, many("x…"), CallAttr{}, anything, ruleNone, never, never, Heavy, Lawless, line, structural, "a function of the program", "f(x)"},
	JVP:       {"jvp", Calling, many("x…"), DeriveAttr{}, anything, ruleNone, never, never, Heavy, Lawless, line, structural, "a function of the program and its directional derivative", "jvp(f)(x, dx)"},
	VJP:       {"vjp", Calling, many("x…"), DeriveAttr{}, anything, ruleNone, never, never, Heavy, Lawless, line, structural, "a function of the program and the product of a cotangent with its Jacobian", "vjp(f)(x, dy)"},
	PatternOp: {"pattern", Calling, nothing(), PatternAttr{}, anything, ruleNone, never, never, Heavy, Lawless, line, cut, "which elements of a result depend on which of a parameter, in order of rows, then columns; and colours of the columns such that no row has two of a colour, as far as the program tells them, else 0 of them", "sparse_jacobian(f)(x)"},
	Taylor:    {"taylor", Calling, many("x…"), DeriveAttr{}, anything, ruleNone, never, never, Heavy, Lawless, line, structural, "a function of the program and its Taylor coefficients in a direction", "taylor(f, order=3)(x, dx)"},
	Lib:       {"lib", Calling, many("x…"), LibAttr{}, inexact, ruleLib, always, never, Heavy, Lawless, line, structural, "a function of the library of kernels", "linalg.cholesky(A)"},
	Host:      {"host", Calling, many("x…"), HostAttr{}, anything, ruleNone, always, unlessPure, Heavy, Lawless, line, refused, "a function of the embedding program", "measure(x)"},

	Budget: {"budget", Calling, nothing(), NoAttr{}, integer, ruleSize, never, never, Cheap, Lawless, counts, cut, "how many bytes of memory are left, for backward code to choose how it goes through a loop", "grad(f)"},

	Check: {"check", Effect, many("c", "value…"), CheckAttr{}, anything, ruleCheck, always, never, Cheap, Lawless, line, cut, "an error unless c is true", "let y = x[a:b]"},
	Print: {"print", Effect, many("value…"), PrintAttr{}, anything, rulePrint, never, always, Heavy, Lawless, line, cut, "writes a line", "print(x)"},

	Format: {"format", Effect, one("x"), FormatAttr{"%s"}, elements, ruleFormat, never, never, Heavy, Lawless, line, cut, "x as text, its elements as a pattern says", `format(x, "%.3g")`},
}

// Info is the row of the table of c.
func (c Code) Info() *Info { return &Ops[c] }

// String is the name of c.
func (c Code) String() string { return Ops[c].Name }

// CodeOf is the operation of that name, Invalid if there is none.
func CodeOf(name string) Code { return codeByName[name] }
