package tests

import (
	"fmt"
	"strings"
)

// expr is a random expression of a kind, at most so deep.
func (w *writer) expr(k kind, depth int) string {
	names := w.known(k)
	if depth <= 0 || w.number(0, 5) == 0 {
		if len(names) > 0 && w.number(0, 3) > 0 {
			return pick(w, names...)
		}
		return w.leaf(k)
	}
	forms := w.forms(k)
	return forms[w.number(0, len(forms)-1)](depth - 1)
}

// leaf is an expression of a kind without others of that kind.
func (w *writer) leaf(k kind) string {
	if k.dims != "" {
		names := w.known(kind{k.dtype, ""})
		element := w.literal(k.dtype)
		if len(names) > 0 && w.number(0, 1) == 0 {
			element = pick(w, names...)
		}
		return fmt.Sprintf("full((%s,), %s)", k.dims, element)
	}
	return w.literal(k.dtype)
}

func (w *writer) literal(dtype string) string {
	switch dtype {
	case "f64":
		return pick(w, "0.5", "2.0", "(-1.5)", "0.0", "3.0", "1e-3", "(-0.0)", "inf", "nan")
	case "i64":
		return pick(w, "0", "1", "2", "(-3)", "7")
	case "c128":
		return pick(w, "2i", "(1 - 0.5i)", "c128(0)")
	}
	return pick(w, "true", "false")
}

type form func(depth int) string

// of writes expressions of the kinds into the places %s of a text.
func (w *writer) of(text string, kinds ...kind) form {
	return func(depth int) string {
		parts := make([]any, len(kinds))
		for i, k := range kinds {
			parts[i] = w.expr(k, depth)
		}
		return fmt.Sprintf(text, parts...)
	}
}

// forms are the ways to make an expression of a kind.
func (w *writer) forms(k kind) []form {
	scalar := kind{k.dtype, ""}
	truth := kind{"bool", ""}
	forms := []form{
		w.of("(if %s { %s } else { %s })", truth, k, k),
		w.of("where(%s, %s, %s)", kind{"bool", k.dims}, k, k),
		w.of("({ let u = %s; where(u == u, u, %s) })", k, k),
	}
	switch k.dtype {
	case "f64", "c128":
		for _, op := range []string{"+", "-", "*", "/"} {
			forms = append(forms, w.of("(%s "+op+" %s)", k, k), w.of("(%s "+op+" %s)", scalar, k))
		}
		forms = append(forms, w.of("(-%s)", k), w.of("exp(%s)", k), w.of("(%s)^2", k))
	case "i64":
		forms = append(forms, w.of("(%s + %s)", k, k), w.of("(%s - %s)", k, k), w.of("(%s * %s)", k, k), w.of("(%s // 3)", k), w.of("(%s %% 5)", k), w.of("min(%s, %s)", k, k))
	case "bool":
		number := kind{pick(w, "f64", "i64"), k.dims}
		for _, op := range []string{"<", "<=", "==", "!="} {
			forms = append(forms, w.of("(%s "+op+" %s)", number, number))
		}
		forms = append(forms, w.of("(%s and %s)", k, k), w.of("(%s or %s)", k, k), w.of("(not %s)", k))
	}
	if k.dtype == "f64" {
		forms = append(forms, w.of("sqrt(abs(%s))", k), w.of("max(%s, %s)", k, k), w.of("f64(%s)", kind{"i64", k.dims}), w.of("sin(%s)", k), w.of("(%s // %s)", k, k), w.of("(%s %% %s)", k, k))
	}
	if w.number(0, 7) == 0 {
		forms = append(forms, w.risks(k)...)
	}
	if k.dtype == "f64" && !w.small {
		forms = append(forms, w.of("g(%s, %s)", k, kind{"i64", k.dims}), w.of("g(%s, %s)", k, kind{"i64", ""}))
	}
	if k.dims == "" {
		return append(forms, w.reductions(k.dtype)...)
	}
	return append(forms, w.arrays(k)...)
}

