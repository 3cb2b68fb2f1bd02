package ast

import "encoding/json"

// placeJSON is a place as programs read it: lines and columns from 1, columns
// in code points; the end is behind the last character.
type placeJSON struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

type labelJSON struct {
	placeJSON
	Text string `json:"text"`
}

type diagnosticJSON struct {
	Severity string `json:"severity"`
	Code     Code   `json:"code"`
	Message  string `json:"message"`
	placeJSON
	Label  string      `json:"label,omitempty"`
	Labels []labelJSON `json:"labels,omitempty"`
	Notes  []string    `json:"notes,omitempty"`
	Hint   string      `json:"hint,omitempty"`
}

func placeOf(s Span) placeJSON {
	if !s.IsValid() {
		return placeJSON{}
	}
	start, end := s.Position(), s.Source.Position(int(s.End))
	return placeJSON{s.Source.Name, start.Line, start.Column, end.Line, end.Column}
}

// MarshalJSON gives an object with severity, code, message, file, line, column,
// endLine, endColumn, label, labels (each with its place and text), notes and
// hint; what is empty is left out.
func (d *Diagnostic) MarshalJSON() ([]byte, error) {
	out := diagnosticJSON{
		Severity: "error", Code: d.Code, Message: d.Message, placeJSON: placeOf(d.Span),
		Label: d.Label, Notes: d.Notes, Hint: d.Hint,
	}
	if d.Severity == Warning {
		out.Severity = "warning"
	}
	for _, l := range d.Labels {
		out.Labels = append(out.Labels, labelJSON{placeOf(l.Span), l.Text})
	}
	return json.Marshal(out)
}

// MarshalJSON gives an array, also if there are no diagnostics.
func (ds Diagnostics) MarshalJSON() ([]byte, error) {
	list := []*Diagnostic(ds)
	if list == nil {
		list = []*Diagnostic{}
	}
	return json.Marshal(list)
}
