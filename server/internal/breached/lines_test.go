package breached

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func linesOf(text string) lines {
	return lines{text: strings.NewReader(text), size: int64(len(text))}
}

// digit returns the text of a hash of which all digits are the same.
func digit(d string) string {
	return strings.Repeat(d, hashDigits)
}

// parseHash reads a hash from its text.
func parseHash(t *testing.T, text string) hash {
	t.Helper()
	bytes, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return hash(bytes)
}

// Each hash of a list is found and no other one, however its lines are written.
func TestContains(t *testing.T) {
	t.Parallel()
	lists := []struct {
		name string
		text string
		has  string // the digits of its hashes
	}{
		{"counts", digit("1") + ":3\n" + digit("5") + ":1\n" + digit("C") + ":24230577\n", "15c"},
		{"no counts", digit("1") + "\n" + digit("5") + "\n" + digit("C") + "\n", "15c"},
		{"counts here and there", digit("1") + "\n" + digit("5") + ":12345678901234567890\n" + digit("C") + "\n", "15c"},
		{"carriage returns", digit("1") + ":3\r\n" + digit("5") + ":1\r\n" + digit("C") + "\r\n", "15c"},
		{"no end of the last line", digit("1") + ":3\n" + digit("5") + ":1\n" + digit("C") + ":2", "15c"},
		{"no count and no end of the last line", digit("1") + ":3\n" + digit("C"), "1c"},
		{"small letters", digit("1") + ":3\n" + digit("a") + ":1\n" + digit("c") + ":2\n", "1ac"},
		{"letters of both kinds", digit("a") + ":1\n" + digit("B") + ":2\n" + digit("c") + ":3\n", "abc"},
		{"one line", digit("7") + ":1\n", "7"},
		{"one line without an end", digit("7"), "7"},
		{"the first and the last hash that there are", digit("0") + ":1\n" + digit("F") + ":1\n", "0f"},
		{"a hash twice", digit("3") + ":1\n" + digit("3") + ":1\n" + digit("4") + ":1\n", "34"},
	}
	for _, list := range lists {
		t.Run(list.name, func(t *testing.T) {
			t.Parallel()
			l := linesOf(list.text)
			if err := l.check(); err != nil {
				t.Fatalf("check: %v", err)
			}
			for _, d := range strings.Split("0123456789abcdef", "") {
				got, err := l.contains(parseHash(t, digit(d)))
				if want := strings.Contains(list.has, d); err != nil || got != want {
					t.Errorf("%s: got %t, %v, want %t", d, got, err, want)
				}
			}
		})
	}
}

