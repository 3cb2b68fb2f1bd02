package data

import (
	"errors"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

var (
	matrix    = Want{DType: ir.F64, Rank: 2}
	vector    = Want{DType: ir.F64, Rank: 1}
	integers  = Want{DType: ir.I64, Rank: 1}
	flowers   = Want{Names: []string{"length", "species"}, Parts: []Want{vector, integers}}
	anything  = Want{DType: ir.Text}
	petals    = "length,species\n1.5,setosa\n2.5,virginica\n3.5,setosa\n"
	fullTable = "a,b\n1,2\n3,4\n"
)

func fitCSV(text string, want Want) (runtime.Value, error) {
	table, err := ReadCSV(&ast.Source{Name: "t.csv", Text: text})
	if err != nil {
		return nil, err
	}
	return table.Fit(want)
}

func shaped[T runtime.Element](shape []int, elements ...T) *runtime.Array {
	return mustShape(append([]T{}, elements...), shape)
}

func TestCSVReadsTablesAsWanted(t *testing.T) {
	tests := []struct {
		name, text string
		want       Want
		value      runtime.Value
	}{
		{"with a header", fullTable, matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"without", "1,2\n3,4\n", matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"no newline at the end", "1,2\n3,4", matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"BOM and CRLF", "\ufeffa,b\r\n1,2\r\n3,4\r\n", matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"empty lines and spaces", "\n a , b \n\n 1 , 2 \n\n3,4\n\n", matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"quoted cells", "\"a\",\"b, c\"\n\"1\",2\n3,\"4\"\n", matrix, shaped([]int{2, 2}, 1.0, 2, 3, 4)},
		{"tabs", "a\tb\n1\t2\n", matrix, shaped([]int{1, 2}, 1.0, 2)},
		{"semicolons", "a;b\n1;2\n", matrix, shaped([]int{1, 2}, 1.0, 2)},
		{"words for numbers", "nan,inf\n-Infinity,1e-3\n", matrix, shaped([]int{2, 2}, nan, inf, -inf, 1e-3)},
		{"a header alone", "a,b\n", matrix, shaped[float64]([]int{0, 2})},
		{"one column", "a\n1\n2\n", vector, shaped([]int{2}, 1.0, 2)},
		{"one row", "1,2,3", vector, shaped([]int{3}, 1.0, 2, 3)},
		{"one number", "7\n", Want{DType: ir.I64}, runtime.Scalar(int64(7))},
		{"integers", "1,-2\n", Want{DType: ir.I64, Rank: 2}, shaped([]int{1, 2}, int64(1), -2)},
		{"singles", "0.1\n", Want{DType: ir.F32, Rank: 1}, shaped([]int{1}, float32(0.1))},
		{"complex", "1+2i,(3-4j)\n", Want{DType: ir.C128, Rank: 2}, shaped([]int{1, 2}, 1+2i, 3-4i)},
		{"truth values", "ok\nTrue\nfalse\n", Want{DType: ir.Bool, Rank: 1}, shaped([]int{2}, true, false)},
		{"more columns than a record wants", petals, flowers, runtime.Record{
			Names: []string{"length", "species"},
			Values: []runtime.Value{
				shaped([]int{3}, 1.5, 2.5, 3.5),
				shaped([]int{3}, int64(0), 1, 0),
			},
		}},
		{"nothing in particular, numbers", fullTable, anything, shaped([]int{2, 2}, int64(1), 2, 3, 4)},
		{"nothing in particular, text", "a,b\n1,\"x\"\"y\"\n", anything, runtime.Record{
			Names:  []string{"a", "b"},
			Values: []runtime.Value{shaped([]int{1}, int64(1)), runtime.Tuple{runtime.Text(`x"y`)}},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := fitCSV(test.text, test.want)
			if err != nil {
				t.Fatal(err)
			}
			if !runtime.Equal(got, test.value) {
				t.Errorf("got %v, want %v", show(got), show(test.value))
			}
		})
	}
}

func TestCSVMistakesHaveTheirPlace(t *testing.T) {
	tests := []struct {
		name, text string
		want       Want
		err        string
	}{
		{"empty", "", matrix, "t.csv:1:1: t.csv is empty"},
		{"only a BOM and lines", "\ufeff\n \n", matrix, "t.csv:1:1: t.csv is empty"},
		{"ragged", "a,b\n1,2\n\n3\n", matrix, "t.csv:4:1: this row has 1 cell, those above it 2"},
		{"text among numbers", "a,b\n1,2\n3,x\n", matrix, `t.csv:3:3: line 3, column 2 (b): "x" is not a number`},
		{"text in the first row", "1,x\n3,4\n", matrix, `t.csv:1:3: line 1, column 2: "x" is not a number`},
		{"text among integers", "a\n1\nx\n", integers, `t.csv:3:1: line 3, column 1 (a): "x" is not a number`},
		{"a fraction among integers", "a\n1\n2.5\n", integers, `t.csv:3:1: line 3, column 1 (a): "2.5" is not an integer`},
		{"a large integer", "9223372036854775808\n", integers, `t.csv:1:1: line 1, column 1: "9223372036854775808" does not fit 64 bits`},
		{"a large float", "1e999\n", vector, `t.csv:1:1: line 1, column 1: "1e999" is larger than any f64`},
		{"an empty cell", "a,b\n1,\n", matrix, "t.csv:2:3: line 2, column 2 (b): the cell is empty"},
		{"an open quote", "a,b\n1,\"2\n", matrix, "t.csv:2:3: this quote is never closed"},
		{"text behind a quote", "a,b\n1,\"2\"3\n", matrix, "t.csv:2:6: text follows a quoted cell; inside quotes a quote is written twice"},
		{"not UTF-8", "a,b\n1,\xff\n", matrix, "t.csv:2:3: t.csv is not UTF-8: byte 0xff"},
		{"UTF-16", "\xff\xfea\x00", matrix, "t.csv:1:1: t.csv is UTF-16; save it as UTF-8"},
		{"no such column", "a,b\n1,2\n", flowers, `t.csv:1:1: t.csv has no column "length"; it has a, b`},
		{"a column twice", "length,length,species\n1,2,3\n", flowers, `t.csv:1:1: t.csv has several columns "length"`},
		{"names without a header", "1,2\n", flowers, "t.csv:1:1: t.csv has no header, so its columns have no names"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := fitCSV(test.text, test.want)
			var d *ast.Diagnostic
			if !errors.As(err, &d) || d.Error() != test.err {
				t.Fatalf("got error %v, want %s", err, test.err)
			}
			if d.Code != ast.CodeBadData {
				t.Errorf("code %s", d.Code)
			}
		})
	}
}

func TestCSVColumnsByName(t *testing.T) {
	table, err := ReadCSV(&ast.Source{Name: "t.csv", Text: petals})
	if err != nil {
		t.Fatal(err)
	}
	column, err := table.Column("species")
	if err != nil {
		t.Fatal(err)
	}
	got, err := column.Fit(integers)
	if want := shaped([]int{3}, int64(0), 1, 0); err != nil || !runtime.Equal(got, want) {
		t.Errorf("got %v, %v", show(got), err)
	}
	_, err = column.Fit(vector)
	if want := `t.csv:2:5: line 2, column 2 (species): "setosa" is not a number`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{fullTable, petals, "\ufeffa;b\r\n\"1\"\"\";2", "1\t2\n\"", "a,b\n1\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, want := range []Want{matrix, vector, integers, flowers, anything} {
			v, err := fitCSV(text, want)
			if err == nil && v == nil {
				t.Fatal("neither a value nor an error")
			}
		}
	})
}

func BenchmarkCSV(b *testing.B) {
	text := "a,b,c,d,e\n" + strings.Repeat("5.1,3.5,1.4,0.2,0\n", 100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := fitCSV(text, matrix); err != nil {
			b.Fatal(err)
		}
	}
}
