package kernel

import "unsafe"

//go:noescape
func sumLanesAVX(l *[lanes]float64, x *float64, n int)

//go:noescape
func dotLanesAVX(l *[lanes]float64, x, y *float64, n int)

//go:noescape
func addScaledAVX(acc, x *float64, s float64, n int)

//go:noescape
func tileStepsAVX(tile *tile[float64], a, b *float64, steps int)

//go:noescape
func tileLanesAVX(tile *tile[float64], a, b *float64, k int, stack *[4]tile[float64])

func sumLanesF64(l *[lanes]float64, x []float64) {
	if !hasAVX2 {
		sumLanesLoop(l, x)
		return
	}
	for ; len(x) > vectorChunk; x = x[vectorChunk:] {
		sumLanesAVX(l, &x[0], vectorChunk)
	}
	sumLanesAVX(l, unsafe.SliceData(x), len(x))
}

func dotLanesF64(l *[lanes]float64, x, y []float64) {
	if !hasAVX2 {
		dotLanesLoop(l, x, y)
		return
	}
	for ; len(x) > vectorChunk; x, y = x[vectorChunk:], y[vectorChunk:] {
		dotLanesAVX(l, &x[0], &y[0], vectorChunk)
	}
	dotLanesAVX(l, unsafe.SliceData(x), unsafe.SliceData(y[:len(x)]), len(x))
}

func addScaledF64(acc, x []float64, s float64) {
	if !hasAVX2 {
		addScaledLoop(acc, x, s)
		return
	}
	for ; len(x) > vectorChunk; acc, x = acc[vectorChunk:], x[vectorChunk:] {
		addScaledAVX(&acc[0], &x[0], s, vectorChunk)
	}
	addScaledAVX(unsafe.SliceData(acc[:len(x)]), unsafe.SliceData(x), s, len(x))
}

func tileStepsF64(t *tile[float64], a, b []float64, steps int) {
	if !hasAVX2 {
		tileStepsLoop(t, a, b, steps)
		return
	}
	tileStepsAVX(t, unsafe.SliceData(a[:steps*tileRows]), unsafe.SliceData(b[:steps*tileColumns]), steps)
}

func tileLanesF64(t *tile[float64], a, b []float64, k int, stack *[4]tile[float64]) {
	if !hasAVX2 {
		tileLanesLoop(t, a, b, k, stack)
		return
	}
	tileLanesAVX(t, unsafe.SliceData(a[:k*tileRows]), unsafe.SliceData(b[:k*tileColumns]), k, stack)
}
