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
	if mx == -1 && my == 0 {
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v == s
		}
		return
	}
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
	if mx == -1 && my == 0 {
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v < s
		}
		return
	}
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
	if mx == -1 && my == 0 {
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v <= s
		}
		return
	}
	for i := range dst {
		dst[i] = x[i&mx] <= y[i&my]
	}
}
