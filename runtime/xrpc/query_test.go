package xrpc_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/validate"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

type (
	amount int64
	choice bool
)

// TestQueryNamed is about parameters that have a type with a name.
func TestQueryNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, query, want, problem string }{
		{"values", "n=7&ns=1&ns=-2&b=true&bs=false&bs=true", "7 [1 -2] true [false true]", ""},
		{"absent", "n=&ns=&x=1", "-1 [] false []", ""},
		{"false", "b=false", "-1 [] false []", ""},
		{"integer", "n=1.5", "-1 [] false []", "n must be an integer"},
		{"integers", "ns=1&ns=x", "-1 [1 0] false []", "ns[1] must be an integer"},
		{"boolean", "b=1", "-1 [] false []", "b must be true or false"},
		{"booleans", "bs=true&bs=yes", "-1 [] false [true false]", "bs[1] must be true or false"},
		{"two values", "n=1&n=2", "-1 [] false []", "n must have one value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			var c validate.Checker
			q := xrpc.NewQueryReader(values, &c)
			got := fmt.Sprint(xrpc.QueryInt[amount](q, "n").Or(-1), xrpc.QueryInts[amount](q, "ns"),
				xrpc.QueryBool[choice](q, "b").Or(false), xrpc.QueryBools[choice](q, "bs"))
			problem := ""
			if err := c.Err(); err != nil {
				problem = err.Error()
			}
			if got != test.want || problem != test.problem {
				t.Errorf("got %s, %q, want %s, %q", got, problem, test.want, test.problem)
			}
		})
	}
}
