package kernel

// multiplyAxes writes products without a sum: every combination of the axes' indices has one.
func multiplyAxes[T Number](dst, a, b []T, axes []contractAxis, p *poller) error {
	axes = mergeAxes(axes)
	if len(axes) == 0 {
		dst[0] = mulNumber(a[0], b[0])
		return nil
	}
	last := axes[len(axes)-1]
	outer := axes[:len(axes)-1]
	for i := range extent(outer) {
		oa, ob, oc := offsets(outer, i)
		for lo := 0; lo < last.n; lo += sumPiece {
			n := min(sumPiece, last.n-lo)
			multiplyStrided(dst[oc+lo*last.c:], a[oa+lo*last.a:], b[ob+lo*last.b:], n, last)
			if err := p.spend(n + 8); err != nil {
				return err
			}
		}
	}
	return nil
}

// multiplyStrided writes n products along one axis.
func multiplyStrided[T Number](dst, a, b []T, n int, axis contractAxis) {
	if axis.c == 1 && axis.a|1 == 1 && axis.b|1 == 1 {
		a, b = a[:1+(n-1)*axis.a], b[:1+(n-1)*axis.b]
		switch d := any(dst[:n]).(type) {
		case []float64:
			mulF64(d, any(a).([]float64), any(b).([]float64))
		case []float32:
			mulLoop(d, any(a).([]float32), any(b).([]float32))
		case []int64:
			mulLoop(d, any(a).([]int64), any(b).([]int64))
		case []complex128:
			MulComplex(d, any(a).([]complex128), any(b).([]complex128))
		}
		return
	}
	for i := range n {
		dst[i*axis.c] = mulNumber(a[i*axis.a], b[i*axis.b])
	}
}

// nestedDot sums products over all axes, the last first.
func nestedDot[T Number](a, b []T, axes []contractAxis, p *poller) (T, error) {
	axis := axes[0]
	if len(axes) == 1 {
		return dot(a, b, axis.n, axis.a, axis.b, p)
	}
	var sum RunningSum[T]
	for i := range axis.n {
		v, err := nestedDot(a[i*axis.a:], b[i*axis.b:], axes[1:], p)
		if err != nil {
			return v, err
		}
		sum.add(v)
	}
	return sum.Value(), nil
}

// matrixVector writes the product of a matrix and a vector: the matrix is the left operand of the axes' strides, with rows
// over several axes, and k is the summed axis.
func matrixVector[T Number](dst, mat, vec []T, rows []contractAxis, k contractAxis, p *poller) error {
	last := rows[len(rows)-1]
	if last.a == 1 && k.a != 1 && last.n >= narrow {
		outer := rows[:len(rows)-1]
		var sums columnSums[T]
		for i := range extent(outer) {
			o, _, c := offsets(outer, i)
			if err := sums.write(dst[c:], mat[o:], vec, last, k, p); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range extent(rows) {
		o, _, c := offsets(rows, i)
		v, err := dot(mat[o:], vec, k.n, k.a, k.b, p)
		if err != nil {
			return err
		}
		dst[c] = v
	}
	return nil
}

// columnSums makes the product with a matrix whose rows are contiguous along the result: it adds multiples of those rows,
// in one row of sums or in 16 for long ones, a tile of columns at a time.
type columnSums[T Number] struct {
	partial []T
}

func (s *columnSums[T]) write(dst, mat, vec []T, row, k contractAxis, p *poller) error {
	count := 1
	if k.n >= longSum {
		count = lanes
	}
	if s.partial == nil {
		s.partial = make([]T, count*min(sumTile, row.n))
	}
	for lo := 0; lo < row.n; lo += sumTile {
		width := min(sumTile, row.n-lo)
		partial := s.partial[:count*width]
		clear(partial)
		for i := range k.n {
			lane := partial[i%count*width:][:width]
			addScaled(lane, mat[lo+i*k.a:][:width], vec[i*k.b])
			if err := p.spend(width + 8); err != nil {
				return err
			}
		}
		for w := count / 2; w > 0; w /= 2 {
			Add(partial[:w*width], partial[:w*width], partial[w*width:2*w*width])
		}
		for j, v := range partial[:width] {
			dst[(lo+j)*row.c] = v
		}
	}
	return nil
}
