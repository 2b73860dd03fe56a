package lexdata_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

// The three states of a field that is optional and nullable.
func ExampleOptNull() {
	var record struct {
		Swap lexdata.OptNull[string] `json:"swap,omitzero"`
	}
	for _, swap := range []lexdata.OptNull[string]{{}, lexdata.SomeNull[string](), lexdata.SomeNonNull("abc")} {
		record.Swap = swap
		data, err := json.Marshal(record)
		fmt.Println(string(data), err)
	}
	// Output:
	// {} <nil>
	// {"swap":null} <nil>
	// {"swap":"abc"} <nil>
}

// A field of type unknown holds a record; note is a generated type.
func ExampleAs() {
	unknown, err := lexdata.NewUnknown(&note{Text: "hello"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(unknown.Type())
	value, err := lexdata.As[note](unknown)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(value.Text)
	// Output:
	// com.example.note
	// hello
}

// Unmarshal finds everything that is wrong with the structure of a value.
func ExampleUnmarshal() {
	var object lexdata.Object
	err := lexdata.Unmarshal([]byte(`{"size": 0.5, "file": {"$link": "."}}`), &object)
	fmt.Println(err)
	// Output: size must be an integer (and 1 more)
}

// Decode checks structure and constraints in one go, as a server does with what
// it is sent; note is a generated type.
func ExampleDecode() {
	var value note
	data := []byte(`{"$type": "com.example.note", "text": "more than ten", "hash": 5}`)
	err := lexdata.Decode(data, &value, lexdata.Options{})
	var problems *validate.Errors
	if errors.As(err, &problems) {
		for _, problem := range problems.List {
			fmt.Println(problem)
		}
	}
	// Output:
	// hash must be an object
	// text must have a length of at most 10
}
