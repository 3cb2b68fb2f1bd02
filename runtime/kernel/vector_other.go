//go:build !amd64

package kernel

func addF64(dst, x, y []float64)                        { addLoop(dst, x, y) }
func subF64(dst, x, y []float64)                        { subLoop(dst, x, y) }
func mulF64(dst, x, y []float64)                        { mulLoop(dst, x, y) }
func divF64(dst, x, y []float64)                        { divLoop(dst, x, y) }
func minF64(dst, x, y []float64)                        { minLoop(dst, x, y) }
func maxF64(dst, x, y []float64)                        { maxLoop(dst, x, y) }
func eqF64(dst []bool, x, y []float64)                  { eqLoop(dst, x, y) }
func ltF64(dst []bool, x, y []float64)                  { ltLoop(dst, x, y) }
func leF64(dst []bool, x, y []float64)                  { leLoop(dst, x, y) }
func selectF64(dst []float64, c []bool, x, y []float64) { selectLoop(dst, c, x, y) }
func negF64(dst, x []float64)                           { negLoop(dst, x) }
func absF64(dst, x []float64)                           { absLoop(dst, x) }
func sqrtF64(dst, x []float64)                          { sqrtLoop(dst, x) }

func sumLanesF64(lanes *[16]float64, x []float64)                 { sumLanesLoop(lanes, x) }
func dotLanesF64(lanes *[16]float64, x, y []float64)              { dotLanesLoop(lanes, x, y) }
func addScaledF64(acc, x []float64, s float64)                    { addScaledLoop(acc, x, s) }
func tileStepsF64(tile *tile[float64], a, b []float64, steps int) { tileStepsLoop(tile, a, b, steps) }
func tileLanesF64(t *tile[float64], a, b []float64, k int, stack *[4]tile[float64]) {
	tileLanesLoop(t, a, b, k, stack)
}
