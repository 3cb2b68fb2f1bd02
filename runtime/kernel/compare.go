package kernel

// Eq writes x == y.
func Eq[T Element](dst []bool, x, y []T) {
	if d, ok := any(x).([]float64); ok {
		eqF64(dst, d, any(y).([]float64))
		return
	}
	eqLoop(dst, x, y)
}

func eqLoop[T Element](dst []bool, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] == y[i&my]
	}
}

// Less writes x < y.
func Less[T Real](dst []bool, x, y []T) {
	if d, ok := any(x).([]float64); ok {
		ltF64(dst, d, any(y).([]float64))
		return
	}
	ltLoop(dst, x, y)
}

func ltLoop[T Real](dst []bool, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] < y[i&my]
	}
}

// LessEqual writes x <= y.
func LessEqual[T Real](dst []bool, x, y []T) {
	if d, ok := any(x).([]float64); ok {
		leF64(dst, d, any(y).([]float64))
		return
	}
	leLoop(dst, x, y)
}

func leLoop[T Real](dst []bool, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] <= y[i&my]
	}
}

// And writes x and y.
func And(dst, x, y []bool) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		// Both are read and joined without a branch.
		a, b := x[i&mx], y[i&my]
		dst[i] = b2u(a)&b2u(b) != 0
	}
}

// Or writes x or y.
func Or(dst, x, y []bool) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		a, b := x[i&mx], y[i&my]
		dst[i] = b2u(a)|b2u(b) != 0
	}
}

// Xor writes whether exactly one of x and y holds.
func Xor(dst, x, y []bool) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] != y[i&my]
	}
}

// Not writes the opposite of x.
func Not(dst, x []bool) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = !x[i&m]
	}
}

// b2u is 1 for true; the compiler makes it a move.
func b2u(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
