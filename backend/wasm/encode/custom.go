package encode

import (
	"encoding/binary"
	"errors"
)

// names is the custom section that gives the module, functions and locals their
// names, nothing if none has one.
func (m *Module) names() []byte {
	const moduleNames, functionNames, localNames = 0, 1, 2
	var out []byte
	if m.Name != "" {
		out = appendSection(out, moduleNames, appendName(nil, m.Name))
	}
	var functions, locals []byte
	functionCount, localCount := 0, 0
	for _, f := range m.functions {
		if f.name != "" {
			functions = appendName(appendUnsigned(functions, uint64(f.index)), f.name)
			functionCount++
		}
		var own []byte
		count := 0
		for i, l := range f.locals {
			if l.name != "" && f.imported == nil {
				own = appendName(appendUnsigned(own, uint64(i)), l.name)
				count++
			}
		}
		if count > 0 {
			locals = append(appendUnsigned(appendUnsigned(locals, uint64(f.index)), uint64(count)), own...)
			localCount++
		}
	}
	if functionCount > 0 {
		out = appendSection(out, functionNames, append(appendUnsigned(nil, uint64(functionCount)), functions...))
	}
	if localCount > 0 {
		out = appendSection(out, localNames, append(appendUnsigned(nil, uint64(localCount)), locals...))
	}
	return out
}

// A Site says that the code from Offset on, up to the next Site, comes from a
// place that was marked.
type Site struct {
	Offset int // in the contents of the code section, which begin with the number of functions
	Mark   uint32
}

// places collects the sites of the code section body by body: first those of a
// body, then where it lies.
type places struct {
	sites []Site
	fixed int // sites whose offset is final
}

func (p *places) add(offset int, mark uint32) {
	p.sites = append(p.sites, Site{offset, mark})
}

// moveTo puts the sites of the last body where the body begins.
func (p *places) moveTo(start int) {
	for i := p.fixed; i < len(p.sites); i++ {
		p.sites[i].Offset += start
	}
	p.fixed = len(p.sites)
}

// encode writes the differences of offsets and marks: count, then pairs.
func (p *places) encode() []byte {
	b := appendUnsigned(nil, uint64(len(p.sites)))
	last := Site{}
	for _, s := range p.sites {
		b = appendUnsigned(b, uint64(s.Offset-last.Offset))
		b = appendSigned(b, int64(s.Mark)-int64(last.Mark))
		last = s
	}
	return b
}

// Sites reads the sites of a module that Encode has made, in the order of the
// code; none if it has none.
func Sites(wasm []byte) ([]Site, error) {
	payload, err := FindCustom(wasm, SitesSection)
	if payload == nil || err != nil {
		return nil, err
	}
	r := reader{payload}
	count := r.unsigned()
	if count > uint64(len(payload)) {
		return nil, errDamaged
	}
	sites := make([]Site, 0, count)
	last := Site{}
	for range count {
		last.Offset += int(r.unsigned() & 0xFFFFFFFF)
		last.Mark = uint32(int64(last.Mark) + r.signed())
		sites = append(sites, last)
	}
	if r.rest == nil {
		return nil, errDamaged
	}
	return sites, nil
}

// FindCustom is the contents of a custom section of a module, nil if it has
// none of this name. It reads any module of version 1, ours or not.
func FindCustom(wasm []byte, name string) ([]byte, error) {
	var found []byte
	err := eachSection(wasm, func(id byte, payload []byte) {
		r := reader{payload}
		if id == customSection && found == nil && string(r.bytes(r.unsigned())) == name && r.rest != nil {
			found = r.rest
		}
	})
	return found, err
}

var errDamaged = errors.New("the WebAssembly module is damaged")

// eachSection calls visit with the sections of a module in order.
func eachSection(wasm []byte, visit func(id byte, payload []byte)) error {
	if len(wasm) < len(header) || string(wasm[:4]) != header[:4] {
		return errors.New("this is not a WebAssembly module")
	}
	if string(wasm[4:len(header)]) != header[4:] {
		return errors.New("this is a WebAssembly module of a newer version")
	}
	r := reader{wasm[len(header):]}
	for len(r.rest) > 0 {
		id := r.rest[0]
		r.rest = r.rest[1:]
		payload := r.bytes(r.unsigned())
		if r.rest == nil {
			return errDamaged
		}
		visit(id, payload)
	}
	return nil
}

// A reader reads what is written above. After something that isn't there, rest
// is nil; at the end it is empty.
type reader struct{ rest []byte }

func (r *reader) unsigned() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.rest = nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) signed() int64 {
	var v int64
	for shift := 0; shift < 64 && len(r.rest) > 0; shift += 7 {
		b := r.rest[0]
		r.rest = r.rest[1:]
		v |= int64(b&0x7F) << shift
		if b < 0x80 {
			if b&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.rest = nil
	return 0
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.rest = nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
