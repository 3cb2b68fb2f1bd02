//go:build !unix

package terminal

import "os"

// notifyResize: here nobody tells; the size is asked for at each key.
func notifyResize(chan<- os.Signal) (stop func()) { return func() {} }

// stopProgram: no other program waits to go on in the meantime.
func stopProgram() {}
