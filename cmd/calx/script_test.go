package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"calx": main})
}

// TestScripts runs the command lines of testdata/script. Besides the commands of
// package testscript there are
//
//	bytes FILE TEXT           write a text with Go's escapes to a file
//	repeat FILE A B C D N     write A, N times B, C, and N times D to a file
//
// and $DATA and $EXAMPLES are the folders of the readers' test files and of the
// examples. With UPDATE_SCRIPTS=1, cmp rewrites what it expects.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs("../../data/testdata")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", data)
			env.Setenv("EXAMPLES", examples)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"bytes": func(ts *testscript.TestScript, _ bool, args []string) {
				text, err := strconv.Unquote(`"` + args[1] + `"`)
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
			},
			"repeat": func(ts *testscript.TestScript, _ bool, args []string) {
				n, err := strconv.Atoi(args[5])
				ts.Check(err)
				text := args[1] + strings.Repeat(args[2], n) + args[3] + strings.Repeat(args[4], n) + "\n"
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
			},
		},
	})
}
