package plc

import (
	"encoding/hex"
	"strings"
	"testing"
)

// The examples are those of https://www.rfc-editor.org/rfc/rfc8949#appendix-A.
func TestDAGCBOR(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		value cborValue
		want  string
	}{
		{"null", cborNull{}, "f6"},
		{"empty text", cborText(""), "60"},
		{"text", cborText("IETF"), "6449455446"},
		{"text beyond ASCII", cborText("\u6c34"), "63e6b0b4"},
		{"empty array", cborArray{}, "80"},
		{"array", cborArray{cborText("a"), cborNull{}}, "826161f6"},
		{"empty map", cborMap{}, "a0"},
		{"map in order", cborMap{{"a", cborText("A")}, {"b", cborText("B")}}, "a26161614161626142"},
		{"map out of order", cborMap{{"b", cborText("B")}, {"a", cborText("A")}}, "a26161614161626142"},
		{"shorter keys first", cborMap{{"aa", cborNull{}}, {"b", cborNull{}}}, "a26162f6626161f6"},
		{"nested", cborArray{cborText("a"), cborMap{{"b", cborText("c")}}}, "826161a161626163"},
		{"23 bytes", cborText(strings.Repeat("x", 23)), "77" + strings.Repeat("78", 23)},
		{"24 bytes", cborText(strings.Repeat("x", 24)), "7818" + strings.Repeat("78", 24)},
		{"255 bytes", cborText(strings.Repeat("x", 255)), "78ff" + strings.Repeat("78", 255)},
		{"256 bytes", cborText(strings.Repeat("x", 256)), "790100" + strings.Repeat("78", 256)},
		{"65536 bytes", cborText(strings.Repeat("x", 65536)), "7a00010000" + strings.Repeat("78", 65536)},
	}
	for _, tt := range tests {
		if got := hex.EncodeToString(tt.value.appendTo(nil)); got != tt.want {
			t.Errorf("%s: got %.80s, want %.80s", tt.name, got, tt.want)
		}
	}
}
