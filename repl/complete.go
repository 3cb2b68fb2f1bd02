package repl

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/runtime"
	"github.com/calx-lang/calx/stdlib"
	"github.com/calx-lang/calx/typecheck"
)

// arrayFields are those of any array.
var arrayFields = []string{"T", "dtype", "ndim", "shape", "size"}

// Complete says what may stand at the end of a text in place of text[at:]: names,
// fields, arguments of the call that is being written, commands, files, and the
// symbol of \name.
func (s *Session) Complete(text string) (at int, candidates []string) {
	if at, found := symbolsAt(text); found != nil {
		return at, found
	}
	line := text[strings.LastIndexByte(text, '\n')+1:]
	if isCommand(line) {
		name, args, spaced := strings.Cut(strings.TrimLeft(line, " \t"), " ")
		args = strings.TrimLeft(args, " ")
		if !spaced {
			return len(text) - len(name), beginning(name, commandNames())
		}
		switch c, err := findCommand(name[1:]); {
		case err != nil:
		case c.args == "FILE":
			return s.filesAt(text, strings.TrimPrefix(args, `"`))
		case c.name == "help" && strings.HasPrefix(args, ":"):
			return len(text) - len(args), beginning(args, commandNames())
		case c.args == "":
			return len(text), nil
		}
	}
	if open, inside := unseen(line); inside {
		if open != "" && strings.TrimSpace(line[:len(line)-len(open)-1]) == "import" {
			return s.filesAt(text, open)
		}
		return len(text), nil
	}
	word := lastWord(text)
	at = len(text) - len(word)
	before := text[:at]
	if receiver, ok := strings.CutSuffix(before, "."); ok && !strings.HasSuffix(receiver, ".") {
		return at, beginning(word, s.fieldsOf(chain(receiver), word))
	}
	if endsInDigit(before) {
		return at, nil
	}
	names := s.argumentsAt(before)
	if word == "" {
		return at, beginning("", names)
	}
	return at, beginning(word, append(names, s.allNames()...))
}

// filesAt completes the name of a file that a text ends with.
func (s *Session) filesAt(text, file string) (at int, candidates []string) {
	if s.options.Files == nil {
		return len(text), nil
	}
	return len(text) - len(file), s.options.Files(file)
}

// unseen reports whether a line ends in a comment or in a text, and gives what
// is there of that.
func unseen(line string) (open string, inside bool) {
	begin := -1
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && begin >= 0:
			i++
		case line[i] == '"' && begin >= 0:
			begin = -1
		case line[i] == '"':
			begin = i + 1
		case line[i] == '#' && begin < 0:
			return "", true
		}
	}
	if begin < 0 {
		return "", false
	}
	return line[begin:], true
}

func commandNames() (names []string) {
	for _, c := range commands() {
		names = append(names, ":"+c.name)
	}
	return names
}

// symbolsAt completes \name.
func symbolsAt(text string) (at int, candidates []string) {
	at = strings.LastIndexByte(text, '\\')
	if at < 0 {
		return 0, nil
	}
	name := text[at+1:]
	if symbol, ok := symbols[name]; ok {
		return at, []string{symbol}
	}
	for symbol := range symbols {
		if name != "" && strings.HasPrefix(symbol, name) {
			candidates = append(candidates, "\\"+symbol)
		}
	}
	slices.Sort(candidates)
	return at, candidates
}

func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || '₀' <= r && r <= '₉'
}

// lastWord is the name, or its beginning, that a text ends with.
func lastWord(text string) string {
	at := len(text)
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if !isNameRune(r) {
			break
		}
		at -= size
	}
	word := text[at:]
	for word != "" && word[0] >= '0' && word[0] <= '9' {
		word = word[1:] // "2x" is the number before the name
	}
	return word
}

func endsInDigit(text string) bool {
	return text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9'
}

// chain are the names "a", "b" of a text that ends with a.b.
func chain(text string) (names []string) {
	for {
		word := lastWord(text)
		if word == "" {
			return nil
		}
		names = slices.Insert(names, 0, word)
		rest, ok := strings.CutSuffix(text[:len(text)-len(word)], ".")
		if !ok {
			return names
		}
		text = rest
	}
}

