package lexjson

import "slices"

// smallObject is the number of keys up to which looking through all of them
// is quicker than a map.
const smallObject = 16

// A keySet holds the keys that an open object has had so far. The first
// smallObject of them lie on the stack Reader.keys, above those of the objects
// around it; a larger object has all of them in Reader.large, which keeps the
// time that a hostile document takes linear. The key at hand is the last one on
// the stack in either case.
type keySet struct {
	first  int    // index in Reader.keys of the first key
	maybe  uint64 // the bits of the keys on the stack, see keyBit
	number int    // of the object in Reader.large, 0 while it is small
}

// A largeKey is a key of the large object with that number.
type largeKey struct {
	object int
	key    string
}

// add adds key, makes it the key at hand, and reports whether it is new.
func (s *keySet) add(r *Reader, key string) bool {
	bit := keyBit(key)
	isNew := s.maybe&bit == 0 && len(r.keys)-s.first < smallObject || s.search(r, key)
	s.maybe |= bit
	r.keys = append(r.keys, key)
	return isNew
}

// search reports whether key, whose bit does not tell, is new. From a large
// object it removes the key at hand and adds key.
func (s *keySet) search(r *Reader, key string) bool {
	if len(r.keys)-s.first < smallObject {
		return !slices.Contains(r.keys[s.first:], key)
	}
	return s.addLarge(r, key)
}

// addLarge adds key to the keys of a large object, which are in Reader.large.
func (s *keySet) addLarge(r *Reader, key string) bool {
	if r.large == nil {
		r.large = make(map[largeKey]struct{})
	}
	r.keys = r.keys[:s.first+smallObject]
	if s.number == 0 {
		r.objects++
		s.number = r.objects
		for _, k := range r.keys[s.first:] {
			r.large[largeKey{s.number, k}] = struct{}{}
		}
	}
	before := len(r.large)
	r.large[largeKey{s.number, key}] = struct{}{}
	return len(r.large) > before
}

// reportMissing reports each of the required keys, which are distinct, that is
// not in the set. The search for one starts behind the last that was found, so
// that it is linear in an object that has them in the same order.
func (s *keySet) reportMissing(r *Reader, required []string) {
	keys, next := r.keys[s.first:], 0
	for _, key := range required {
		i := next
		for i < len(keys) && keys[i] != key {
			i++
		}
		if i < len(keys) {
			next = i + 1
		} else if !s.has(r, key) {
			r.ReportMember(key, "is required")
		}
	}
}

// has reports whether key is in the set.
func (s *keySet) has(r *Reader, key string) bool {
	if s.number == 0 {
		return slices.Contains(r.keys[s.first:], key)
	}
	_, ok := r.large[largeKey{s.number, key}]
	return ok
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
