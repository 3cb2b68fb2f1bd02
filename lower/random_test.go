package lower_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/calx-lang/calx/backend/interp"
	"github.com/google/go-cmp/cmp"
)

// Random functions of nested loops, ifs and exits are held against a direct
// evaluation of their trees.

// A machine is the state of the function: two numbers, a list whose size
// changes, and the indices of the loops around.
type machine struct {
	a, b    int64
	list    []int64
	indices []int64
	fuel    int
	result  string
}

type way int

const (
	goOn way = iota
	broken
	continued
	returned
)

// A node is a piece of program: its text, and what it does.
type (
	number struct {
		text string
		eval func(m *machine) int64
	}
	condition struct {
		text string
		eval func(m *machine) bool
	}
	action struct {
		text string
		run  func(m *machine) way
	}
)

type generator struct {
	r     *rand.Rand
	loops []string // names of indices, "" for a while
	names int
}

func (g *generator) number(depth int) number {
	if depth == 0 || g.r.IntN(3) == 0 {
		switch g.r.IntN(6) {
		case 0:
			return number{"a", func(m *machine) int64 { return m.a }}
		case 1:
			return number{"b", func(m *machine) int64 { return m.b }}
		case 2:
			return number{"list[0]", func(m *machine) int64 { return m.list[0] }}
		case 3:
			return number{"len(list)", func(m *machine) int64 { return int64(len(m.list)) }}
		case 4:
			k := g.r.IntN(len(g.loops) + 1)
			if k < len(g.loops) && g.loops[k] != "" {
				return number{g.loops[k], func(m *machine) int64 { return m.indices[k] }}
			}
		}
		n := int64(g.r.IntN(9))
		return number{fmt.Sprint(n), func(*machine) int64 { return n }}
	}
	x, y := g.number(depth-1), g.number(depth-1)
	switch g.r.IntN(4) {
	case 0:
		return number{"(" + x.text + " + " + y.text + ")", func(m *machine) int64 { return x.eval(m) + y.eval(m) }}
	case 1:
		return number{"(" + x.text + " - " + y.text + ")", func(m *machine) int64 { return x.eval(m) - y.eval(m) }}
	case 2:
		c := g.condition(depth - 1)
		return number{"(if " + c.text + " { " + x.text + " } else { " + y.text + " })", func(m *machine) int64 {
			if c.eval(m) {
				return x.eval(m)
			}
			return y.eval(m)
		}}
	}
	return number{"(3 * " + x.text + " % 7)", func(m *machine) int64 { return ((3*x.eval(m))%7 + 7) % 7 }}
}

func (g *generator) condition(depth int) condition {
	x, y := g.number(depth), g.number(depth)
	switch g.r.IntN(4) {
	case 0:
		return condition{x.text + " == " + y.text, func(m *machine) bool { return x.eval(m) == y.eval(m) }}
	case 1:
		if depth > 0 {
			c, d := g.condition(depth-1), g.condition(depth-1)
			return condition{"(" + c.text + ") and (" + d.text + ")", func(m *machine) bool { return c.eval(m) && d.eval(m) }}
		}
	}
	return condition{x.text + " < " + y.text, func(m *machine) bool { return x.eval(m) < y.eval(m) }}
}

// exit leaves a loop or the function; it ends a block.
func (g *generator) exit() action {
	if k := g.r.IntN(5); len(g.loops) > 0 && k < 4 {
		if k < 2 {
			return action{"break", func(*machine) way { return broken }}
		}
		return action{"continue", func(*machine) way { return continued }}
	}
	x := g.number(1)
	return action{"return (" + x.text + ", list)", func(m *machine) way {
		m.result = m.show(x.eval(m))
		return returned
	}}
}

func (m *machine) show(x int64) string {
	parts := make([]string, len(m.list))
	for i, n := range m.list {
		parts[i] = fmt.Sprint(n)
	}
	return fmt.Sprintf("%d [%s]", x, strings.Join(parts, ", "))
}

func (g *generator) block(depth int) action {
	var list []action
	for range 1 + g.r.IntN(4) {
		list = append(list, g.action(depth))
	}
	if g.r.IntN(4) == 0 {
		list = append(list, g.exit())
	}
	var text strings.Builder
	text.WriteString("{\n")
	for _, x := range list {
		text.WriteString(x.text + "\n")
	}
	text.WriteString("}")
	return action{text.String(), func(m *machine) way {
		for _, x := range list {
			if w := x.run(m); w != goOn {
				return w
			}
		}
		return goOn
	}}
}

