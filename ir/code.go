package ir

// A Code is an operation; the table in ops.go has a row for each.
type Code uint8

const (
	Invalid Code = iota

	// Creation.
	Const // Literal
	Iota  // i64[D]: 0, 1, …  (DimsAttr with one Dim)
	SizeOp

	// Unary, elementwise.
	Neg
	Abs
	Sign
	Sqrt
	Floor
	Ceil
	Trunc
	Round // to the nearest, ties to even
	Exp
	Expm1
	Log
	Log1p
	Sin
	Cos
	Tan
	Asin
	Acos
	Atan
	Tanh

	// Binary, elementwise.
	Add
	Sub
	Mul
	Div
	Pow
	Min
	Max
	Atan2
	Mod
	FloorDiv
	CopySign

	// Bits and truth, elementwise.
	And
	Or
	Xor
	Not
	Shl
	Shr

	// Comparison, elementwise.
	Eq
	Lt
	Le

	// Choice and conversion, elementwise.
	Select  // c, a, b
	Convert // ConvertAttr

	// Complex, elementwise.
	Complex // re, im
	Real
	Imag
	Conj

	// Random, elementwise.
	Philox // key, ctr

	// Views.
	Broadcast // DimsAttr: the whole shape of the result
	Transpose // PermAttr
	Slice     // SliceAttr; x, a start for each axis
	Reshape   // DimsAttr
	Retype    // RetypeAttr: a run-time check that x has these sizes

	// Index.
	Gather     // IndexAttr; x, operands of the spec
	Update     // IndexAttr; x, v, operands of the spec
	Accumulate // IndexAttr with Mode; x, v, operands of the spec
	Append     // x, v

	Concat // AxisAttr

	Reduce // ReduceAttr
	Scan   // ScanAttr

	Contract // ContractAttr; a, b

	// Order.
	Sort         // BatchAttr-free: along the last axis
	ArgSort      // along the last axis
	SearchSorted // SearchAttr; sorted a[…, n], v[…, m] -> i64[…, m]
	Nonzero      // bool[n] -> (k: i64, i64[k])

	// Regions.
	If    // c; two regions without parameters
	For   // lo, hi, carried…; one region (i, carried…)
	While // carried…; regions (carried…) -> bool and (carried…) -> carried…
	Map   // MapAttr; one region (i, j, …)

	// Calls.
	Call   // CallAttr
	JVP    // DeriveAttr; what Callee takes, seeds. Only before the pass diff
	VJP    // the same
	Taylor // the same; Order is that of the last coefficient
	// PatternAttr -> (k: i64, rows: i64[k], columns: i64[k], starts: i64[m + 1],
	// colours: i64, colour: i64[n], products: i64[k]) for m rows and n columns.
	// Only before the pass pattern
	PatternOp
	Lib    // LibAttr
	Host   // HostAttr
	Budget // -> i64

	Check // CheckAttr; c, values
	Print // PrintAttr; values

	Format // FormatAttr; x -> str

	numCodes
)
