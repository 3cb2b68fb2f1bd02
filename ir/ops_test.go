package ir

import (
	"reflect"
	"testing"
)

// Every column of every row says something.
func TestTableComplete(t *testing.T) {
	for c := Invalid + 1; c < numCodes; c++ {
		row := reflect.ValueOf(Ops[c])
		for i := range row.NumField() {
			field := row.Field(i)
			forgotten := field.IsZero() && field.Kind() != reflect.Slice || field.Kind() == reflect.Slice && field.IsNil()
			if forgotten {
				t.Errorf("operation %d %s has no %s", c, c, row.Type().Field(i).Name)
			}
		}
		if c > 1 && codeByName[c.String()] != c {
			t.Errorf("two operations %s", c)
		}
	}
}