func (g *generator) action(depth int) action {
	k := g.r.IntN(11)
	if depth == 0 {
		k = g.r.IntN(6)
	}
	x := g.number(2)
	switch k {
	case 0:
		return action{"a = " + x.text, func(m *machine) way { m.a = x.eval(m); return goOn }}
	case 1:
		return action{"b += " + x.text, func(m *machine) way { m.b += x.eval(m); return goOn }}
	case 2:
		return action{"list[0] -= " + x.text, func(m *machine) way {
			m.list = append([]int64(nil), m.list...)
			m.list[0] -= x.eval(m)
			return goOn
		}}
	case 3:
		return action{"list = concatenate((list, [" + x.text + "]))", func(m *machine) way {
			m.list = append(append([]int64(nil), m.list...), x.eval(m))
			return goOn
		}}
	case 4:
		return action{"list = list[:1]", func(m *machine) way { m.list = m.list[:1]; return goOn }}
	case 5:
		// A value of which a branch leaves, inside of an expression.
		y, e := g.number(1), g.exit()
		c := condition{"a < " + y.text, func(m *machine) bool { return m.a < y.eval(m) }}
		return action{"a = 1 + (if " + c.text + " { " + e.text + " } else { " + x.text + " })", func(m *machine) way {
			if c.eval(m) {
				return e.run(m)
			}
			m.a = 1 + x.eval(m)
			return goOn
		}}
	case 6, 7:
		c, then := g.condition(1), g.block(depth-1)
		if g.r.IntN(2) == 0 {
			return action{"if " + c.text + " " + then.text, func(m *machine) way {
				if c.eval(m) {
					return then.run(m)
				}
				return goOn
			}}
		}
		els := g.block(depth - 1)
		return action{"if " + c.text + " " + then.text + " else " + els.text, func(m *machine) way {
			if c.eval(m) {
				return then.run(m)
			}
			return els.run(m)
		}}
	case 8:
		return g.while(depth)
	}
	return g.count(depth)
}

// count is a for with some step.
func (g *generator) count(depth int) action {
	g.names++
	name := fmt.Sprintf("i%d", g.names)
	lo, hi, step := int64(g.r.IntN(3)), int64(g.r.IntN(6)), int64(1)
	head := fmt.Sprintf("for %s in %d..%d ", name, lo, hi)
	if g.r.IntN(3) == 0 {
		step = []int64{2, 3, -1, -2}[g.r.IntN(4)]
		head = fmt.Sprintf("for %s in %d..%d..%d ", name, lo, hi, step)
	}
	at := len(g.loops)
	g.loops = append(g.loops, name)
	body := g.block(depth - 1)
	g.loops = g.loops[:at]
	return action{head + body.text, func(m *machine) way {
		for i := lo; step > 0 && i < hi || step < 0 && i > hi; i += step {
			m.indices = append(m.indices[:at], i)
			if w := body.run(m); w == broken || w == returned {
				return leave(w)
			}
		}
		return goOn
	}}
}

// leave is how a loop ends that was left by w.
func leave(w way) way {
	if w == returned {
		return returned
	}
	return goOn
}

// while goes on as long as a condition holds, a few rounds at most.
func (g *generator) while(depth int) action {
	c := g.condition(1)
	at := len(g.loops)
	g.loops = append(g.loops, "")
	body := g.block(depth - 1)
	g.loops = g.loops[:at]
	return action{"while fuel > 0 and (" + c.text + ") {\nfuel -= 1\n" + body.text[2:], func(m *machine) way {
		for m.fuel > 0 && c.eval(m) {
			m.fuel--
			m.indices = append(m.indices[:at], 0)
			if w := body.run(m); w == broken || w == returned {
				return leave(w)
			}
		}
		return goOn
	}}
}

func TestRandomControlFlow(t *testing.T) {
	programs := 300
	if testing.Short() {
		programs = 50
	}
	for seed := range programs {
		g := &generator{r: rand.New(rand.NewPCG(uint64(seed), 1))}
		body := g.block(4)
		text := "fn f(p: i64) -> (i64, i64[_]) {\nvar a = p\nvar b = 1\nvar fuel = 12\nvar list: i64[_] = [p]\n" +
			"if p > -1000 " + body.text + "\n(a + b, list)\n}\n"
		var want []string
		for p := range int64(4) {
			text += fmt.Sprintf("export let r%d = f(%d)\n", p, p)
			m := &machine{a: p, b: 1, list: []int64{p}, fuel: 12}
			if body.run(m) != returned {
				m.result = m.show(m.a + m.b)
			}
			want = append(want, m.result)
		}
		program := checked(t, text)
		if diff := cmp.Diff(want, ran(t, program, lowered(t, program), interp.Tuning{})); diff != "" {
			t.Fatalf("seed %d: %s\n%s", seed, diff, text)
		}
	}
}
