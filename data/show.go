package data

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/calx-lang/calx/runtime"
)

const (
	shownWhole = 1000 // elements; package runtime leaves out some of more
	maxIndent  = 16   // columns by which the rows of an array are moved
)

// WriteText writes "name = value" for each value, texts in quotes; of an array
// that is too large to be shown whole, its type too.
func WriteText(w io.Writer, values []Named) error {
	out := bufio.NewWriter(w)
	for _, named := range values {
		head, text := named.Name, runtime.Format(named.Value)
		switch v := named.Value.(type) {
		case runtime.Text:
			text = strconv.Quote(string(v))
		case *runtime.Array:
			if v.Len() > shownWhole {
				head += ": " + arrayType(v)
			}
		}
		head += " = "
		if width := utf8.RuneCountInString(head); width <= maxIndent {
			text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", width))
		} else if strings.Contains(text, "\n") {
			head = strings.TrimSuffix(head, " ") + "\n"
		}
		fmt.Fprintf(out, "%s%s\n", head, text)
	}
	return out.Flush()
}

func arrayType(a *runtime.Array) string {
	sizes := make([]string, a.Rank())
	for i, n := range a.Shape() {
		sizes[i] = fmt.Sprint(n)
	}
	return a.DType().String() + "[" + strings.Join(sizes, ", ") + "]"
}
