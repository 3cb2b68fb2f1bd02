package kernel

import "sync"

// blockProduct multiplies matrices in blocks: panels of both operands are packed in the order in which the sum rule walks
// k, tiles of 4 x 8 results are made in registers, and a block of tiles is then written to the result, whose elements
// may stand anywhere. Rows, columns and summed index may each be several axes, so that any contraction is a product.
type blockProduct[T Number] struct {
	rows, cols, summed []contractAxis
	k                  contractAxis // the last summed axis, which is summed first
	m, n               int
	blockRows          int // multiple of tileRows
	blockColumns       int // multiple of tileColumns
	poller             *poller

	*workspace[T]
}

// workspace is the scratch of a product, kept for the next one.
type workspace[T Number] struct {
	packedA, packedB []T
	tiles            []T // the block of results, tile by tile
	parts            []T // 16 partial tiles a tile, where k is too long to be packed at once
	nested           []T // 5 blocks for every summed axis but the last
	stack            [4]tile[T]
	offsetA, offsetB []int
	order            []int
}

// workspaces keeps one pool for every type of element.
var workspaces struct{ f64, f32, i64, c128 sync.Pool }

func workspacePool[T Number]() *sync.Pool {
	var zero T
	switch any(zero).(type) {
	case float32:
		return &workspaces.f32
	case int64:
		return &workspaces.i64
	case complex128:
		return &workspaces.c128
	}
	return &workspaces.f64
}

