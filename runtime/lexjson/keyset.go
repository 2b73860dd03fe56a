package lexjson

import "slices"

// smallObject is the number of keys up to which looking through all of them
// is quicker than a map.
const smallObject = 16

// maxTracked is how many required keys a keySet treats as such. Others are like
// the keys that are not required.
const maxTracked = 64

// A keySet holds the keys that an open object has had so far: of the required
// ones it knows which. Of the others the first smallObject lie on the stack
// Reader.keys, above those of the objects around it, and what a larger object has
// beyond these in Reader.large, which keeps the time that a hostile document
// takes linear.
type keySet struct {
	tracked uint64 // the required keys that are in the set, by their index
	due     uint   // index of the required key that most likely comes next
	maybe   uint64 // the bits of the others, see keyBit
	first   int    // index in Reader.keys of the first of the others
	number  int    // of the object in Reader.large, 0 while it is small
}

// A largeKey is a key of the large object with that number.
type largeKey struct {
	object int
	key    string
}

// addDue adds key if it is new and the required key that is due, and reports
// whether it is.
func (s *keySet) addDue(key string, required []string) bool {
	return s.due < uint(len(required)) && required[s.due] == key && s.track(s.due)
}

// track adds the required key with that index and reports whether it is new.
func (s *keySet) track(index uint) bool {
	bit := uint64(1) << (index % maxTracked)
	isNew := s.tracked&bit == 0
	s.tracked |= bit
	s.due = (index + 1) % maxTracked
	return isNew
}

// add adds key and reports whether it is new.
func (s *keySet) add(r *Reader, key string, required []string) bool {
	if i := slices.Index(required[:min(len(required), maxTracked)], key); i >= 0 {
		return s.track(uint(i))
	}
	bit := keyBit(key)
	if s.maybe&bit != 0 && s.has(r, key) {
		return false
	}
	s.maybe |= bit
	s.push(r, key)
	return true
}

// push adds a key that is new and not tracked.
func (s *keySet) push(r *Reader, key string) {
	if len(r.keys)-s.first < smallObject {
		r.keys = append(r.keys, key)
		return
	}
	if s.number == 0 {
		r.objects++
		s.number = r.objects
	}
	if r.large == nil {
		r.large = make(map[largeKey]struct{})
	}
	r.large[largeKey{s.number, key}] = struct{}{}
}

// has reports whether a key that is not tracked is in the set.
func (s *keySet) has(r *Reader, key string) bool {
	if slices.Contains(r.keys[s.first:], key) {
		return true
	}
	_, ok := r.large[largeKey{s.number, key}]
	return ok
}

// hasAll reports whether all of the required keys are in the set. It may not know
// that they are if they are very many.
func (s *keySet) hasAll(required []string) bool {
	return len(required) <= maxTracked && s.tracked == 1<<len(required)-1
}

// reportMissing reports each of the required keys that is not in the set.
func (s *keySet) reportMissing(r *Reader, required []string) {
	for i, key := range required {
		if i < maxTracked && s.tracked>>i&1 == 0 || i >= maxTracked && !s.has(r, key) {
			r.ReportMember(key, "is required")
		}
	}
}

// keyBit returns one of 64 bits for key. Equal keys have the same bit, so that
// a key whose bit is not among those of other keys differs from all of them.
func keyBit(key string) uint64 {
	n := len(key)
	if n == 0 {
		return 1
	}
	return 1 << ((uint(n)*7 + uint(key[0])*5 + uint(key[n-1])*3) % 64)
}
