package lower_test

import (
	"fmt"
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// show writes values as they would stand in a program.
func show(values []runtime.Value) string {
	list := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case runtime.Text:
			list[i] = fmt.Sprintf("%q", string(v))
		case *runtime.Array:
			list[i] = showArray(v, v.Shape(), 0)
		}
	}
	return strings.Join(list, " ")
}

func showArray(a *runtime.Array, shape []int, from int) string {
	if len(shape) == 0 {
		switch a.DType() {
		case ir.F64:
			return fmt.Sprint(a.F64()[from])
		case ir.I64:
			return fmt.Sprint(a.I64()[from])
		case ir.Bool:
			return fmt.Sprint(a.Bool()[from])
		}
		return "?"
	}
	size := 1
	for _, n := range shape[1:] {
		size *= n
	}
	list := make([]string, shape[0])
	for i := range list {
		list[i] = showArray(a, shape[1:], from+i*size)
	}
	return "[" + strings.Join(list, ", ") + "]"
}
