package elementary

// functions lists the functions of one number with their kernels.
var functions = map[string]struct {
	scalar func(float64) float64
	kernel func(dst, src []float64)
}{
	"exp":   {Exp, ExpSlice},
	"expm1": {Expm1, Expm1Slice},
	"log":   {Log, LogSlice},
	"log1p": {Log1p, Log1pSlice},
	"sin":   {Sin, SinSlice},
	"cos":   {Cos, CosSlice},
	"tan":   {Tan, TanSlice},
	"asin":  {Asin, AsinSlice},
	"acos":  {Acos, AcosSlice},
	"atan":  {Atan, AtanSlice},
	"tanh":  {Tanh, TanhSlice},
	"sqrt":  {Sqrt, SqrtSlice},
	"floor": {Floor, FloorSlice},
	"ceil":  {Ceil, CeilSlice},
	"trunc": {Trunc, TruncSlice},
	"round": {Round, RoundSlice},
}

// pairFunctions lists the functions of two numbers with their kernels.
var pairFunctions = map[string]struct {
	scalar func(a, b float64) float64
	kernel func(dst, a, b []float64)
}{
	"atan2":    {Atan2, Atan2Slice},
	"pow":      {Pow, PowSlice},
	"mod":      {Mod, ModSlice},
	"floordiv": {Floordiv, FloordivSlice},
}
