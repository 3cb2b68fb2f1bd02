package tests

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A room is a package, by its path below the root, with all that it imports
// beside the standard library.
type room struct {
	path    string
	imports []string
}

// rooms stand in the order of the pipeline: each imports only rooms above it.
// participle is for lang alone, gonum for the kernels of runtime and, for
// its matrices, calxmat.
var rooms = []room{
	{"ast", []string{"github.com/rivo/uniseg"}},
	{"lang", []string{"ast", "github.com/alecthomas/participle/v2", "github.com/alecthomas/participle/v2/lexer", "golang.org/x/text/unicode/norm"}},
	{"ir", []string{"ast"}},
	{"stdlib", nil},
	{"typecheck", []string{"ast", "lang", "ir", "stdlib"}},
	{"lower", []string{"ast", "ir", "typecheck"}},
	{"passes/rewrite", []string{"ir"}},
	{"passes/bounds", []string{"ir"}},
	{"passes/inline", []string{"ir", "passes/rewrite"}},
	{"passes/simplify", []string{"ir", "passes/rewrite"}},
	{"passes/cse", []string{"ir", "passes/rewrite"}},
	{"passes/licm", []string{"ir", "passes/bounds"}},
	{"passes/raise", []string{"ir", "passes/rewrite", "passes/bounds"}},
	{"passes/dce", []string{"ir"}},
	{"passes/sink", []string{"ir"}},
	{"passes/pattern", []string{"ir", "passes/rewrite"}},
	{"passes/smoothness", []string{"ast", "ir"}},
	{"passes/diff", []string{"ast", "ir", "passes/rewrite", "passes/dce"}},
	{"passes", []string{"ir", "passes/pattern", "passes/inline", "passes/simplify", "passes/cse", "passes/licm", "passes/raise", "passes/sink", "passes/dce", "passes/diff"}},
	{"show", []string{"ast", "ir"}},
	{"runtime", []string{"ast", "ir"}},
	{"runtime/elementary/internal/straightline", nil},
	{"runtime/elementary/internal/generate", []string{"runtime/elementary/internal/straightline"}},
	{"runtime/elementary", []string{"golang.org/x/sys/cpu"}},
	{"runtime/kernel", []string{"runtime/elementary", "golang.org/x/sys/cpu", "gonum.org/v1/gonum/blas", "gonum.org/v1/gonum/lapack", "gonum.org/v1/gonum/lapack/gonum"}},
	{"backend/interp", []string{"ast", "ir", "runtime", "runtime/elementary", "runtime/kernel"}},
	{"backend/wasm/encode", nil},
	{"backend/wasm/abi", []string{"backend/wasm/encode"}},
	{"backend/wasm/host", []string{"ast", "runtime", "backend/wasm/encode", "backend/wasm/abi", "github.com/tetratelabs/wazero", "github.com/tetratelabs/wazero/api", "github.com/tetratelabs/wazero/experimental", "golang.org/x/sys/unix"}},
	{"data", []string{"ast", "ir", "runtime"}},
	{"", []string{"ast", "lang", "ir", "typecheck", "lower", "passes", "show", "passes/diff", "passes/pattern", "passes/smoothness", "runtime", "backend/interp", "data"}},
	{"calxmat", []string{"", "gonum.org/v1/gonum/mat"}},
	{"examples/scoring", []string{""}},
	{"manual", []string{"ast", "lang", "stdlib", "typecheck", "runtime", "runtime/elementary", ""}},
	{"repl", []string{"ast", "lang", "ir", "stdlib", "typecheck", "runtime", "", "github.com/rivo/uniseg"}},
	{"repl/terminal", []string{"repl", "github.com/rivo/uniseg", "golang.org/x/term"}},
	{"cmd/calx", []string{"ast", "lang", "ir", "runtime", "data", "", "manual", "repl", "repl/terminal", "github.com/rogpeppe/go-internal/diff", "golang.org/x/term", "golang.org/x/text/unicode/norm"}},
	{"tests", nil},
}

// outside are packages of the standard library that reach what is around a
// program. Below the root only generators and examples may have them, and runtime
// the clock, for its time limit.
var outside = map[string][]string{
	"os": {"cmd/calx", "examples/scoring", "repl/terminal", "runtime/elementary/internal/generate"}, "os/signal": {"cmd/calx", "repl/terminal"},
	"time": {"cmd/calx", "examples/scoring", "repl", "repl/terminal", "runtime", "runtime/kernel"}, "net": {"examples/scoring"}, "net/http": {"examples/scoring"}, "os/exec": nil, "math/rand": nil, "math/rand/v2": nil,
}

type listed struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

func listPackages(t *testing.T) (packages []listed) {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
	command.Dir = ".."
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	return packages
}

const module = "github.com/calx-lang/calx"

// below is a path of ours below the root; other paths stay as they are.
func below(path string) string {
	if path == module {
		return ""
	}
	return strings.TrimPrefix(path, module+"/")
}

// TestImports compares the imports of all packages with the table of rooms.
func TestImports(t *testing.T) {
	place := map[string]int{}
	for i, r := range rooms {
		place[r.path] = i
	}
	for _, p := range listPackages(t) {
		path := below(p.ImportPath)
		i, known := place[path]
		if !known {
			t.Errorf("package %q is not in the table of rooms", path)
			continue
		}
		var imports []string
		for _, name := range p.Imports {
			if rooms, ok := outside[name]; ok && !slices.Contains(rooms, path) {
				t.Errorf("package %q imports %s: the core is pure", path, name)
			}
			if strings.Contains(strings.Split(name, "/")[0], ".") {
				imports = append(imports, below(name))
			}
		}
		for _, name := range imports {
			if !slices.Contains(rooms[i].imports, name) {
				t.Errorf("package %q imports %q, and its room in the table doesn't", path, name)
			}
			if above, ours := place[name]; ours && above >= i {
				t.Errorf("package %q imports %q, which stands below it", path, name)
			}
		}
		for _, name := range rooms[i].imports {
			if !slices.Contains(imports, name) {
				t.Errorf("package %q doesn't import %q, and its room in the table does", path, name)
			}
		}
	}
}

// TestPackageComments demands that each package says what it is.
func TestPackageComments(t *testing.T) {
	for _, p := range listPackages(t) {
		documented := len(p.GoFiles) == 0
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			text := file.Doc.Text()
			documented = documented || strings.HasPrefix(text, "Package "+file.Name.Name+" ") || strings.HasPrefix(text, "Command ")
		}
		if !documented {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}
