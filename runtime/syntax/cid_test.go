package syntax_test

import (
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseCID(t *testing.T) {
	t.Parallel()
	const badChar = "has a character other than letters, digits, + and ="
	testParse(t, syntax.CIDFormat, syntax.ParseCID, []parseCase{
		{"base32", "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a", ""},
		{"base58", "zdj7WhuEjrB52m1BisYCtmjH1hSKa7yZ3jEZ9JcXaFRD51wVz", ""},
		{"base16", "f01711220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""},
		{"base64", "mAXESIOOwxEKY/BwUmvv0yJlvuSQnrkHkZJuTTKSVmRt4UrhV"[:12] + "+=", ""},
		{"decimal digits", "7134036155352661643226414134664076", ""},
		{"8 bytes", "12345678", ""},
		{"256 bytes", strings.Repeat("b", 256), ""},
		{"Qm of 45 bytes", "Qm" + strings.Repeat("a", 43), ""},
		{"Qm of 47 bytes", "Qm" + strings.Repeat("a", 45), ""},
		{"46 bytes without Qm", strings.Repeat("a", 46), ""},

		{"empty", "", "is empty"},
		{"dot", ".", "is shorter than 8 bytes"},
		{"digits", "12345", "is shorter than 8 bytes"},
		{"7 bytes", "bafyrei", "is shorter than 8 bytes"},
		{"257 bytes", strings.Repeat("b", 257), "is longer than 256 bytes"},
		{"version 0", "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "is a CID of version 0"},
		{"scheme", "cid:bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a", badChar},
		{"slash", "mAXESIOOwxEKY/BwUmvv0", badChar},
		{"underscore", "uAXESIOOwxEKY_BwUmvv0", badChar},
		{"hyphen", "uAXESIOOwxEKY-BwUmvv0", badChar},
		{"inner space", "bafyrei dfayvfuwqa7", badChar},
		{"non-ASCII", "bafyreié", badChar},
	})
}

func FuzzCID(f *testing.F) {
	for _, s := range []string{
		"bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a", "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
		"12345678", "1234567", "cid:12345678", "abcdefg+=",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkInvariants(t, syntax.CIDFormat, syntax.ParseCID, s)
	})
}
