package repl

import (
	"io"
	"strings"

	"github.com/calx-lang/calx/runtime"
)

// Render writes an event as people read it. Behind an array or a structure its
// type stands as a comment, so that what is shown may be typed again.
func Render(w io.Writer, event Event, color bool) error {
	switch event := event.(type) {
	case Value:
		return write(w, event.text())
	case Answer:
		return write(w, event.Text)
	case Mistakes:
		event.Diagnostics.Render(w, color)
	case Failed:
		return write(w, "error: "+event.Err.Error())
	}
	return nil
}

func (v Value) text() string {
	if v.Value == nil {
		return v.labelled(v.Type)
	}
	if text, ok := v.Value.(runtime.Text); ok {
		return v.labelled(string(text))
	}
	text := runtime.Format(v.Value)
	if a, ok := v.Value.(*runtime.Array); ok && a.Rank() == 0 {
		return v.labelled(text)
	}
	switch {
	case text == v.Type: // ()
	case strings.Contains(text, "\n"):
		text += "\n# " + v.Type
	default:
		text += "  # " + v.Type
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
