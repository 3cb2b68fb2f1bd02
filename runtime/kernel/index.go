package kernel

// IndexAxis says how one axis of an array is indexed, by the letters of the array IR:
//
//	':' whole
//	'@' a point, at Start
//	'r' a range of Count positions from Start by Step
//	't' a table of indices
//
// Start holds one index for every batch entry, or a single one for all; Table holds the indices of all batch entries one
// after the other, or of one entry for all.
type IndexAxis struct {
	Kind        byte
	Start       []int64
	Count, Step int
	Table       []int64
}

// Index selects elements of an array [batch…, dims…]. The result has the batch, then the axes ':' and 'r' in order, with
// the common shape of all tables, of TableSize elements, at the place of the first table. With Wrap, points and table
// entries from -n to -1 count from the end.
type Index struct {
	Axes      []IndexAxis
	Batch     int
	TableSize int
	Wrap      bool
}

// indexWalk is an Index worked out for an array: it visits blocks of elements in row-major order of the result.
type indexWalk struct {
	Index
	dims, strides []int
	size          int        // of the array of one batch entry
	outer, inner  []viewAxis // loops before and after the table; only src strides are used
	tables        bool
}

// resolve turns an index into a position, or reports it.
func (x Index) resolve(index int64, size, axis int) (int, error) {
	i := index
	if x.Wrap && i < 0 {
		i += int64(size)
	}
	if i < 0 || i >= int64(size) {
		return 0, &RangeError{index, size, axis}
	}
	return int(i), nil
}

// pick is the element of a batch entry, where one element may stand for all.
func pick(x []int64, entry int) int64 {
	if len(x) == 1 {
		return x[0]
	}
	return x[entry]
}

// point is the position that an index of points only selects in an array of one batch entry; ok is false if the index is
// of another form.
func (x Index) point(dims []int) (at int, ok bool, err error) {
	if x.Batch != 1 {
		return 0, false, nil
	}
	for k, axis := range x.Axes {
		if axis.Kind != '@' {
			return 0, false, nil
		}
		i, err := x.resolve(axis.Start[0], dims[k], k)
		if err != nil {
			return 0, true, err
		}
		at = at*dims[k] + i
	}
	return at, true, nil
}

// newIndexWalk checks every index; after it, no access is outside the array.
func newIndexWalk(x Index, dims []int, poll func() error) (*indexWalk, error) {
	p := newPoller(poll)
	w := &indexWalk{Index: x, dims: dims, strides: rowMajor(dims), size: product(dims)}
	loop := func(n, stride int) {
		axes := &w.outer
		if w.tables {
			axes = &w.inner
		}
		*axes = append(*axes, viewAxis{n: n, src: stride})
	}
	for k, axis := range x.Axes {
		switch axis.Kind {
		case ':':
			loop(dims[k], w.strides[k])
		case '@':
			for _, i := range axis.Start {
				if _, err := x.resolve(i, dims[k], k); err != nil {
					return nil, err
				}
			}
		case 'r':
			for _, i := range axis.Start {
				if err := (Range{int(i), axis.Count, axis.Step}).check(dims[k], k); err != nil {
					return nil, err
				}
			}
			loop(axis.Count, w.strides[k]*axis.Step)
		case 't':
			for table := axis.Table; len(table) > 0; {
				piece := table[:min(len(table), viewPiece)]
				for _, i := range piece {
					if _, err := x.resolve(i, dims[k], k); err != nil {
						return nil, err
					}
				}
				table = table[len(piece):]
				if err := p.spend(len(piece)); err != nil {
					return nil, err
				}
			}
			w.tables = true
		}
	}
	if !w.tables {
		w.inner, w.outer = w.outer, nil
	}
	w.inner = joinLoops(w.inner)
	return w, nil
}

// joinLoops drops loops of length 1 and joins neighbours that one stride reaches.
func joinLoops(axes []viewAxis) []viewAxis {
	var joined []viewAxis
	for _, x := range axes {
		if x.n == 1 {
			continue
		}
		if last := len(joined) - 1; last >= 0 && joined[last].src == x.n*x.src {
			joined[last] = viewAxis{n: joined[last].n * x.n, src: x.src}
			continue
		}
		joined = append(joined, x)
	}
	return joined
}

