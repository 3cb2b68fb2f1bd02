//go:build unix

package terminal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/calx-lang/calx/repl"
)

// The test program is itself the session that runs in the pseudo-terminal.
const historyVariable = "CALX_TEST_HISTORY"

func TestMain(m *testing.M) {
	history, ok := os.LookupEnv(historyVariable)
	if !ok {
		os.Exit(m.Run())
	}
	session := repl.New(repl.Options{Output: os.Stdout})
	var texts TextReader = NewEditor(session, os.Stdin, os.Stdout, history)
	if os.Getenv("TERM") == "dumb" {
		texts = Lines(session, os.Stdin, os.Stdout)
	}
	_, err := Run(session, texts, Options{Out: os.Stdout, Interactive: true})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("(the end)")
}

// modes are switched around each text; a test looks for what is to be read.
var modes = regexp.MustCompile("\x1b\\[\\?2004[hl]")

// A screen is a session in a pseudo-terminal, and what it has written.
type screen struct {
	t       *testing.T
	keys    *os.File
	command *exec.Cmd
	mutex   sync.Mutex
	shown   bytes.Buffer
}

func open(t *testing.T, history string) *screen {
	t.Helper()
	return openOn(t, "xterm", history)
}

func openOn(t *testing.T, kind, history string) *screen {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), historyVariable+"="+history, "TERM="+kind)
	keys, err := pty.StartWithSize(command, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Skip("there is no pseudo-terminal here: ", err)
	}
	s := &screen{t: t, keys: keys, command: command}
	go func() {
		part := make([]byte, 4096)
		for {
			n, err := keys.Read(part)
			s.mutex.Lock()
			s.shown.Write(modes.ReplaceAll(part[:n], nil))
			s.mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
		keys.Close()
	})
	s.wait("> ")
	return s
}

// wait waits until a text is shown, and forgets what was shown up to it.
func (s *screen) wait(text string) {
	s.t.Helper()
	for begin := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		s.mutex.Lock()
		shown := s.shown.String()
		if i := strings.Index(shown, text); i >= 0 {
			s.shown.Next(i + len(text))
			s.mutex.Unlock()
			return
		}
		s.mutex.Unlock()
		if time.Since(begin) > 30*time.Second {
			s.t.Fatalf("%q is not shown, but %q", text, shown)
		}
	}
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := s.keys.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// ask types a line and waits for the line that it shows.
func (s *screen) ask(line, answer string) {
	s.t.Helper()
	s.press(line + "\r")
	s.wait("\r\n" + answer + "\r\n")
	s.wait("> ")
}

const (
	tabKey = "\t"
	upKey  = "\x1b[A"
	ctrlC  = "\x03"
	ctrlP  = "\x10"
	ctrlD  = "\x04"
)

func TestTyping(t *testing.T) {
	s := open(t, "")
	s.ask("1 + 1", "2")
	s.press("let temperature = [1,\r")
	s.wait(". ")
	s.press("2]\r")
	s.wait("> ")
	s.ask("temp"+tabKey+" + 1", "[2, 3]  # i64[2]")
	s.press(`let \alpha` + tabKey + " = 7\r")
	s.wait("> ")
	s.ask(`\alp`+tabKey+" * 2", "14")
	s.ask("sum(temperature, ax"+tabKey+"0)", "3")
	s.press(ctrlD)
	s.wait("(the end)")
}

// TestInterrupt: Ctrl-C ends a computation, or the line being typed, and keeps
// the values.
func TestInterrupt(t *testing.T) {
	s := open(t, "")
	s.press("let kept = 42\r")
	s.wait("> ")
	s.press("print(\"begun\"); while true { }\r")
	s.wait("\r\nbegun\r\n")
	s.press(ctrlC)
	s.wait("the program was cancelled")
	s.wait("> ")
	s.ask("kept", "42")
	s.press("kept + (1,\r")
	s.wait(". ")
	s.press(ctrlC)
	s.wait("> ")
	s.press("nonsense" + ctrlC)
	s.wait("> ")
	s.ask("kept + 1", "43")
	s.press(ctrlC)
	s.wait("Ctrl-D or :quit ends the session")
	s.press(":quit\r")
	s.wait("(the end)")
}

