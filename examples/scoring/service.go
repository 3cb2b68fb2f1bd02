package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/calx-lang/calx"
)

// A service answers with the formula in use. Requests that began with one formula
// end with it.
type service struct {
	functions []*calx.Function
	inUse     atomic.Pointer[formula]
}

func newService(text string) (*service, error) {
	functions, err := hostFunctions()
	if err != nil {
		return nil, err
	}
	first, err := newFormula(text, functions)
	if err != nil {
		return nil, err
	}
	s := &service{functions: functions}
	s.inUse.Store(first)
	return s, nil
}

const maxBody = 1 << 20

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /formula", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s.inUse.Load().text) })
	mux.HandleFunc("PUT /formula", s.change)
	mux.HandleFunc("POST /scores", s.score)
	return mux
}

func (s *service) change(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	next, err := newFormula(string(text), s.functions)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	s.inUse.Store(next)
	w.WriteHeader(http.StatusNoContent)
}

func (s *service) score(w http.ResponseWriter, r *http.Request) {
	var people struct {
		Income, Age []float64
		Currency    string
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&people); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	scores, err := s.inUse.Load().score(r.Context(), people.Income, people.Age, people.Currency)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"scores": scores})
}

// refuse says what is wrong, for a formula with its code and place.
func refuse(w http.ResponseWriter, status int, err error) {
	var all calx.Errors
	var one *calx.Error
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one):
		all = calx.Errors{one}
	default:
		all = calx.Errors{{Code: "request", Message: err.Error()}}
	}
	answer(w, status, map[string]any{"errors": all})
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	text, err := json.Marshal(body)
	if err != nil { // JSON has no NaN and no infinity
		status, text = http.StatusUnprocessableEntity, []byte(`{"errors": [{"code": "result", "message": "a score is not a finite number"}]}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}
