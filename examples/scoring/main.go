// Command scoring is a service whose users edit its formula while it runs.
//
//	PUT  /formula   a Calx script that exports a function score
//	GET  /formula   the script in use
//	POST /scores    {"income": [...], "age": [...], "currency": "EUR"}, gives {"scores": [...]}
//
// A script can only compute: it has no files, network or clock, and its time,
// steps and memory are bounded. A script that is wrong changes nothing, and the
// answer says where it is wrong.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "the `address` to listen at")
	flag.Parse()
	service, err := newService(firstFormula)
	if err == nil {
		err = serve(*address, service)
	}
	fmt.Fprintln(os.Stderr, "scoring:", err)
	os.Exit(1)
}

func serve(address string, service *service) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("listening at http://%s\n", listener.Addr())
	server := &http.Server{Handler: service.handler(), ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}
