package tests

import (
	"strings"

	"github.com/calx-lang/calx"
	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
)

// toldOf is what is said of the functions of a program without running it: by
// "calx report", for the stage "report", and by "calx dump --stage=source --fn F"
// for "source F". It is false for other stages.
func (b *docProgram) toldOf(source *ast.Source, stage string) (text string, ok bool, err error) {
	function, isSource := strings.CutPrefix(stage, "source ")
	if !isSource && stage != "report" {
		return "", false, nil
	}
	options := calx.Options{Load: b.load}
	file, mistakes := lang.Parse(source)
	if mistakes.HasErrors() {
		return "", true, mistakes
	}
	if !isSource {
		reports, err := calx.ReportsOf(file, nil, options)
		for _, r := range reports {
			text += r.String()
		}
		return text, true, err
	}
	x, mistakes := lang.ParseExpr(&ast.Source{Name: "function", Text: function})
	if mistakes.HasErrors() {
		return "", true, mistakes
	}
	text, err = calx.SourceOf(file, x, options)
	return text, true, err
}
