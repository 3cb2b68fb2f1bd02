package encode

import (
	"errors"
	"fmt"
)

// Contents say what Scan has found in a module.
type Contents struct {
	OwnMemory bool // it has a memory, and doesn't import it
	Start     bool // it does something when it is instantiated
}

// The largest numbers that Scan lets pass. An engine makes room for them before
// it has seen anything.
const (
	mostLocals  = 50_000
	mostEntries = 1 << 16 // of a table
)

// Scan reads a module of unknown origin as far as is needed to know that no
// number in it makes an engine ask for more memory than the module's size
// justifies, and that it has no instructions beyond those of this package. Types
// are left to the engine.
func Scan(wasm []byte) (Contents, error) {
	var contents Contents
	var failure error
	err := eachSection(wasm, func(id byte, payload []byte) {
		if failure != nil {
			return
		}
		s := &scanner{reader: reader{payload}, contents: &contents}
		failure = s.section(id)
		if failure == nil && (s.rest == nil || len(s.rest) > 0) {
			failure = errDamaged
		}
	})
	if err == nil {
		err = failure
	}
	return contents, err
}

type scanner struct {
	reader
	contents *Contents
}

// each reads a count and as many entries, and ends early at the end.
func (s *scanner) each(entry func()) {
	for count := s.unsigned(); count > 0; count-- {
		if len(s.rest) == 0 {
			s.rest = nil
			return
		}
		entry()
	}
}

func (s *scanner) byte() byte {
	if len(s.rest) == 0 {
		s.rest = nil
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b
}

func (s *scanner) name()  { s.bytes(s.unsigned()) }
func (s *scanner) index() { s.unsigned() }

func (s *scanner) section(id byte) (err error) {
	vector := func(entry func() error) { // up to the first error
		s.each(func() {
			if err = entry(); err != nil {
				s.rest = nil
			}
		})
	}
	switch id {
	case customSection:
		if name := s.bytes(s.unsigned()); string(name) == nameSection {
			s.names()
		} else if s.rest != nil {
			s.rest = s.rest[len(s.rest):]
		}
	case typeSection:
		s.each(func() {
			s.byte()
			s.each(func() { s.byte() })
			s.each(func() { s.byte() })
		})
	case importSection:
		vector(func() error {
			s.name()
			s.name()
			return s.imported()
		})
	case functionSection:
		s.each(s.index)
	case tableSection:
		vector(s.table)
	case memorySection:
		s.contents.OwnMemory = true
		s.each(func() { s.limits() })
	case globalSection:
		vector(func() error {
			s.bytes(2)
			return s.code()
		})
	case exportSection:
		s.each(func() {
			s.name()
			s.byte()
			s.index()
		})
	case startSection:
		s.contents.Start = true
		s.index()
	case elementSection:
		vector(s.element)
	case codeSection:
		vector(s.body)
	case dataSection:
		vector(s.data)
	case dataCountSection:
		s.index()
	default:
		return fmt.Errorf("the module has a section of unknown kind %d", id)
	}
	return err
}

func (s *scanner) limits() (least uint64) {
	bounded := s.byte()
	least = s.unsigned()
	if bounded != 0 {
		s.unsigned()
	}
	return least
}

func (s *scanner) table() error {
	s.byte()
	if s.limits() > mostEntries {
		return errors.New("the module has too large a table")
	}
	return nil
}

func (s *scanner) imported() error {
	switch s.byte() {
	case functionKind:
		s.index()
	case tableKind:
		return s.table()
	case memoryKind:
		s.limits()
	case globalKind:
		s.bytes(2)
	default:
		return errDamaged
	}
	return nil
}

// element reads elements as appendElements writes them.
func (s *scanner) element() error {
	var err error
	switch s.unsigned() {
	case 0:
		err = s.code()
	case 2:
		s.index()
		if err = s.code(); err == nil {
			s.byte()
		}
	default:
		return errors.New("the module has elements of an unknown kind")
	}
	s.each(s.index)
	return err
}

func (s *scanner) data() error {
	switch s.unsigned() {
	case 0:
		if err := s.code(); err != nil {
			return err
		}
	case 1:
	default:
		return errors.New("the module has data of an unknown kind")
	}
	s.bytes(s.unsigned())
	return nil
}

func (s *scanner) body() error {
	body := &scanner{reader: reader{s.bytes(s.unsigned())}}
	locals := uint64(0)
	body.each(func() {
		locals += min(body.unsigned(), mostLocals+1)
		body.byte()
	})
	if locals > mostLocals {
		return errors.New("the module has a function with too many variables")
	}
	if err := body.code(); err != nil {
		return err
	}
	if len(body.rest) > 0 {
		return errDamaged
	}
	return nil
}

// code reads instructions up to the end that closes no block.
func (s *scanner) code() error {
	for depth := 0; ; {
		o := Opcode(s.byte())
		if s.rest == nil {
			return errDamaged
		}
		for page, prefix := range prefixes {
			if prefix != 0 && o == Opcode(prefix) {
				number := s.unsigned()
				if number > 0xFF {
					return errors.New("the module has instructions that are not known")
				}
				o = Opcode(page<<8) | Opcode(number)
				break
			}
		}
		row := o.row()
		if row == nil {
			return errors.New("the module has instructions that are not known")
		}
		s.immediates(o, row)
		switch o {
		case Block, Loop, If:
			depth++
		case End:
			if depth--; depth < 0 {
				return nil
			}
		}
	}
}

func (s *scanner) immediates(o Opcode, row *instruction) {
	switch row.immediate {
	case memoryImmediate:
		s.index()
		s.index()
	case memoryLaneImmediate:
		s.index()
		s.index()
		s.byte()
	case laneImmediate, pageImmediate:
		s.byte()
	case shuffleImmediate:
		s.bytes(16)
	case copyImmediate:
		s.bytes(2)
	case initImmediate:
		s.index()
		s.byte()
	case dataImmediate, localImmediate, globalImmediate:
		s.index()
	case constImmediate:
		switch o {
		case F32Const:
			s.bytes(4)
		case F64Const:
			s.bytes(8)
		case V128Const:
			s.bytes(16)
		default:
			s.signed()
		}
	case controlImmediate:
		switch o {
		case Block, Loop, If:
			s.signed()
		case Br, BrIf, Call:
			s.index()
		case CallIndirect:
			s.index()
			s.index()
		case BrTable:
			s.each(s.index)
			s.index()
		}
	}
}

// names reads the section of names.
func (s *scanner) names() {
	const moduleNames, functionNames, localNames = 0, 1, 2
	for len(s.rest) > 0 {
		id := s.byte()
		part := &scanner{reader: reader{s.bytes(s.unsigned())}}
		named := func() {
			part.index()
			part.name()
		}
		switch id {
		case moduleNames:
			part.name()
		case functionNames:
			part.each(named)
		case localNames:
			part.each(func() {
				part.index()
				part.each(named)
			})
		default:
			continue
		}
		if part.rest == nil || len(part.rest) > 0 {
			s.rest = nil
		}
	}
}