// risks are the ways to make an expression that may fail when it runs.
func (w *writer) risks(k kind) (forms []form) {
	number := kind{"i64", ""}
	switch {
	case k.dtype == "i64":
		forms = []form{w.of("(%s // %s)", k, k), w.of("(%s %% %s)", k, k), w.of("(%s)^(%s)", k, k), w.of("i64(%s)", kind{"f64", k.dims})}
	case k.dtype == "f64" && k.dims == "" && !w.small:
		forms = []form{w.of("x[%s]", number), w.of("y[%s, %s]", number, number), w.of("max(%s)", kind{"f64", "n"}), w.of("x[argmin(%s)]", kind{"f64", "n"})}
	case k.dtype == "f64" && k.dims == "n":
		forms = []form{w.of("(%s)[%s]", k, kind{"i64", "n"}), w.of("concatenate(((%s)[:%s], (%s)[:n]))[:n]", k, number, k)}
	}
	return forms
}

// reductions are the ways to make a number from arrays.
func (w *writer) reductions(dtype string) []form {
	vector := kind{dtype, "n"}
	if w.small {
		vector = kind{dtype, ""} // a number is an array too
	}
	over := func(text string) form {
		return func(depth int) string {
			i := w.fresh()
			w.names = append(w.names, typedName{i, kind{"i64", ""}, false})
			defer func() { w.names = w.names[:len(w.names)-1] }()
			return fmt.Sprintf(text, w.expr(kind{dtype, ""}, depth), i, w.bounds())
		}
	}
	switch dtype {
	case "f64":
		forms := []form{w.of("sum(%s)", vector), over("sum(%s for %s in %s)"), over("prod(%s for %s in %s)")}
		if !w.small {
			forms = append(forms, w.of("(%s @ %s)", vector, vector), w.of("sum(%s)", kind{"f64", "n, m"}))
		}
		return forms
	case "i64":
		return []form{w.of("sum(%s)", vector), w.of("count(%s)", kind{"bool", vector.dims}), over("sum(%s for %s in %s)")}
	case "bool":
		return []form{w.of("any(%s)", vector), w.of("all(%s)", vector), over("any(%s for %s in %s)")}
	}
	return []form{w.of("sum(%s)", vector), over("sum(%s for %s in %s)")}
}

// arrays are the ways to make an array from others.
func (w *writer) arrays(k kind) []form {
	sizes := strings.Split(k.dims, ", ")
	forms := []form{
		w.of("(%s)[::-1]", k),
		func(depth int) string {
			head := make([]string, len(sizes))
			for i, size := range sizes {
				name := w.fresh()
				head[i] = name + " in 0.." + size
				w.names = append(w.names, typedName{name, kind{"i64", ""}, false})
			}
			defer func() { w.names = w.names[:len(w.names)-len(sizes)] }()
			return fmt.Sprintf("[%s for %s]", w.expr(kind{k.dtype, ""}, depth), strings.Join(head, ", "))
		},
	}
	if k.dims == "n" {
		forms = append(forms, w.of("(%s)[%s %% n]", k, kind{"i64", "n"}), w.rows(k), w.of("concatenate(((%s)[n // 2:], (%s)[:n // 2]))", k, k))
		if k.dtype != "bool" {
			forms = append(forms, w.of("cumsum(%s)", k))
		}
	}
	if k.dtype == "f64" {
		switch k.dims {
		case "n":
			forms = append(forms, w.of("sum(%s, axis=1)", kind{"f64", "n, m"}), w.of("(%s @ %s)", kind{"f64", "n, n"}, k), w.of("sort(%s)", k), w.of("((%s)[:, 0:0] @ zeros(0))", kind{"f64", "n, m"}))
		case "n, m":
			forms = append(forms, w.of("(%s + (%s)[:, newaxis])", k, kind{"f64", "n"}), w.of("(%s @ %s)", kind{"f64", "n, n"}, k))
		case "n, n":
			forms = append(forms, w.of("(%s).T", k), w.of("(%s @ (%s).T)", kind{"f64", "n, m"}, kind{"f64", "n, m"}), w.of("outer(%s, %s)", kind{"f64", "n"}, kind{"f64", "n"}))
		}
	}
	return forms
}

// rows makes a vector from each element of another.
func (w *writer) rows(k kind) form {
	return func(depth int) string {
		from := kind{pick(w, "f64", "i64"), "n"}
		array := w.expr(from, depth)
		name := w.fresh()
		w.names = append(w.names, typedName{name, kind{from.dtype, ""}, false})
		defer func() { w.names = w.names[:len(w.names)-1] }()
		return fmt.Sprintf("[%s for %s in %s]", w.expr(kind{k.dtype, ""}, depth), name, array)
	}
}