// What is no list is known by its beginning or its end.
func TestCheck(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(digit("5")+":1\n", 2*firstLines)
	tests := []struct {
		name string
		text string
		want string
	}{
		{"empty", "", "the list is empty"},
		{"empty line", "\n", "line 1 is not a SHA-1 hash in hexadecimal, with a count or without"},
		{"text", "password\n123456\n", "line 1 is not"},
		{"a mark of the byte order", "\ufeff" + digit("1") + ":1\n", "line 1 is not"},
		{"a hash of another kind", digit("1")[:32] + ":1\n", "line 1 is not"},
		{"a longer hash", digit("1") + "1\n", "line 1 is not"},
		{"no hexadecimal digit", strings.Replace(digit("1"), "1", "g", 1) + "\n", "line 1 is not"},
		{"colon without a count", digit("1") + ":\n", "line 1 is not"},
		{"count that is no number", digit("1") + ":many\n", "line 1 is not"},
		{"negative count", digit("1") + ":-1\n", "line 1 is not"},
		{"long count", digit("1") + ":" + strings.Repeat("1", maxCount+1) + "\n", "line 1 is not"},
		{"space at the end", digit("1") + " \n", "line 1 is not"},
		{"second line", digit("1") + "\nx\n" + digit("2") + "\n", "line 2 is not"},
		{"very long line", strings.Repeat("1", 1<<20) + "\n", "line 1 is not"},
		{"very long line without an end", strings.Repeat("1", 1<<20), "line 1 is not"},
		{"very long second line", digit("1") + "\n" + strings.Repeat("2", 1<<20) + "\n", "line 2 is not"},
		{"line that begins like one", digit("1") + ":1" + strings.Repeat(" ", 1<<20) + "\n", "line 1 is not"},
		{"unsorted", digit("2") + ":1\n" + digit("3") + ":1\n" + digit("1") + ":1\n", "the lines are not sorted by hash: line 3 comes before line 2"},
		{"last line before the first ones", many + digit("4") + ":1\n", "the lines are not sorted by hash: the last one comes before the first ones"},
		{"last line is none", many + "end\n", "the last line is not"},
		{"empty line at the end", many + "\n", "the last line is not"},
		{"very long last line", many + strings.Repeat("6", 1<<20), "the last line is not"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := linesOf(test.text).check()
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// A search that comes to what is in disorder, or is no line, does not end with an answer.
func TestContainsFaults(t *testing.T) {
	t.Parallel()
	const five = "5555555555555555555555555555555555555555"
	tests := []struct {
		name string
		list lines
		want string
	}{
		{"no line in the middle", linesOf(digit("1") + "\n" + strings.Repeat("nonsense\n", 100) + digit("6") + "\n"), "a line is not a SHA-1 hash in hexadecimal, with a count or without"},
		{"too small in the middle", linesOf(digit("4") + "\n" + digit("2") + "\n" + digit("3") + "\n" + digit("1") + "\n" + digit("6") + "\n"), errUnsorted.Error()},
		{"too great in the middle", linesOf(digit("1") + "\n" + digit("9") + "\n" + digit("7") + "\n" + digit("8") + "\n" + digit("a") + "\n"), errUnsorted.Error()},
		{"shorter than before", lines{text: strings.NewReader(digit("1") + "\n"), size: 1 << 20}, io.ErrUnexpectedEOF.Error()},
		{"not to be read", lines{text: broken{}, size: 1 << 20}, errBroken.Error()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found, err := test.list.contains(parseHash(t, five))
			if found || err == nil || err.Error() != test.want {
				t.Errorf("got %t, %v, want %s", found, err, test.want)
			}
		})
	}
	if err := (lines{text: broken{}, size: 1}).check(); !errors.Is(err, errBroken) {
		t.Errorf("check: got %v, want %v", err, errBroken)
	}
}

var errBroken = errors.New("input/output error")

// broken is a file on a broken disk.
type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, errBroken }

// A list as long as those that are published is searched with few small reads.
func TestContainsReadsLittle(t *testing.T) {
	t.Parallel()
	const number = 1_000_000_000
	text := &endless{}
	l := lines{text: text, size: number * endlessLine}
	random := rand.New(rand.NewPCG(3, 4))
	wanted := []uint64{0, 1, 2, 2*number - 4, 2*number - 3, 2*number - 2, 2*number - 1, 2 * number}
	for range 1000 {
		wanted = append(wanted, random.Uint64N(2*number))
	}
	for _, n := range wanted {
		text.reads, text.bytes = 0, 0
		found, err := l.contains(numbered(n))
		if want := n%2 == 0 && n < 2*number; err != nil || found != want {
			t.Fatalf("hash %d: got %t, %v, want %t", n, found, err, want)
		}
		if text.reads > 36 || text.bytes > 36*2*maxLine {
			t.Fatalf("hash %d: %d reads of %d bytes in all", n, text.reads, text.bytes)
		}
	}
}

// numbered returns hashes in the order of their numbers.
func numbered(n uint64) hash {
	var h hash
	binary.BigEndian.PutUint64(h[:], n)
	return h
}

// endlessLine is the length of a line of endless.
const endlessLine = int64(hashDigits + len(":1\n"))

// endless is the text of a list of the hashes that have even numbers. It counts what is read of it.
type endless struct {
	reads int
	bytes int
}

func (e *endless) ReadAt(p []byte, offset int64) (int, error) {
	e.reads++
	e.bytes += len(p)
	number, column := uint64(offset/endlessLine), offset%endlessLine
	var text []byte
	for int64(len(text)) < column+int64(len(p)) {
		text = fmt.Appendf(text, "%X:1\n", numbered(2*number))
		number++
	}
	return copy(p, text[column:]), nil
}

// A search finds what a map does.
func TestContainsLikeMap(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		want := map[hash]bool{}
		for range random.IntN(1 << (round % 10)) {
			want[randomHash(random)] = true
		}
		want[randomHash(random)] = true // so that there is one
		l := linesOf(randomList(random, want))
		if err := l.check(); err != nil {
			t.Fatalf("round %d: check: %v", round, err)
		}
		asked := make([]hash, 0, 3*len(want))
		for h := range want {
			next := h
			next[sha1.Size-1]++
			asked = append(asked, h, next, randomHash(random))
		}
		for _, h := range asked {
			if got, err := l.contains(h); err != nil || got != want[h] {
				t.Fatalf("round %d, %d lines, %x: got %t, %v, want %t", round, len(want), h, got, err, want[h])
			}
		}
	}
}

