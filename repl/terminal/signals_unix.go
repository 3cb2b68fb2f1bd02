//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyResize tells a channel that the terminal has another size, until it is
// stopped.
func notifyResize(resizes chan<- os.Signal) (stop func()) {
	signal.Notify(resizes, syscall.SIGWINCH)
	return func() { signal.Stop(resizes) }
}

// stopProgram is what Ctrl-Z does; it returns when the program is to go on.
func stopProgram() { _ = syscall.Kill(0, syscall.SIGTSTP) }
