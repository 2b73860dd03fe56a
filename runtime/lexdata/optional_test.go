package lexdata_test

import (
	"encoding/json"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// A profile is what one writes by hand for encoding/json.
type profile struct {
	Name   lexdata.Opt[string]           `json:"name,omitzero"`
	Age    lexdata.Opt[int64]            `json:"age,omitzero"`
	Banner lexdata.Null[string]          `json:"banner"`
	Swap   lexdata.OptNull[string]       `json:"swap,omitzero"`
	Hash   lexdata.Opt[lexdata.Bytes]    `json:"hash,omitzero"`
	Parent lexdata.OptNull[*profile]     `json:"parent,omitzero"`
	Other  lexdata.Opt[lexdata.Unknown]  `json:"other,omitzero"`
	Tags   lexdata.Opt[map[string]int64] `json:"tags,omitzero"`
}

func TestOptionalRoundTrip(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"absent":       `{"banner":null}`,
		"zero values":  `{"name":"","age":0,"banner":"","swap":"","hash":{"$bytes":""},"other":{},"tags":{}}`,
		"null":         `{"banner":null,"swap":null,"parent":null}`,
		"values":       `{"name":"n","age":-1,"banner":"b","swap":"s","hash":{"$bytes":"AQI"},"other":{"x":[1,null]},"tags":{"a":1}}`,
		"inner object": `{"banner":"b","parent":{"name":"p","banner":null,"swap":null}}`,
	}
	for name, input := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p profile
			if err := json.Unmarshal([]byte(input), &p); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != input {
				t.Errorf("got %s, want %s", got, input)
			}
		})
	}
}

func TestOptionalErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"null for Opt":       `{"name":null}`,
		"type in Opt":        `{"name":5}`,
		"type in Null":       `{"banner":5}`,
		"type in OptNull":    `{"swap":[]}`,
		"within Bytes":       `{"hash":{"$bytes":"*"}}`,
		"Unknown that is []": `{"other":[]}`,
	}
	for name, input := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := profile{Name: lexdata.Some("old"), Banner: lexdata.NonNull("old"), Swap: lexdata.SomeNull[string]()}
			if err := json.Unmarshal([]byte(input), &p); err == nil {
				t.Errorf("%s was accepted as %+v", input, p)
			}
		})
	}
	for name, value := range map[string]json.Marshaler{
		"Opt":     lexdata.Opt[string]{},
		"OptNull": lexdata.OptNull[string]{},
	} {
		if got, err := value.MarshalJSON(); err == nil {
			t.Errorf("an absent %s was written as %s", name, got)
		}
	}
}

func TestOptionalStates(t *testing.T) {
	t.Parallel()
	absent, some := lexdata.Opt[int]{}, lexdata.Some(0)
	if _, ok := absent.Get(); ok || !absent.IsZero() || absent.Or(7) != 7 {
		t.Errorf("the zero Opt is %+v", absent)
	}
	if value, ok := some.Get(); !ok || value != 0 || some.IsZero() || some.Or(7) != 0 {
		t.Errorf("Some(0) is %+v", some)
	}
	null, nonNull := lexdata.Null[int]{}, lexdata.NonNull(0)
	if _, ok := null.Get(); ok || !null.IsNull() || null.Or(7) != 7 {
		t.Errorf("the zero Null is %+v", null)
	}
	if value, ok := nonNull.Get(); !ok || value != 0 || nonNull.IsNull() || nonNull.Or(7) != 0 {
		t.Errorf("NonNull(0) is %+v", nonNull)
	}
	for name, test := range map[string]struct {
		value              lexdata.OptNull[int]
		ok, isNull, isZero bool
		or                 int
	}{
		"absent": {value: lexdata.OptNull[int]{}, isZero: true, or: 7},
		"null":   {value: lexdata.SomeNull[int](), isNull: true, or: 7},
		"value":  {value: lexdata.SomeNonNull(0), ok: true},
	} {
		_, ok := test.value.Get()
		if ok != test.ok || test.value.IsNull() != test.isNull || test.value.IsZero() != test.isZero || test.value.Or(7) != test.or {
			t.Errorf("%s: got %+v", name, test.value)
		}
	}
}

func TestUnmarshalReplaces(t *testing.T) {
	t.Parallel()
	swap := lexdata.SomeNull[string]()
	if err := json.Unmarshal([]byte(`"s"`), &swap); err != nil || swap != lexdata.SomeNonNull("s") {
		t.Errorf("null became %+v, %v", swap, err)
	}
	if err := json.Unmarshal([]byte(` null `), &swap); err != nil || swap != lexdata.SomeNull[string]() {
		t.Errorf("a value became %+v, %v", swap, err)
	}
	tags := lexdata.Some(map[string]int{"old": 1})
	if err := json.Unmarshal([]byte(`{"new":2}`), &tags); err != nil || len(tags.Or(nil)) != 1 {
		t.Errorf("the old value shows in %+v, %v", tags, err)
	}
}