// fieldsOf are the names that may stand behind the dot of what the names lead to.
func (s *Session) fieldsOf(names []string, word string) (fields []string) {
	if len(names) > 0 {
		switch e := s.names[names[0]]; {
		case e != nil && e.kind == imported && len(names) == 1:
			return s.exportsOf(e)
		case e != nil:
			v := e.value
			for _, name := range names[1:] {
				if record, ok := v.(runtime.Record); ok {
					v, _ = record.Field(name)
				} else {
					v = nil
				}
			}
			if record, ok := v.(runtime.Record); ok && e.kind != made {
				return record.Names
			}
		case len(names) == 1:
			for _, f := range s.library() {
				if f.module == names[0] && f.module != "core" {
					fields = append(fields, f.fn.Name.Name)
				}
			}
			if fields != nil {
				return fields
			}
		}
	}
	fields = slices.Clone(arrayFields)
	if word != "" { // x.f(y) is f(x, y)
		fields = append(fields, s.functionNames()...)
	}
	return fields
}

// exportsOf are the names that an imported file gives.
func (s *Session) exportsOf(e *entry) (names []string) {
	source, err := s.load(e.ident.Span.Source, e.stmt.(*ast.Import).Path.Value)
	if err != nil {
		return nil
	}
	file, _ := lang.Parse(source)
	for _, stmt := range file.Stmts {
		switch stmt := stmt.(type) {
		case *ast.Fn:
			if stmt.Export {
				names = append(names, stmt.Name.Name)
			}
		case *ast.Let:
			for _, id := range stmt.Names {
				if stmt.Export {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// functionNames are the functions that need no prefix.
func (s *Session) functionNames() (names []string) {
	for name, e := range s.names {
		if e.kind == function {
			names = append(names, name)
		}
	}
	for _, doc := range typecheck.Builtins() {
		names = append(names, doc.Name)
	}
	for _, f := range s.library() {
		if f.module == "core" {
			names = append(names, f.fn.Name.Name)
		}
	}
	return names
}

func (s *Session) allNames() []string {
	names := s.functionNames()
	for _, w := range words {
		names = append(names, w.name)
	}
	for name := range s.names {
		names = append(names, name)
	}
	for _, module := range stdlib.Modules() {
		if module != "core" {
			names = append(names, module)
		}
	}
	return names
}

// argumentsAt are the arguments by name of the call that a text ends in, where
// one may begin, without those that it gives already.
func (s *Session) argumentsAt(text string) []string {
	before := strings.TrimRight(text, " \t\n")
	open := openCall(text)
	if open < 0 || !strings.HasSuffix(before, "(") && !strings.HasSuffix(before, ",") {
		return nil
	}
	return slices.DeleteFunc(s.arguments(text, open), func(name string) bool {
		given := regexp.MustCompile(`[(,]\s*` + regexp.QuoteMeta(strings.TrimSuffix(name, "=")) + `\s*=`)
		return given.MatchString(text[open:])
	})
}

// arguments are those of the function whose call is opened there.
func (s *Session) arguments(text string, open int) (names []string) {
	callee := strings.Join(chain(text[:open]), ".")
	if callee == "" {
		return nil
	}
	add := func(params []*ast.Param) {
		for _, p := range params {
			names = append(names, p.Name.Name+"=")
		}
	}
	if e := s.names[callee]; e != nil {
		if e.kind == function {
			add(e.stmt.(*ast.Fn).Params)
		}
		return names
	}
	method := callee[strings.LastIndexByte(callee, '.')+1:]
	for _, name := range []string{callee, method} {
		if f, ok := s.libraryFunction(name); ok {
			add(f.fn.Params)
			return names
		}
		if doc, ok := builtin(name); ok {
			for part := range strings.SplitSeq(doc.Signature, ",") {
				param, _, _ := strings.Cut(strings.TrimSpace(part), "=")
				if param != "" && lastWord(param) == param {
					names = append(names, param+"=")
				}
			}
			return names
		}
	}
	return nil
}

// openCall is the place of the "(" that a text leaves open last; -1 if that is
// no call.
func openCall(text string) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth == 0 {
				if text[i] == '(' {
					return i
				}
				return -1
			}
			depth--
		}
	}
	return -1
}

// beginning are the names that begin with prefix, in order, each once.
func beginning(prefix string, names []string) (found []string) {
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
