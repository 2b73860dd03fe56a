package account

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// A phc is a password hash with what is needed to compute it again.
//
// See https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md.
type phc struct {
	params Argon2Params
	salt   []byte
	key    []byte
}

// Bounds of what parsePHC accepts, in bytes.
const (
	minPHCSalt, maxPHCSalt = 8, 64
	minPHCKey, maxPHCKey   = 16, 64
)

var errNotPHC = errors.New("not a PHC string of Argon2id") // never with the string: it is a secret

// String returns the PHC string, such as
// $argon2id$v=19$m=47104,t=1,p=1$c2FsdHNhbHRzYWx0c2Fs$a2V5...
func (h phc) String() string {
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.params.MemoryKiB, h.params.Passes, h.params.Threads, encode(h.salt), encode(h.key))
}

// parsePHC reads what String returns, and only that: each hash has one spelling.
func parsePHC(s string) (phc, error) {
	fields := strings.Split(s, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, errNotPHC
	}
	params, ok := parsePHCParams(fields[3])
	if !ok || !params.valid() {
		return phc{}, errNotPHC
	}
	decode := base64.RawStdEncoding.Strict().DecodeString
	salt, err := decode(fields[4])
	if err != nil || len(salt) < minPHCSalt || len(salt) > maxPHCSalt {
		return phc{}, errNotPHC
	}
	key, err := decode(fields[5])
	if err != nil || len(key) < minPHCKey || len(key) > maxPHCKey {
		return phc{}, errNotPHC
	}
	h := phc{params: params, salt: salt, key: key}
	if h.String() != s {
		return phc{}, errNotPHC
	}
	return h, nil
}

// parsePHCParams reads m=47104,t=1,p=1.
func parsePHCParams(s string) (Argon2Params, bool) {
	fields := strings.Split(s, ",")
	if len(fields) != 3 {
		return Argon2Params{}, false
	}
	memory, okM := parsePHCNumber(fields[0], "m=", 32)
	passes, okT := parsePHCNumber(fields[1], "t=", 32)
	threads, okP := parsePHCNumber(fields[2], "p=", 8)
	params := Argon2Params{MemoryKiB: uint32(memory), Passes: uint32(passes), Threads: uint8(threads)}
	return params, okM && okT && okP
}

func parsePHCNumber(field, prefix string, bits int) (uint64, bool) {
	digits, ok := strings.CutPrefix(field, prefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, bits)
	return n, err == nil
}
