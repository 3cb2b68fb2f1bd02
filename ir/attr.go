package ir

// Attr is what an operation is told besides its operands. Each class of
// operations has its own.
type Attr interface{ attr() }

type (
	// Literal is the value of a Const of rank 0. Which field counts follows
	// from the type of the result: Bool and I64 use I, F32 and F64 use F, C128
	// uses C, Text uses S.
	Literal struct {
		I int64
		F float64
		C complex128
		S string
	}
	// DimsAttr gives sizes: of Iota, Broadcast, Reshape.
	DimsAttr struct{ Dims []Dim }
	// SizeAttr is a SizeOp: Kind of A and B; SizeValue has A alone.
	SizeAttr struct {
		Kind SizeKind
		A, B Dim
	}
	// ConvertAttr names the new element type.
	ConvertAttr struct{ To DType }
	// PermAttr lists, for each axis of the result, the axis of the operand.
	PermAttr struct{ Perm []int }
	// SliceAttr gives, for each axis, how many elements are taken and the step.
	// The start of an axis of which none is taken may be anything.
	SliceAttr struct {
		Dims  []Dim
		Steps []int64
	}
	// RetypeAttr gives the sizes that the operand must have. Message says what
	// is wrong otherwise; "{0}" … stand for the sizes that the operand has, in
	// order, "{n}", "{n+1}" … for those that it should have.
	RetypeAttr struct {
		Dims    []Dim
		Message string
	}
	// IndexAttr tells how the operands of Gather, Update and Accumulate index x:
	// one letter for each axis after the Batch leading ones: ":" whole, "@" a
	// point (an i64 scalar), "r" a range (its start, an i64 scalar), "t" a table
	// (i64 indices; all tables have one shape, which stands where the first
	// table stands). Wrap: negative points and entries of tables count from the
	// end. All must then lie inside, or it is an error that names the index.
	IndexAttr struct {
		Spec  string
		Range []RangeAttr // one for each "r"
		Wrap  bool
		Batch int
		Mode  AccumulateMode // of Accumulate
	}
	// RangeAttr is the length and the step of a range.
	RangeAttr struct {
		Dim  Dim
		Step int64
	}
	// AxisAttr names the axis of Concat, from 0.
	AxisAttr struct{ Axis int }
	// ReduceAttr lists the reduced axes, ascending, from 0. ArgMin and ArgMax
	// have one.
	ReduceAttr struct {
		Kind ReduceKind
		Axes []int
	}
	// ScanAttr is a scan along the last axis. Recur has two operands.
	ScanAttr struct {
		Kind    ScanKind
		Reverse bool
	}
	// ContractAttr is "ik,kj->ij" after Batch leading axes of both operands.
	ContractAttr struct {
		Spec  string
		Batch int
	}
	// SearchAttr: Right finds the place after equal elements.
	SearchAttr struct{ Right bool }
	// MapAttr is the index space.
	MapAttr struct{ Dims []Dim }
	// CallAttr names the callee and gives its sizes.
	CallAttr struct {
		Callee *Func
		Sizes  []Dim
	}
	// DeriveAttr is the derivative of a function. Seeds has a letter for each
	// parameter (JVP), or each result that is no size (VJP), which tells what is
	// given for it behind the arguments: SeedNone nothing, SeedDense a tangent (a
	// cotangent), SeedMasked one and a mask: it is zero where the mask is false,
	// whatever stands there. Wrt, of VJP, has a letter for each parameter:
	// SeedDense if its cotangent is wanted.
	//
	// Results are those of Callee, and behind them the tangent of each of them
	// that is inexact (JVP), or the cotangent of each wanted parameter (VJP). Those
	// of Taylor, whose seeds are those of a JVP, are the coefficients 1 … Order of
	// each result that is inexact, as a function of the multiple of the seeds that
	// is added to the arguments.
	DeriveAttr struct {
		Callee     *Func
		Sizes      []Dim
		Seeds, Wrt string
		Order      int
	}
	// PatternAttr asks which elements of result Output (of those that are no
	// sizes) of Callee may depend on which of parameter Input, both in row
	// order. Rows and Columns are the sizes of the two, also where Callee
	// chooses those of its result.
	PatternAttr struct {
		Callee        *Func
		Sizes         []Dim
		Output, Input int
		Rows, Columns []Dim
	}
	// LibAttr names a kernel of the library table and its options. Sizes are
	// those of its results that no operand has; Builder.Lib gives them.
	LibAttr struct {
		Name    string
		Options string
		Sizes   []Dim
	}
	// HostAttr names a function of the embedding program.
	HostAttr struct {
		Name string
		Pure bool
	}
	// CheckAttr is what is wrong where the first operand is false; "{0}" …
	// stand for the other operands.
	CheckAttr struct {
		Code    string
		Message string
	}
	// PrintAttr is the text to print; "{0}" … in Pieces stand for operands.
	PrintAttr struct{ Pieces []Piece }
	// FormatAttr is a text that ParsePattern reads.
	FormatAttr struct{ Pattern string }
	// A Piece is a constant text, or the operand Arg if Arg >= 0.
	Piece struct {
		Text string
		Arg  int
	}
)

// The letters of DeriveAttr.
const (
	SeedNone   = '.'
	SeedDense  = 'd'
	SeedMasked = 'm'
)

// SizeKind is an operation on sizes.
type SizeKind uint8

const (
	SizeValue SizeKind = iota // A as a value
	SizeMin
	SizeMax
	SizeDiv // floor
	SizeMod
)

// ReduceKind is what a Reduce does.
type ReduceKind uint8

const (
	ReduceSum ReduceKind = iota
	ReduceProd
	ReduceMin
	ReduceMax
	ReduceAll
	ReduceAny
	ReduceArgMin
	ReduceArgMax
)

// ScanKind is what a Scan does.
type ScanKind uint8

const (
	CumSum ScanKind = iota
	CumProd
	CumMin
	CumMax
	Recur // y[i] = a[i]*y[i-1] + b[i], y[-1] = 0
)

// AccumulateMode is how Accumulate changes an element, once for each index.
type AccumulateMode uint8

const (
	AccumulateAdd AccumulateMode = iota
	AccumulateSub
	AccumulateMul
	AccumulateDiv
)

func (Literal) attr()      {}
func (DimsAttr) attr()     {}
func (SizeAttr) attr()     {}
func (ConvertAttr) attr()  {}
func (PermAttr) attr()     {}
func (SliceAttr) attr()    {}
func (RetypeAttr) attr()   {}
func (IndexAttr) attr()    {}
func (AxisAttr) attr()     {}
func (ReduceAttr) attr()   {}
func (ScanAttr) attr()     {}
func (ContractAttr) attr() {}
func (SearchAttr) attr()   {}
func (MapAttr) attr()      {}
func (CallAttr) attr()     {}
func (DeriveAttr) attr()   {}
func (PatternAttr) attr()  {}
func (LibAttr) attr()      {}
func (HostAttr) attr()     {}
func (CheckAttr) attr()    {}
func (PrintAttr) attr()    {}
func (FormatAttr) attr()   {}
