package kernel

// multiply is Mul for any numbers.
func multiply[T Number](dst, x, y []T) {
	switch d := any(dst).(type) {
	case []float64:
		mulF64(d, any(x).([]float64), any(y).([]float64))
	case []float32:
		mulLoop(d, any(x).([]float32), any(y).([]float32))
	case []int64:
		mulLoop(d, any(x).([]int64), any(y).([]int64))
	case []complex128:
		MulComplex(d, any(x).([]complex128), any(y).([]complex128))
	}
}

// RunningProd multiplies factors that are fed to it block by block, by the rule of sums with 1 and multiplication in the
// place of 0 and addition.
type RunningProd[T Number] struct {
	lanes [lanes]T
	short T // the product left to right, as long as there are fewer than longSum factors
	count int
}

// NewRunningProd is a product of no factors yet.
func NewRunningProd[T Number]() RunningProd[T] {
	r := RunningProd[T]{short: 1}
	Fill(r.lanes[:], 1)
	return r
}

func (r *RunningProd[T]) add(v T) {
	if r.count < longSum {
		r.short = mulNumber(r.short, v)
	}
	l := &r.lanes[r.count%lanes]
	*l = mulNumber(*l, v)
	r.count++
}

// Add feeds a block of factors.
func (r *RunningProd[T]) Add(block []T) {
	for len(block) > 0 && (r.count%lanes != 0 || r.count < longSum) {
		r.add(block[0])
		block = block[1:]
	}
	for ; len(block) >= lanes; block = block[lanes:] {
		multiply(r.lanes[:], r.lanes[:], block[:lanes])
		r.count += lanes
	}
	for _, v := range block {
		r.add(v)
	}
}

// Value is the product of the factors so far.
func (r *RunningProd[T]) Value() T {
	if r.count < longSum {
		return r.short
	}
	l := r.lanes
	for width := lanes / 2; width > 0; width /= 2 {
		multiply(l[:width], l[:width], l[width:2*width])
	}
	return l[0]
}

// Prod writes the products along the middle axis: [outer, n, inner] -> [outer, inner]. dst must not share memory with src.
func Prod[T Number](dst, src []T, outer, n, inner int, poll func() error) error {
	p := newPoller(poll)
	if inner == 1 {
		for o := range outer {
			row, r := src[o*n:(o+1)*n], NewRunningProd[T]()
			for len(row) > 0 {
				piece := min(len(row), sumPiece)
				r.Add(row[:piece])
				row = row[piece:]
				if err := p.spend(2 * piece); err != nil {
					return err
				}
			}
			dst[o] = r.Value()
		}
		return nil
	}
	var buffer []T
	if n >= longSum && outer*inner > 0 {
		buffer = make([]T, lanes*min(inner, sumTile))
	}
	for o := range outer {
		for lo := 0; lo < inner; lo += sumTile {
			out := dst[o*inner+lo:][:min(sumTile, inner-lo)]
			if err := foldColumns(out, src[o*n*inner+min(lo, n*inner):], n, inner, 1, multiply[T], buffer, &p); err != nil {
				return err
			}
		}
	}
	return nil
}
