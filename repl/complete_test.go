package repl

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
)

// TestComplete: behind the bar of a line stand candidates that must be offered,
// behind a "-" those that must not, and "= " begins the complete list.
func TestComplete(t *testing.T) {
	s := New(Options{
		Files: func(prefix string) []string { return []string{prefix + "it.calx"} },
		Load: func(*ast.Source, string) (*ast.Source, error) {
			return &ast.Source{Name: "lib.calx", Text: "export fn twice(x) = 2 * x\nexport let table = 1\nfn inner(x) = x"}, nil
		},
	})
	for _, text := range []string{
		"let model = {weights: [1.0], nested: {depth: 1}}", "fn training(rate, epochs=10) = rate", "let transfer = x -> x",
		`import "lib.calx" as lib`, "lib.table", "let x₀ = [1, 2]",
	} {
		s.Enter(context.Background(), text, func(e Event) {
			if _, ok := e.(Value); !ok {
				t.Fatalf("%s: %v", text, e)
			}
		})
	}
	for _, line := range []string{
		"tra | trace training transfer transpose",
		"1 + tra | training",
		"f(x, tra | training",
		"x | x₀",
		"model. |= nested weights",
		"model.w |= weights",
		"model.nested. |= depth",
		"x₀. |= T dtype ndim shape size",
		"x₀.su | sum",
		"linalg. | det solve -linalg.det",
		"lina |= linalg",
		"lib. |= table twice",
		"training( |= epochs= rate=",
		"training(1, ep |= epochs=",
		"training(sin(1), ep |= epochs=",
		"sum(x₀, ax | axis=",
		"x₀.sum(ke | keepdims=",
		"linalg.solve( | a= b=",
		"[sum, ax | -axis=",
		":he |= :help",
		": | :help :ir :load :quit :save :source :time :type :vars :why",
		":help tra | training",
		":help :q |= :quit",
		":load som |= somit.calx",
		":save  |= it.calx",
		":type tra | training",
		`\alp |= \alpha`,
		`\alpha |= α`,
		`2 * \nabla |= ∇`,
		`x\_0 |= ₀`,
		"1.5e |=",
		"zzz |=",
		"training(1, rate=2,  |= epochs=",
		"training(1, epochs=  |=",
		"training(1  |=",
		":t tra | training",
		":l som |= somit.calx",
		":load \"som |= somit.calx",
		"import \"som |= somit.calx",
		"let s = \"tra |=",
		"\"a\" + tra | training",
		"1 # tra |=",
		`"\alpha |= α`,
		":vars tra |=",
		"let a = [1,\n tra | training",
		"let a = 1\n:he |= :help",
		"wh | while",
		" |=",
	} {
		text, want, _ := strings.Cut(line, "|")
		text = strings.TrimSuffix(text, " ")
		_, got := s.Complete(text)
		if list, ok := strings.CutPrefix(want, "="); ok {
			if !slices.Equal(got, strings.Fields(list)) {
				t.Errorf("%q is completed to %q, not %q", text, got, strings.Fields(list))
			}
			continue
		}
		for _, name := range strings.Fields(strings.TrimPrefix(want, "=")) {
			if other, ok := strings.CutPrefix(name, "-"); ok {
				if slices.Contains(got, other) {
					t.Errorf("%q is completed to %s", text, other)
				}
			} else if !slices.Contains(got, name) {
				t.Errorf("%q is not completed to %s, but to %q", text, name, got)
			}
		}
	}
}

// TestCompleteAnything demands an answer, and a place in the text, for whatever
// stands there.
func TestCompleteAnything(t *testing.T) {
	s := New(Options{})
	for _, text := range []string{"", ".", "..", "(", ")", "((", ":", ": ", ":load ", "\\", "a.b.c.", "1.", "x.\n", "\xff", "₀", "f(\xff."} {
		if at, _ := s.Complete(text); at < 0 || at > len(text) {
			t.Errorf("%q is completed at %d", text, at)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	s := New(Options{})
	for b.Loop() {
		s.Complete("1 + s")
	}
}

// session200 is a session with 200 definitions, of which each uses the one before.
func session200() *Session {
	s := New(Options{})
	s.Enter(context.Background(), "fn f0(x: f64[n]) -> f64[n] = x + 1", func(Event) {})
	for i := range 100 {
		a, b := "f"+digits(i), "f"+digits(i+1)
		s.Enter(context.Background(), "fn "+b+"(x: f64[n]) -> f64[n] = "+a+"(x) * 2", func(Event) {})
		s.Enter(context.Background(), "let v"+digits(i)+" = "+b+"([1.0, 2.0])", func(Event) {})
	}
	return s
}

func digits(i int) string { return strconv.Itoa(i) }

func BenchmarkFirst(b *testing.B) {
	s := New(Options{})
	for b.Loop() {
		s.Enter(context.Background(), "1+1", func(Event) {})
	}
}

func BenchmarkAfter200(b *testing.B) {
	s := session200()
	for b.Loop() {
		s.Enter(context.Background(), "1+1", func(Event) {})
	}
}

func BenchmarkLastOf200(b *testing.B) {
	s := session200()
	for b.Loop() {
		s.Enter(context.Background(), "f100(v99)", func(Event) {})
	}
}
