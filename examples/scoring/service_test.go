package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// start serves at a free port of the loopback interface.
func start(t *testing.T) (url string) {
	t.Helper()
	service, err := newService(firstFormula)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: service.handler()}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

func request(t *testing.T, method, url, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

const people = `{"income": [0, 1000], "age": [20, 40], "currency": "EUR"}`

func TestScores(t *testing.T) {
	url := start(t)
	if status, answer := request(t, "POST", url+"/scores", people); status != 200 || answer != `{"scores":[0.5,0.6931471805599453]}`+"\n" {
		t.Error(status, answer)
	}
	if _, text := request(t, "GET", url+"/formula", ""); text != firstFormula {
		t.Error(text)
	}
}

const head = "export fn score(income: f64[n], age: f64[n], currency: str) -> f64[n] "

func TestFormulasAreEdited(t *testing.T) {
	url := start(t)
	for _, step := range []struct {
		method, path, body string
		status             int
		answer             string // is part of it
	}{
		{"PUT", "/formula", head + "= income / 100 + age", 204, ""},
		{"POST", "/scores", people, 200, `{"scores":[20,50]}`},
		{"PUT", "/formula", head + "= income +", 422, `"code":"syntax"`},
		{"PUT", "/formula", head + "= income[1:]", 422, `"code":"shape-mismatch"`},
		{"PUT", "/formula", "export let score = 1", 422, `exports no function \"score\"`},
		{"PUT", "/formula", "export fn score(x: f64) -> f64 = x", 422, `"line":1,"column":11`},
		{"PUT", "/formula", "import \"/etc/passwd\" as p\n" + head + "= income", 422, `"code":"import-failed"`},
		{"POST", "/scores", people, 200, `{"scores":[20,50]}`}, // still the last that was right
		{"POST", "/scores", `{"income": [1], "age": [2, 3]}`, 422, `argument age must be f64[n], and the value given is f64[2]`},
		{"POST", "/scores", `{"income": "much"}`, 400, `"code":"request"`},
		{"PUT", "/formula", head + "= income * rate(currency)", 204, ""},
		{"POST", "/scores", `{"income": [1], "age": [2], "currency": "DM"}`, 422, `there is no rate for \"DM\"`},
		{"PUT", "/formula", head + "= income / 0", 204, ""},
		{"POST", "/scores", people, 422, `not a finite number`},
		{"PUT", "/formula", head + "{ while true { }; income }", 204, ""},
		{"POST", "/scores", people, 422, `-limit"`},
		{"PUT", "/formula", head + "{ let big = zeros(100000, 100000); income + big[0, 0] }", 204, ""},
		{"POST", "/scores", people, 422, `"code":"memory-limit"`},
	} {
		status, answer := request(t, step.method, url+step.path, step.body)
		if status != step.status || !strings.Contains(answer, step.answer) {
			t.Errorf("%s %s %s: %d %s, want %d %s", step.method, step.path, step.body, status, answer, step.status, step.answer)
		}
	}
}

// Everybody is answered by one formula or the other while it is edited.
func TestFormulasAreEditedWhileInUse(t *testing.T) {
	url := start(t)
	formulas := []string{head + "= income", head + "= age"}
	request(t, "PUT", url+"/formula", formulas[0])
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for k := range 20 {
				if i == 0 {
					request(t, "PUT", url+"/formula", formulas[k%2])
					continue
				}
				_, text := request(t, "POST", url+"/scores", people)
				var answer struct{ Scores []float64 }
				if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer.Scores) != 2 || answer.Scores[1] != 1000 && answer.Scores[1] != 40 {
					t.Error(text, err)
				}
			}
		})
	}
	all.Wait()
}
