package xrpc_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// FuzzPathForm checks that the reader and the checker name a place alike: that is how the checker
// knows which constraints are about values that are not there.
func FuzzPathForm(f *testing.F) {
	for _, name := range []string{"a", "png_128", "cid-link", "$type", "a.b", "a[0]", "ünï", "\n", strings.Repeat("é", 50)} {
		f.Add(name, 3)
	}
	f.Fuzz(func(t *testing.T, name string, index int) {
		if name == "" || index < 0 || index > 50 {
			return
		}
		key, err := lexjson.Marshal(text(name))
		if err != nil {
			return // not UTF-8, so no reader sees it
		}
		var c validate.Checker
		r := lexjson.NewReader([]byte(`{`+string(key)+`:[`+strings.Repeat("true,", index)+`1]}`), &c)
		object := r.Object()
		for object.Next() {
			array := r.Array()
			for array.Next() {
				r.Bool()
			}
		}
		c.Enter(name)
		c.EnterItem("", index)
		c.Fail("", "is no news")
		var all *validate.Errors
		if !errors.As(c.Err(), &all) || all.Total != 1 {
			t.Errorf("%s[%d]: got %v, want what the reader reports and nothing else", strconv.Quote(name), index, c.Err())
		}
	})
}

type text string

func (s text) EncodeJSON(w *lexjson.Writer) { w.String(string(s)) }
