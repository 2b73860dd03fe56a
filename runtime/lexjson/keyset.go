package lexjson

// smallObject is the number of keys up to which looking through all of them
// is quicker than a map.
const smallObject = 16

// A keySet holds the keys that an open object has had so far. The first
// smallObject of them lie on the stack Reader.keys, above those of the
// objects around it; a larger object has all of them in Reader.large, which
// keeps the time that a hostile document takes linear.
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

// add adds key and reports whether it is new.
func (s *keySet) add(r *Reader, key string) bool {
	if len(r.keys)-s.first >= smallObject {
		return s.addLarge(r, key)
	}
	bit := keyBit(key)
	if s.maybe&bit != 0 {
		for _, k := range r.keys[s.first:] {
			if k == key {
				return false
			}
		}
	}
	s.maybe |= bit
	r.keys = append(r.keys, key)
	return true
}

func (s *keySet) addLarge(r *Reader, key string) bool {
	if r.large == nil {
		r.large = make(map[largeKey]struct{})
	}
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
		if s.number > 0 {
			if _, ok := r.large[largeKey{s.number, key}]; !ok {
				r.ReportMember(key, "is required")
			}
			continue
		}
		if i := indexFrom(keys, next, key); i >= 0 {
			next = i + 1
		} else {
			r.ReportMember(key, "is required")
		}
	}
}

// indexFrom returns the index of key in keys, or -1. It looks at those from
// start on first.
func indexFrom(keys []string, start int, key string) int {
	for i := start; i < len(keys); i++ {
		if keys[i] == key {
			return i
		}
	}
	for i := range start {
		if keys[i] == key {
			return i
		}
	}
	return -1
}

// keyBit returns one of 64 bits for key. Equal keys have the same bit, so that
// a key whose bit is not among those of other keys differs from all of them.
func keyBit(key string) uint64 {
	n := len(key)
	if n == 0 {
		return 1
	}
	return 1 << ((uint(n)*7 + uint(key[0])*5 + uint(key[n-1])*3 + uint(key[n/2])) % 64)
}
