package encode

import (
	"strings"
	"testing"
)

// TestScan: what this package writes passes, in whole and not in part.
func TestScan(t *testing.T) {
	for name, m := range map[string]*Module{"instructions": instructionModule(), "sections": sections(), "own memory": counter(false)} {
		wasm := m.Encode()
		contents, err := Scan(wasm)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want := (Contents{OwnMemory: name != "sections", Start: name == "sections"}); contents != want {
			t.Errorf("%s: %+v", name, contents)
		}
		ends := map[int]bool{len(header): true} // a module may end behind any section
		at := len(header)
		if err := eachSection(wasm, func(_ byte, payload []byte) {
			at += 1 + len(appendUnsigned(nil, uint64(len(payload)))) + len(payload)
			ends[at] = true
		}); err != nil {
			t.Fatal(err)
		}
		for cut := range wasm {
			if _, err := Scan(wasm[:cut]); err == nil && !ends[cut] {
				t.Errorf("%s: the first %d of %d bytes pass", name, cut, len(wasm))
			}
		}
	}
}

// TestScanRefuses are numbers for which an engine would ask for gigabytes, and
// what no engine here knows.
func TestScanRefuses(t *testing.T) {
	huge := "\xff\xff\xff\xff\x0f"
	body := func(code string) string {
		b := appendUnsigned([]byte{1}, uint64(len(code)))
		return string(appendSection(nil, codeSection, append(b, code...)))
	}
	for name, c := range map[string]struct{ sections, want string }{
		"imports":            {"\x02\x05" + huge, "damaged"},
		"types":              {"\x01\x05" + huge, "damaged"},
		"parameters":         {"\x01\x07\x01\x60" + huge, "damaged"},
		"functions":          {"\x03\x05" + huge, "damaged"},
		"bodies":             {"\x0a\x05" + huge, "damaged"},
		"locals":             {body("\x01" + huge + "\x7f\x0b"), "too many variables"},
		"runs of locals":     {body(huge + "\x01\x7f\x0b"), "damaged"},
		"branches":           {body("\x00\x0e" + huge + "\x00\x0b"), "damaged"},
		"table":              {"\x04\x08\x01\x70\x00" + huge, "too large a table"},
		"names":              {"\x00\x0c\x04name\x01\x05" + huge, "damaged"},
		"relaxed vectors":    {body("\x00\xfd\x80\x02\x0b"), "not known"},
		"unknown":            {body("\x00\x06\x0b"), "not known"},
		"behind the end":     {body("\x00\x0b\x0b"), "damaged"},
		"no end":             {body("\x00\x02\x40\x0b"), "damaged"},
		"section":            {"\x0d\x01\x00", "unknown kind 13"},
		"section cut":        {"\x01\x05", "damaged"},
		"behind the section": {"\x01\x02\x00\x00", "damaged"},
	} {
		if _, err := Scan([]byte(header + c.sections)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
