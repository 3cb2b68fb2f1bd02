package encode

import (
	"errors"
	"slices"
)

// ImportMemory is a module with its own memory made into one that imports it, so
// that several modules can share one: nothing else changes. Data that would be
// written at a fixed place is refused.
func ImportMemory(wasm []byte, module, name string) ([]byte, error) {
	const most = 1 << 16 // pages that there are at all
	entry := appendLimits(append(appendName(appendName(nil, module), name), memoryKind), limits{0, most})
	out := []byte(header)
	owned, imported := false, false
	var failure error
	err := eachSection(wasm, func(id byte, payload []byte) {
		r := reader{payload}
		if !imported && id > importSection && id != customSection {
			out = appendSection(out, importSection, slices.Concat([]byte{1}, entry))
			imported = true
		}
		switch id {
		case importSection:
			count := r.unsigned()
			payload = slices.Concat(appendUnsigned(nil, count+1), r.rest, entry)
			imported = true
		case memorySection:
			owned = true
			return
		case dataSection:
			if !r.passive() {
				failure = errors.New("the module writes data at a fixed place of its memory")
			}
		}
		out = appendSection(out, id, payload)
	})
	switch {
	case err != nil:
		return nil, err
	case failure != nil:
		return nil, failure
	case !owned:
		return nil, errors.New("the module has no memory of its own")
	}
	return out, nil
}

// passive reports whether all pieces of a data section wait to be asked for.
func (r *reader) passive() bool {
	const passiveData = 1
	for count := r.unsigned(); count > 0 && r.rest != nil; count-- {
		if r.unsigned() != passiveData {
			return false
		}
		r.bytes(r.unsigned())
	}
	return r.rest != nil
}
