package repl

import (
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/calx-lang/calx/runtime"
)

// A Style is how events are written.
type Style struct {
	Color   bool // of mistakes
	Columns int  // that a line should take; 0 if it doesn't matter
}

const (
	columnsElsewhere = 112 // without a terminal
	columnsAtLeast   = 20  // values are not laid out for fewer
)

// Render writes an event as people read it. Behind an array or a structure its
// type stands as a comment, so that what is shown may be typed again.
func Render(w io.Writer, event Event, style Style) error {
	switch event := event.(type) {
	case Value:
		columns := columnsElsewhere
		if style.Columns > 0 {
			columns = max(style.Columns, columnsAtLeast)
		}
		return write(w, event.text(columns))
	case Answer:
		return write(w, event.Text)
	case Mistakes:
		event.Diagnostics.Render(w, style.Color)
	case Failed:
		return write(w, "error: "+event.Err.Error())
	}
	return nil
}

func (v Value) text(columns int) string {
	if v.Value == nil {
		return v.labelled(v.Type)
	}
	if text, ok := v.Value.(runtime.Text); ok {
		return v.labelled(string(text))
	}
	text := runtime.FormatIn(v.Value, columns)
	if a, ok := v.Value.(*runtime.Array); ok && a.Rank() == 0 {
		return v.labelled(text)
	}
	remark := "# " + v.Type
	switch {
	case text == v.Type: // ()
	case strings.Contains(text, "\n") || uniseg.StringWidth(text+"  "+remark) > columns:
		text += "\n" + remark
	default:
		text += "  " + remark
	}
	return v.labelled(text)
}

func (v Value) labelled(text string) string {
	switch {
	case v.Label == "":
		return text
	case strings.Contains(text, "\n"):
		return v.Label + " =\n" + text
	}
	return v.Label + " = " + text
}

func write(w io.Writer, text string) error {
	_, err := io.WriteString(w, strings.TrimRight(text, "\n")+"\n")
	return err
}
