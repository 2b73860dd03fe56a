package lexdata_test

import (
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// TestLargeIntegers demands that integers which not every implementation can
// read are found wherever the schema does not say what is there.
func TestLargeIntegers(t *testing.T) {
	t.Parallel()
	const start = `{"$type":"com.example.note","text":"t","hash":{"$bytes":""},`
	for name, test := range map[string]struct{ input, want string }{
		"extra":           {`"x":9007199254740992}`, "x must be an integer of at most 53 bits"},
		"in a list":       {`"x":[1,{"y":[-9007199254740992]}]}`, "x[1].y[0] must be an integer of at most 53 bits"},
		"unknown variant": {`"embed":{"$type":"net.other.thing","n":9007199254740992}}`, "embed.n must be an integer of at most 53 bits"},
		"largest":         {`"x":9007199254740991}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var strict, lenient note
			checkError(t, lexdata.Decode([]byte(start+test.input), &strict, lexdata.Options{}), test.want)
			checkError(t, lexdata.Decode([]byte(start+test.input), &lenient, lexdata.Options{Lenient: true}), "")
		})
	}
}