// TestImpatience: an interrupt that comes too late for a computation doesn't end
// the session.
func TestImpatience(t *testing.T) {
	s := open(t, "")
	s.press("let kept = 42\r")
	s.wait("> ")
	for i := range 5 {
		s.press(fmt.Sprintf("print(\"begun\", %d); while true { }\r", i))
		s.wait(fmt.Sprintf("\r\nbegun %d\r\n", i))
		for range 20 {
			s.press(ctrlC)
			time.Sleep(time.Millisecond)
		}
		s.wait("the program was cancelled")
		time.Sleep(100 * time.Millisecond) // the last interrupts arrive
	}
	if err := s.command.Process.Signal(os.Interrupt); err != nil { // of another program
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	s.press("\rkept * 2\r")
	s.wait("\r\n84\r\n")
}

// TestPaste: what is pasted is one text, in which a tab completes nothing.
func TestPaste(t *testing.T) {
	s := open(t, "")
	s.press(pasteBegins + "fn f(x) {\r\n\tlet y = x\r\n\ty + 1\r\n}\r\nlet\ta = f(1)\r\n:type a\r\na" + pasteEnds)
	s.wait(". a")
	s.press(" + 40\r")
	s.wait("\r\ni64\r\n42\r\n")
	s.wait("> ")
	s.press(pasteBegins + "\"" + strings.Repeat("long ", 20000) + "\" == \"\"" + pasteEnds + "\r")
	s.wait("\r\nfalse\r\n")
}

// TestWidth: values follow the width of the terminal, which may change.
func TestWidth(t *testing.T) {
	s := open(t, "")
	s.ask("arange(20)", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]  # i64[20]")
	if err := pty.Setsize(s.keys, &pty.Winsize{Rows: 40, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	s.ask("arange(20)", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,\r\n 12, 13, 14, 15, 16, 17, 18, 19]\r\n# i64[20]")
	s.press(strings.Repeat("1 + ", 12))
	s.wait("\r\n") // the text has two rows
	if err := pty.Setsize(s.keys, &pty.Winsize{Rows: 40, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s.wait("> " + strings.Repeat("1 + ", 12))
	s.ask("1", "13")
}

// TestWide: wide and composed characters are one each for the cursor.
func TestWide(t *testing.T) {
	s := open(t, "")
	s.press("let 日本 = \"漢x字\"" + "\x1b[D\x1b[D" + "\x7f\r") // left, left, backspace
	s.wait("> ")
	s.ask("日本", "漢字")
	s.press("x\\hat" + tabKey + "y\x1b[D\x1b[D" + "2 * \r")
	s.wait("\r\nerror: x\u0302y is not known here")
}

// TestSearch: Ctrl-R finds what was typed, Ctrl-G leaves it as it was.
func TestSearch(t *testing.T) {
	s := open(t, "")
	s.ask("100 + 1", "101")
	s.ask("200 + 1", "201")
	s.press("\x12" + "+ 1")
	s.wait("(search: + 1) 200 + 1")
	s.press("\x12\r")
	s.wait("\r\n101\r\n")
	s.wait("> ")
	s.press("7 +\x12" + "nowhere")
	s.wait("(not found: nowhere) ")
	s.press("\x07" + " 1\r")
	s.wait("\r\n8\r\n")
}

// TestCandidates: several candidates are listed, and the text goes on below.
func TestCandidates(t *testing.T) {
	s := open(t, "")
	s.press("let first_name = 1; let first_value = 2\r")
	s.wait("> ")
	s.press("fir" + tabKey)
	s.wait("first_")
	s.press(tabKey)
	s.wait("\r\nfirst_name   first_value\r\n> first_")
	s.press("v" + tabKey + "\r")
	s.wait("\r\n2\r\n")
}

// TestDumb: on a terminal that can do nothing lines are read as they come, and an
// interrupt gives one up.
func TestDumb(t *testing.T) {
	s := openOn(t, "dumb", "")
	s.press("let a = [1,\n2]\n")
	s.wait(". ")
	s.wait("> ")
	s.press("nonsense")
	s.wait("nonsense")
	s.press(ctrlC)
	s.wait("> ")
	s.press("print(\"begun\"); while true { }\n")
	s.wait("begun\r\n")
	s.press(ctrlC)
	s.wait("the program was cancelled")
	s.wait("> ")
	s.press("a\n")
	s.wait("[1, 2]  # i64[2]\r\n> ")
	s.press(ctrlD)
	s.wait("(the end)")
}

// TestHistory: what was typed is there again in the next session, also texts of
// several lines.
func TestHistory(t *testing.T) {
	history := filepath.Join(t.TempDir(), "new", "history")
	s := open(t, history)
	s.press("fn twice(x) {\r")
	s.wait(". ")
	s.press("2 * x # doubled\r")
	s.wait(". ")
	s.press("}\r")
	s.wait("> ")
	s.ask("twice(4)", "8")
	s.press(ctrlD)
	s.wait("(the end)")
	info, err := os.Stat(history)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal("the history is not for its owner only: ", info, err)
	}
	s = open(t, history)
	s.press(upKey + upKey + "\r")
	s.wait("> ")
	s.ask(upKey+ctrlP, "8") // twice(4), behind the function that was called up
	s.press(":quit\r")
	s.wait("(the end)")
}

// TestLines: without a terminal there are no prompts, and the last text needs no
// end of line.
func TestLines(t *testing.T) {
	var out bytes.Buffer
	session := repl.New(repl.Options{Output: &out})
	clean, err := Run(session, Lines(session, strings.NewReader("let a = (1 +\n2)\na\n\nprint(a)\na * 2"), nil), Options{Out: &out})
	if err != nil || !clean || out.String() != "3\n3\n6\n" {
		t.Errorf("%q, clean: %v, %v", out.String(), clean, err)
	}
	out.Reset()
	clean, err = Run(session, Lines(session, strings.NewReader("b\na\n(1,"), nil), Options{Out: &out})
	if err != nil || clean || !strings.Contains(out.String(), "\n3\n") || !strings.Contains(out.String(), "never closed") {
		t.Errorf("%q, clean: %v, %v", out.String(), clean, err)
	}
}

// TestTimeLimit: a text that takes too long is stopped.
func TestTimeLimit(t *testing.T) {
	var out bytes.Buffer
	session := repl.New(repl.Options{Output: &out})
	session.Enter(context.Background(), "let a = 5", func(repl.Event) {})
	clean, err := Run(session, Lines(session, strings.NewReader("while true { }\na"), nil), Options{Out: &out, Time: 250 * time.Millisecond})
	if err != nil || clean || !strings.Contains(out.String(), "time limit") || !strings.HasSuffix(out.String(), "\n5\n") {
		t.Errorf("%q, clean: %v, %v", out.String(), clean, err)
	}
}