// resized is s with length n, made anew if it is too small; its elements are arbitrary.
func resized[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// The longest k that is packed at once, and the sizes of blocks: panels of a left block fit in the second-level cache.
const (
	wholeK       = 2048
	leftPanels   = 1 << 16
	rightPanels  = 1 << 18
	maxBlock     = 256
	longBlock    = 128
	nestedBlocks = 5
)

// workPerStep is that of a tile, in units of the poller.
func workPerStep[T Number]() int {
	var zero T
	switch any(zero).(type) {
	case float64:
		return 4
	case complex128:
		return 64
	}
	return 16
}

func newBlockProduct[T Number](plan contractPlan, p *poller) *blockProduct[T] {
	w := &blockProduct[T]{rows: plan.rows, cols: plan.cols, summed: plan.summed, poller: p}
	w.k = plan.summed[len(plan.summed)-1]
	w.m, w.n = extent(plan.rows), extent(plan.cols)
	w.blockRows, w.blockColumns = longBlock, longBlock
	if w.k.n <= wholeK {
		w.blockRows = min(maxBlock, max(tileRows, leftPanels/w.k.n&^(tileRows-1)))
		w.blockColumns = min(maxBlock, max(tileColumns, rightPanels/w.k.n&^(tileColumns-1)))
	}
	w.blockRows = min(w.blockRows, roundUp(w.m, tileRows))
	w.blockColumns = min(w.blockColumns, roundUp(w.n, tileColumns))
	space, ok := workspacePool[T]().Get().(*workspace[T])
	if !ok {
		space = new(workspace[T])
	}
	w.workspace = space
	depth, block := min(w.k.n, wholeK), w.blockRows*w.blockColumns
	w.packedA = resized(w.packedA, w.blockRows*depth)
	w.packedB = resized(w.packedB, w.blockColumns*depth)
	w.tiles = resized(w.tiles, block)
	if w.k.n > wholeK {
		w.parts = resized(w.parts, lanes*block)
	}
	w.nested = resized(w.nested, nestedBlocks*(len(w.summed)-1)*block)
	w.offsetA = resized(w.offsetA, w.blockRows)
	w.offsetB = resized(w.offsetB, w.blockColumns)
	w.order = packOrder(resized(w.order, depth), w.k.n >= longSum)
	return w
}

// release gives the scratch back.
func (w *blockProduct[T]) release() { workspacePool[T]().Put(w.workspace) }

// packOrder lists the steps in the order of laneWalk if long, else as they come.
func packOrder(order []int, long bool) []int {
	at := 0
	for _, lane := range laneWalk {
		for k := lane; long && k < len(order); k += lanes {
			order[at] = k
			at++
		}
	}
	for ; at < len(order); at++ {
		order[at] = at
	}
	return order
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// run writes one product.
func (w *blockProduct[T]) run(dst, a, b []T) error {
	for j := 0; j < w.n; j += w.blockColumns {
		cols := min(w.blockColumns, w.n-j)
		for s := range cols {
			_, w.offsetB[s], _ = offsets(w.cols, j+s)
		}
		for i := 0; i < w.m; i += w.blockRows {
			rows := min(w.blockRows, w.m-i)
			for s := range rows {
				w.offsetA[s], _, _ = offsets(w.rows, i+s)
			}
			block := blockExtent{rows, cols, i == 0 || len(w.summed) > 1}
			tiles := w.tiles[:roundUp(rows, tileRows)*roundUp(cols, tileColumns)]
			if err := w.sumBlock(tiles, a, b, block, w.summed); err != nil {
				return err
			}
			w.write(dst, tiles, i, j, block)
		}
	}
	return nil
}

// blockExtent is the part of the result being made; newColumns says that the right panels must be packed.
type blockExtent struct {
	rows, cols int
	newColumns bool
}

// sumBlock sums a block of products over the given axes, the last first.
func (w *blockProduct[T]) sumBlock(out, a, b []T, block blockExtent, axes []contractAxis) error {
	if len(axes) == 1 {
		if w.k.n > wholeK {
			return w.longBlock(out, a, b, block)
		}
		return w.wholeBlock(out, a, b, block)
	}
	axis := axes[0]
	size := w.blockRows * w.blockColumns
	scratch := w.nested[nestedBlocks*(len(axes)-2)*size:][:nestedBlocks*size]
	waits := func(i int) []T { return scratch[i*size:][:len(out)] }
	term := waits(nestedBlocks - 1)
	add := func(i int) error {
		if err := w.sumBlock(term, a[i*axis.a:], b[i*axis.b:], block, axes[1:]); err != nil {
			return err
		}
		Add(out, out, term)
		return nil
	}
	if axis.n < longSum {
		clear(out)
		for i := range axis.n {
			if err := add(i); err != nil {
				return err
			}
		}
		return nil
	}
	waiting := 0
	for done, lane := range laneWalk {
		clear(out)
		for i := lane; i < axis.n; i += lanes {
			if err := add(i); err != nil {
				return err
			}
		}
		for carry := done; carry&1 == 1; carry >>= 1 {
			waiting--
			Add(out, out, waits(waiting))
		}
		if done < lanes-1 {
			copy(waits(waiting), out)
			waiting++
		}
	}
	return nil
}

// wholeBlock makes a block with all of k packed at once.
func (w *blockProduct[T]) wholeBlock(out, a, b []T, block blockExtent) error {
	k := w.k.n
	for i := 0; i < block.rows; i += tileRows {
		packLeft(w.packedA[i*k:][:tileRows*k], a, w.offsetA[i:min(i+tileRows, block.rows)], w.order, 0, w.k.a)
	}
	if block.newColumns {
		for j := 0; j < block.cols; j += tileColumns {
			packRight(w.packedB[j*k:][:tileColumns*k], b, w.offsetB[j:min(j+tileColumns, block.cols)], w.order, 0, w.k.b)
		}
		if err := w.poller.spend(block.cols * k); err != nil {
			return err
		}
	}
	next := 0
	for j := 0; j < block.cols; j += tileColumns {
		panelB := w.packedB[j*k:][:tileColumns*k]
		for i := 0; i < block.rows; i += tileRows {
			panelA := w.packedA[i*k:][:tileRows*k]
			t := (*tile[T])(out[next:])
			next += len(t)
			if k < longSum {
				clear(t[:])
				tileSteps(t, panelA, panelB, k)
			} else {
				tileLanes(t, panelA, panelB, k, &w.stack)
			}
			if err := w.poller.spend(k*workPerStep[T]() + 16); err != nil {
				return err
			}
		}
	}
	return nil
}

// longBlock makes a block with k packed piece by piece: the 16 partial tiles of every tile are kept in between.
func (w *blockProduct[T]) longBlock(out, a, b []T, block blockExtent) error {
	parts := w.parts[:lanes*len(out)]
	clear(parts)
	for k0 := 0; k0 < w.k.n; k0 += wholeK {
		k := min(w.k.n-k0, wholeK)
		order := packOrder(w.order[:k], true)
		for i := 0; i < block.rows; i += tileRows {
			packLeft(w.packedA[i*k:][:tileRows*k], a, w.offsetA[i:min(i+tileRows, block.rows)], order, k0, w.k.a)
		}
		for j := 0; j < block.cols; j += tileColumns {
			packRight(w.packedB[j*k:][:tileColumns*k], b, w.offsetB[j:min(j+tileColumns, block.cols)], order, k0, w.k.b)
		}
		next := 0
		for j := 0; j < block.cols; j += tileColumns {
			for i := 0; i < block.rows; i += tileRows {
				panelA, panelB := w.packedA[i*k:][:tileRows*k], w.packedB[j*k:][:tileColumns*k]
				for _, lane := range laneWalk {
					steps := laneSteps(k, lane)
					tileSteps((*tile[T])(parts[next+lane*tileRows*tileColumns:]), panelA, panelB, steps)
					panelA, panelB = panelA[steps*tileRows:], panelB[steps*tileColumns:]
				}
				next += lanes * tileRows * tileColumns
				if err := w.poller.spend(k * workPerStep[T]()); err != nil {
					return err
				}
			}
		}
	}
	for t := 0; t < len(out); t += tileRows * tileColumns {
		part := parts[t*lanes:][:lanes*tileRows*tileColumns]
		for width := len(part) / 2; width >= tileRows*tileColumns; width /= 2 {
			Add(part[:width], part[:width], part[width:2*width])
		}
		copy(out[t:], part[:tileRows*tileColumns])
	}
	return nil
}

// write puts a block of tiles, which starts at row i and column j, in its place.
func (w *blockProduct[T]) write(dst, tiles []T, i, j int, block blockExtent) {
	for jt := 0; jt < block.cols; jt += tileColumns {
		var columns [tileColumns]int
		width := min(tileColumns, block.cols-jt)
		for s := range width {
			_, _, columns[s] = offsets(w.cols, j+jt+s)
		}
		adjacent := consecutive(columns[:width])
		for it := 0; it < block.rows; it += tileRows {
			for s := range min(tileRows, block.rows-it) {
				_, _, o := offsets(w.rows, i+it+s)
				row := tiles[s*tileColumns:][:width]
				if adjacent {
					copy(dst[o+columns[0]:], row)
					continue
				}
				for c, v := range row {
					dst[o+columns[c]] = v
				}
			}
			tiles = tiles[tileRows*tileColumns:]
		}
	}
}

// consecutive says whether each offset follows the one before.
func consecutive(offsets []int) bool {
	for i, o := range offsets {
		if o != offsets[0]+i {
			return false
		}
	}
	return true
}

// packLeft copies the steps from k0 on, in the given order, of up to 4 rows, which start at the offsets, so that the
// elements of a step follow each other; missing rows are zero.
func packLeft[T Number](dst, src []T, offsets, order []int, k0, stride int) {
	if len(offsets) < tileRows {
		packScattered(dst, src, offsets, order, tileRows, k0, stride)
		return
	}
	r0, r1, r2, r3 := src[offsets[0]+k0*stride:], src[offsets[1]+k0*stride:], src[offsets[2]+k0*stride:], src[offsets[3]+k0*stride:]
	for i, k := range order {
		step := dst[i*tileRows:][:tileRows]
		k *= stride
		step[0], step[1], step[2], step[3] = r0[k], r1[k], r2[k], r3[k]
	}
}

// packRight does for up to 8 columns what packLeft does for rows.
func packRight[T Number](dst, src []T, offsets, order []int, k0, stride int) {
	if len(offsets) < tileColumns || !consecutive(offsets) {
		packScattered(dst, src, offsets, order, tileColumns, k0, stride)
		return
	}
	columns := src[offsets[0]+k0*stride:]
	for i, k := range order {
		*(*[tileColumns]T)(dst[i*tileColumns:]) = *(*[tileColumns]T)(columns[k*stride:])
	}
}

func packScattered[T Number](dst, src []T, offsets, order []int, width, k0, stride int) {
	if len(offsets) < width {
		clear(dst)
	}
	for column, o := range offsets {
		from := src[o+k0*stride:]
		at := column
		for _, k := range order {
			dst[at] = from[k*stride]
			at += width
		}
	}
}
