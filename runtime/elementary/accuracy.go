package elementary

// Bound is the largest error of a function, in units in the last place of the
// exact value.
type Bound struct {
	Name string
	ULP  float64
}

// Accuracy lists the error bounds of the functions of float64; each holds over
// the whole range. pow is meant where it is not multiplied out.
var Accuracy = []Bound{
	{"sqrt", 0.5},
	{"exp", 1},
	{"expm1", 2},
	{"log", 1},
	{"log1p", 2},
	{"sin", 1},
	{"cos", 1},
	{"tan", 2},
	{"asin", 2},
	{"acos", 2},
	{"atan", 2},
	{"atan2", 2},
	{"tanh", 1},
	{"pow", 2},
}
