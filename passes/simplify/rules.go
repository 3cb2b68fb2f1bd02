package simplify

// A rule says that the operation on the left is the one on the right, in every
// bit, NaN, infinities and signed zeros included, for operands of its element
// types. Letters stand for any values; a number stands for a constant, or an
// array of it. What commutes is tried both ways.
//
// A rule must hold for all values of its types: TestRules tries it with special
// ones. So x + 0 (which makes -0 into 0), 0 * x, x - x of floats and anything
// that only holds "up to rounding" have no place here.
type rule struct {
	types string // "int", "f64", "float" (f32 and f64), "complex", "bool", separated by spaces
	text  string
}

var rules = []rule{
	// Neutral operands.
	{"float complex", "x - 0 = x"},
	{"float complex", "x + -0 = x"},
	{"float", "-0 - x = neg(x)"},
	{"float int", "x * 1 = x"},
	{"float", "x / 1 = x"},
	{"float int", "x * -1 = neg(x)"},
	{"float", "x / -1 = neg(x)"},
	{"int", "x + 0 = x"},
	{"int", "x - 0 = x"},
	{"int", "0 - x = neg(x)"},
	{"int", "x * 0 = 0"},
	{"int", "x - x = 0"},
	{"int", "floordiv(x, 1) = x"},
	{"int", "mod(x, 1) = 0"},

	// Signs.
	{"float int complex", "neg(neg(x)) = x"},
	{"float int complex", "x + neg(y) = x - y"},
	{"float int complex", "x - neg(y) = x + y"},
	{"float int", "neg(x) * neg(y) = x * y"},
	{"float", "neg(x) / neg(y) = x / y"},
	{"float int", "neg(x) * y = neg(x * y)"},
	{"float", "neg(x) / y = neg(x / y)"},
	{"float", "x / neg(y) = neg(x / y)"},
	{"float int", "neg(x) + y = y - x"},
	{"float int", "abs(neg(x)) = abs(x)"},
	{"float int", "abs(abs(x)) = abs(x)"},

	// Powers are defined by repeated multiplication.
	{"f64 int", "pow(x, 1) = x"},
	{"f64 int", "pow(x, 2) = x * x"},
	{"f64 int", "pow(x, 3) = (x * x) * x"},
	{"f64 int", "pow(x, 4) = (x * x) * (x * x)"},
	{"f64", "pow(x, -1) = 1 / x"},
	{"f64 int", "pow(x, 0) = 1"},

	// Rounding twice.
	{"float", "floor(floor(x)) = floor(x)"},
	{"float", "ceil(ceil(x)) = ceil(x)"},
	{"float", "trunc(trunc(x)) = trunc(x)"},
	{"float", "round(round(x)) = round(x)"},

	// Extremes.
	{"float int", "min(x, x) = x"},
	{"float int", "max(x, x) = x"},

	// Truth and bits.
	{"bool int", "not(not(x)) = x"},
	{"bool int", "and(x, x) = x"},
	{"bool int", "or(x, x) = x"},
	{"bool", "and(x, true) = x"},
	{"bool", "and(x, false) = false"},
	{"bool", "or(x, false) = x"},
	{"bool", "or(x, true) = true"},
	{"bool", "xor(x, false) = x"},
	{"bool", "xor(x, true) = not(x)"},
	{"int", "xor(x, x) = 0"},
	{"bool", "xor(x, x) = false"},
	{"int", "eq(x, x) = true"},
	{"int", "le(x, x) = true"},
	{"int", "lt(x, x) = false"},
	{"int", "not(lt(x, y)) = le(y, x)"},
	{"int", "not(le(x, y)) = lt(y, x)"},
	{"bool", "eq(x, true) = x"},
	{"bool", "eq(x, false) = not(x)"},

	// Choice.
	{"any", "select(true, x, y) = x"},
	{"any", "select(false, x, y) = y"},
	{"any", "select(c, x, x) = x"},
	{"any", "select(not(c), x, y) = select(c, y, x)"},
	{"bool", "select(c, true, false) = c"},

	// Complex parts.
	{"f64", "real(complex(x, y)) = x"},
	{"f64", "imag(complex(x, y)) = y"},
	{"complex", "complex(real(x), imag(x)) = x"},
	{"complex", "conj(conj(x)) = x"},
}