func randomHash(random *rand.Rand) hash {
	h := numbered(random.Uint64())
	binary.BigEndian.PutUint64(h[sha1.Size-8:], random.Uint64())
	return h
}

// randomList writes a list with each line in one of the ways that there are.
func randomList(random *rand.Rand, hashes map[hash]bool) string {
	var sorted []hash
	for h := range hashes {
		sorted = append(sorted, h)
	}
	slices.SortFunc(sorted, hash.compare)
	var b strings.Builder
	for _, h := range sorted {
		fmt.Fprintf(&b, []string{"%x", "%X"}[random.IntN(2)], h)
		if random.IntN(2) == 0 {
			fmt.Fprintf(&b, ":%d", random.Uint64()>>random.IntN(64))
		}
		b.WriteString([]string{"\n", "\r\n"}[random.IntN(2)])
	}
	text := b.String()
	if random.IntN(2) == 0 {
		text = strings.TrimRight(text, "\r\n")
	}
	return text
}

var wellFormed = regexp.MustCompile(`^[0-9A-Fa-f]{40}(:[0-9]{1,20})?\r?\n?$`)

// readAll returns the hashes of a text as one finds them who reads all of it, unless it is no list.
func readAll(text string) (hashes []hash, isList bool) {
	for line := range strings.Lines(text) {
		if !wellFormed.MatchString(line) {
			return nil, false
		}
		decoded, err := hex.DecodeString(line[:hashDigits])
		if err != nil {
			return nil, false
		}
		hashes = append(hashes, hash(decoded))
	}
	return hashes, len(hashes) > 0 && slices.IsSortedFunc(hashes, hash.compare)
}

// Whatever is in a file, a search ends. If that is a list, it finds what is in it.
func FuzzContains(f *testing.F) {
	one, two := digit("1"), digit("2")
	for _, text := range []string{
		"", "\n", "\r\n\r\n", one, one + "\n", one + ":1\r\n" + two + ":2\r\n", two + "\n" + one + "\n",
		one + "\n\n" + two, one + ":" + strings.Repeat("9", 30), strings.Repeat("1", 500), one + "\n" + strings.Repeat("x\n", 200) + two,
	} {
		f.Add([]byte(text), []byte(one))
	}
	f.Fuzz(func(t *testing.T, text, key []byte) {
		wanted := hash(sha1.Sum(key))
		if decoded, err := hex.DecodeString(string(key)); err == nil && len(decoded) == len(wanted) {
			wanted = hash(decoded)
		}
		l := linesOf(string(text))
		checked := l.check()
		got, err := l.contains(wanted)
		hashes, isList := readAll(string(text))
		switch {
		case isList && (checked != nil || err != nil):
			t.Errorf("a list is refused: check %v, search %v", checked, err)
		case isList && got != slices.Contains(hashes, wanted):
			t.Errorf("got %t, want %t", got, !got)
		case got && !bytes.Contains(bytes.ToUpper(text), fmt.Appendf(nil, "%X", wanted)):
			t.Error("a hash is found that is not there")
		}
		for _, h := range hashes {
			if found, err := l.contains(h); isList && (err != nil || !found) {
				t.Errorf("%x is not found: %v", h, err)
			}
		}
	})
}
