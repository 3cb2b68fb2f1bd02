package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// Gather writes the elements of x, of extents dims after the batch, that the index selects. An index outside its axis is
// a *RangeError.
func Gather[T Element](dst, x []T, dims []int, index Index, poll func() error) error {
	if at, ok, err := index.point(dims); ok {
		if err == nil {
			dst[0] = x[at]
		}
		return err
	}
	if index.isVectorTable(dims) {
		return gatherVector(dst, x[:dims[0]], index, poll)
	}
	w, err := newIndexWalk(index, dims, poll)
	if err != nil {
		return err
	}
	return walk(w, x, dst, indexMove[T]{
		points: func(x []T, at []int, values []T) {
			for i, a := range at {
				values[i] = x[a]
			}
		},
		row: func(x []T, at, stride int, values []T) {
			if stride == 1 {
				copy(values, x[at:])
				return
			}
			for i := range values {
				values[i] = x[at]
				at += stride
			}
		},
	}, poll)
}

// isVectorTable reports whether the index is one table into a vector.
func (x Index) isVectorTable(dims []int) bool {
	return x.Batch == 1 && len(x.Axes) == 1 && x.Axes[0].Kind == 't' && len(x.Axes[0].Table) == x.TableSize && len(dims) == 1
}

// gatherVector is Gather for one table into a vector: each index is looked at once.
func gatherVector[T Element](dst, x []T, index Index, poll func() error) error {
	p := newPoller(poll)
	for table := index.Axes[0].Table; len(table) > 0; {
		piece := table[:min(len(table), viewPiece)]
		values := dst[:len(piece)]
		for k, i := range piece {
			if uint64(i) < uint64(len(x)) {
				values[k] = x[i]
				continue
			}
			at, err := index.resolve(i, len(x), 0)
			if err != nil {
				return err
			}
			values[k] = x[at]
		}
		dst, table = dst[len(piece):], table[len(piece):]
		if err := p.spend(len(piece)); err != nil {
			return err
		}
	}
	return nil
}

// Update writes values to the elements of x that the index selects, in row-major order: the last of several stays. An
// index outside its axis is a *RangeError, and then x is as it was. values must not share memory with x.
func Update[T Element](x, values []T, dims []int, index Index, poll func() error) error {
	if at, ok, err := index.point(dims); ok {
		if err == nil {
			x[at] = values[0]
		}
		return err
	}
	w, err := newIndexWalk(index, dims, poll)
	if err != nil {
		return err
	}
	return walk(w, x, values, indexMove[T]{
		points: func(x []T, at []int, values []T) {
			for i, a := range at {
				x[a] = values[i]
			}
		},
		row: func(x []T, at, stride int, values []T) {
			if stride == 1 {
				copy(x[at:], values)
				return
			}
			for _, v := range values {
				x[at] = v
				at += stride
			}
		},
	}, poll)
}

// Combine is how Accumulate joins an element and a value.
type Combine int

// The ways to combine: x+v, x-v, x*v and x/v (integers: rounded down).
const (
	CombineAdd Combine = iota
	CombineSub
	CombineMul
	CombineDiv
)

// Accumulate combines values with the elements of x that the index selects, one after the other in row-major order. An
// index outside its axis is a *RangeError, an integer division by zero ErrDivisionByZero; then x is as it was. values
// must not share memory with x.
func Accumulate[T Number](x, values []T, dims []int, index Index, how Combine, poll func() error) error {
	w, err := newIndexWalk(index, dims, poll)
	if err != nil {
		return err
	}
	if divisors, ok := any(values).([]int64); ok && how == CombineDiv {
		for _, v := range divisors {
			if v == 0 {
				return ErrDivisionByZero
			}
		}
	}
	if how == CombineAdd {
		return walk(w, x, values, indexMove[T]{
			points: func(x []T, at []int, values []T) {
				for i, a := range at {
					x[a] += values[i]
				}
			},
			row: func(x []T, at, stride int, values []T) {
				if stride == 1 {
					row := x[at:][:len(values)]
					Add(row, row, values)
					return
				}
				for _, v := range values {
					x[at] += v
					at += stride
				}
			},
		}, poll)
	}
	combine := combination[T](how)
	return walk(w, x, values, indexMove[T]{
		points: func(x []T, at []int, values []T) {
			for i, a := range at {
				x[a] = combine(x[a], values[i])
			}
		},
		row: func(x []T, at, stride int, values []T) {
			for _, v := range values {
				x[at] = combine(x[at], v)
				at += stride
			}
		},
	}, poll)
}

func combination[T Number](how Combine) func(x, v T) T {
	switch how {
	case CombineSub:
		return func(x, v T) T { return x - v }
	case CombineMul:
		return mulNumber[T]
	case CombineDiv:
		return divNumber[T]
	}
	return func(x, v T) T { return x + v }
}

// divNumber is the quotient of two elements of any type; integers are rounded down and y is not 0.
func divNumber[T Number](x, y T) T {
	switch x := any(x).(type) {
	case float64:
		return any(x / any(y).(float64)).(T)
	case float32:
		return any(x / any(y).(float32)).(T)
	case int64:
		return any(elementary.FloordivInt(x, any(y).(int64))).(T)
	case complex128:
		return any(elementary.DivComplex(x, any(y).(complex128))).(T)
	}
	return x
}
