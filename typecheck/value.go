package typecheck

// A FuncValue is a function as the checker knows it. Two function values are
// the same function if they are the same *FuncValue.
type FuncValue struct {
	Name string
}