// start is where the points and ranges of a batch entry begin in the array.
func (w *indexWalk) start(entry int) int {
	at := entry * w.size
	for k, axis := range w.Axes {
		switch axis.Kind {
		case '@':
			i := pick(axis.Start, entry)
			if i < 0 {
				i += int64(w.dims[k])
			}
			at += int(i) * w.strides[k]
		case 'r':
			if axis.Count > 0 {
				at += int(pick(axis.Start, entry)) * w.strides[k]
			}
		}
	}
	return at
}

// tableOffsets fills offsets with where the table entries from lo on lead, beside start.
func (w *indexWalk) tableOffsets(offsets []int, entry, lo, start int) {
	for i := range offsets {
		offsets[i] = start
	}
	for k, axis := range w.Axes {
		if axis.Kind != 't' {
			continue
		}
		table := axis.Table
		if len(table) > w.TableSize {
			table = table[entry*w.TableSize:]
		}
		size, stride := int64(w.dims[k]), w.strides[k]
		for i, index := range table[lo:][:len(offsets)] {
			if index < 0 {
				index += size
			}
			offsets[i] += int(index) * stride
		}
	}
}

// indexMove moves elements between an array x and the values of an index: scattered positions one by one, or a row.
type indexMove[T Element] struct {
	points func(x []T, at []int, values []T)
	row    func(x []T, at, stride int, values []T)
}

// offsetBlock is the number of table entries worked out at a time.
const offsetBlock = 512

// walk visits all elements in row-major order of the values.
func walk[T Element](w *indexWalk, x, values []T, move indexMove[T], poll func() error) error {
	p := newPoller(poll)
	rows := 1
	for _, loop := range w.inner {
		rows *= loop.n
	}
	if len(values) == 0 || rows == 0 {
		return nil
	}
	entries := w.Batch
	if w.tables {
		entries = w.TableSize
	}
	offsets := make([]int, min(offsetBlock, entries))
	next := 0
	visit := func(offsets []int) error {
		if len(w.inner) == 0 {
			move.points(x, offsets, values[next:][:len(offsets)])
			next += len(offsets)
			return p.spend(2 * len(offsets))
		}
		for _, at := range offsets {
			if err := moveRows(x, at, w.inner, values[next:][:rows], move, &p); err != nil {
				return err
			}
			next += rows
		}
		return nil
	}
	if !w.tables {
		for lo := 0; lo < w.Batch; lo += offsetBlock {
			block := offsets[:min(offsetBlock, w.Batch-lo)]
			for i := range block {
				block[i] = w.start(lo + i)
			}
			if err := visit(block); err != nil {
				return err
			}
		}
		return nil
	}
	outer := 1
	for _, loop := range w.outer {
		outer *= loop.n
	}
	for entry := range w.Batch {
		start := w.start(entry)
		for o := range outer {
			at, rest := start, o
			for k := len(w.outer) - 1; k >= 0; k-- {
				at += rest % w.outer[k].n * w.outer[k].src
				rest /= w.outer[k].n
			}
			for lo := 0; lo < w.TableSize; lo += offsetBlock {
				block := offsets[:min(offsetBlock, w.TableSize-lo)]
				w.tableOffsets(block, entry, lo, at)
				if err := visit(block); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// moveRows moves the elements of one table entry.
func moveRows[T Element](x []T, at int, loops []viewAxis, values []T, move indexMove[T], p *poller) error {
	loop := loops[0]
	if len(loops) == 1 {
		for lo := 0; lo < loop.n; lo += viewPiece {
			piece := min(viewPiece, loop.n-lo)
			move.row(x, at+lo*loop.src, loop.src, values[lo:lo+piece])
			if err := p.spend(piece + 4); err != nil {
				return err
			}
		}
		return nil
	}
	part := len(values) / loop.n
	for i := range loop.n {
		if err := moveRows(x, at+i*loop.src, loops[1:], values[i*part:][:part], move, p); err != nil {
			return err
		}
	}
	return nil
}
