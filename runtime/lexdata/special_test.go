package lexdata_test

import (
	"bytes"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/validate"
)

const (
	dataCID = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq" // codec dag-cbor
	blobCID = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq" // codec raw
)

func TestBytesDecode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		input string
		want  string
		err   string
	}{
		"empty":               {input: `{"$bytes":""}`},
		"unpadded":            {input: `{"$bytes":"YQ"}`, want: "a"},
		"padded":              {input: `{"$bytes":"YQ=="}`, want: "a"},
		"one pad":             {input: `{"$bytes":"YWI="}`, want: "ab"},
		"whole groups":        {input: `{"$bytes":"YWJj"}`, want: "abc"},
		"standard alphabet":   {input: `{"$bytes":"+/+/"}`, want: "\xfb\xff\xbf"},
		"spare bits":          {input: `{"$bytes":"123"}`, want: "\xd7\x6d"},
		"escaped":             {input: `{"\u0024bytes":"Y\u0051"}`, want: "a"},
		"URL alphabet":        {input: `{"$bytes":"-_-_"}`, err: "$bytes must be base64"},
		"line feed":           {input: `{"$bytes":"YW\nJj"}`, err: "$bytes must be base64"},
		"carriage return":     {input: `{"$bytes":"YWJj\r"}`, err: "$bytes must be base64"},
		"wrong padding":       {input: `{"$bytes":"YQ="}`, err: "$bytes must be base64"},
		"padding of nothing":  {input: `{"$bytes":"YWJj===="}`, err: "$bytes must be base64"},
		"padding alone":       {input: `{"$bytes":"="}`, err: "$bytes must be base64"},
		"one character":       {input: `{"$bytes":"Y"}`, err: "$bytes must be base64"},
		"space":               {input: `{"$bytes":"Y Q"}`, err: "$bytes must be base64"},
		"array":               {input: `{"$bytes":[1,2,3]}`, err: "$bytes must be a string"},
		"another key":         {input: `{"$bytes":"YQ","x":1}`, err: "x is not allowed beside $bytes"},
		"without dollar sign": {input: `{"bytes":"YQ"}`, err: "bytes is not allowed beside $bytes (and 1 more)"},
		"string":              {input: `"YQ"`, err: "the value must be an object"},
		"null":                {input: `null`, err: "the value must be an object"},
		"empty object":        {input: `{}`, err: "$bytes is required"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got lexdata.Bytes
			err := lexdata.Unmarshal([]byte(test.input), &got)
			checkError(t, err, test.err)
			if err == nil && string(got) != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBytesEncode(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"":             `{"$bytes":""}`,
		"a":            `{"$bytes":"YQ"}`,
		"\xfb\xff\xbf": `{"$bytes":"+/+/"}`,
	} {
		got, err := json.Marshal(lexdata.Bytes(input))
		if err != nil || string(got) != want {
			t.Errorf("%q: got %s and error %v, want %s", input, got, err, want)
		}
	}
}

func TestCIDLinkValid(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want bool
	}{
		"dag-cbor":                {dataCID, true},
		"raw":                     {blobCID, true},
		"identity hash":           {cidText(1, 0x55, 0, 0), true},
		"SHA-512":                 {cidText(append([]byte{1, 0x55, 0x13, 64}, make([]byte, 64)...)...), true},
		"long varint":             {cidText(1, 0x80, 0x01, 0, 1, 7), true},
		"empty":                   {"", false},
		"multibase prefix alone":  {"b", false},
		"point":                   {".", false},
		"version 0":               {"QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR", false},
		"version 0 in base32":     {cidText(append([]byte{0x12, 32}, make([]byte, 32)...)...), false},
		"version 2":               {cidText(2, 0x55, 0, 0), false},
		"another multibase":       {"f" + "01550000", false},
		"upper case":              {"B" + strings.ToUpper(dataCID[1:]), false},
		"upper-case letter":       {"bA" + dataCID[2:], false},
		"with path":               {"/ipfs/" + dataCID, false},
		"one character more":      {dataCID + "a", false},
		"one character less":      {dataCID[:len(dataCID)-1], false},
		"hash too long":           {cidText(1, 0x55, 0, 1, 7, 7), false},
		"hash too short":          {cidText(1, 0x55, 0, 2, 7), false},
		"short SHA-256":           {cidText(append([]byte{1, 0x55, 0x12, 16}, make([]byte, 16)...)...), false},
		"spare bits":              {cidText(1, 0x55, 0, 0)[:7] + "b", false},
		"line feed":               {dataCID[:20] + "\n" + dataCID[20:], false},
		"padding":                 {dataCID + "=", false},
		"digit out of alphabet":   {"b1" + dataCID[2:], false},
		"nothing after the codec": {cidText(1, 0x55), false},
		"varint that ends":        {cidText(1, 0x55, 0, 0x80), false},
		"varint not minimal":      {cidText(0x81, 0, 0x55, 0, 0), false},
		"varint of 80 bits":       {cidText(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0), false},
		"too long":                {cidText(append([]byte{1, 0x55, 0x13, 0xa0, 1}, make([]byte, 160)...)...), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := lexdata.CIDLink(test.text).Valid(); got != test.want {
				t.Errorf("%q: got %t, want %t", test.text, got, test.want)
			}
		})
	}
}

var base32Text = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// cidText returns the text of a CID from its binary form.
func cidText(binary ...byte) string {
	return "b" + base32Text.EncodeToString(binary)
}

// FuzzCIDLink compares the check with one that decodes the whole text with the
// standard library.
func FuzzCIDLink(f *testing.F) {
	for _, text := range []string{dataCID, blobCID, cidText(1, 0x55, 0, 0), cidText(1, 0x80, 1, 0x13, 1, 7), "b", "", dataCID + "a"} {
		f.Add(text)
	}
	for i := range dataCID {
		f.Add(dataCID[:i])
		f.Add(dataCID[:i] + "1" + dataCID[i+1:])
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, want := lexdata.CIDLink(text).Valid(), validCID(text); got != want {
			t.Errorf("%q: valid %t, want %t", text, got, want)
		}
	})
}

// validCID is what the text of a link must be, in another way.
func validCID(text string) bool {
	if len(text) > 256 || !strings.HasPrefix(text, "b") || strings.ContainsAny(text, "\r\n") {
		return false
	}
	cid, err := base32Text.DecodeString(text[1:])
	if err != nil || cidText(cid...) != text {
		return false
	}
	var numbers [4]uint64
	for i := range numbers {
		n, size := binary.Uvarint(cid)
		if size <= 0 || len(binary.AppendUvarint(nil, n)) != size {
			return false
		}
		numbers[i], cid = n, cid[size:]
	}
	return numbers[0] == 1 && numbers[3] == uint64(len(cid)) && (numbers[2] != 0x12 || len(cid) == 32)
}

func TestCIDLinkJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ input, err string }{
		"good":         {input: `{"$link":"` + dataCID + `"}`},
		"number":       {input: `{"$link":1234}`, err: "$link must be a string"},
		"point":        {input: `{"$link":"."}`, err: "$link must be a CID of version 1 in base32"},
		"another key":  {input: `{"$link":"` + dataCID + `","x":1}`, err: "x is not allowed beside $link"},
		"plain string": {input: `"` + dataCID + `"`, err: "the value must be an object"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var link lexdata.CIDLink
			err := json.Unmarshal([]byte(test.input), &link)
			checkError(t, err, test.err)
			if err != nil {
				return
			}
			if got, err := json.Marshal(link); err != nil || string(got) != test.input {
				t.Errorf("got %s and error %v, want %s", got, err, test.input)
			}
		})
	}
	if got, err := lexjson.Marshal(lexdata.CIDLink("bad")); err == nil {
		t.Errorf("an invalid link was written as %s", got)
	}
}

func TestBlob(t *testing.T) {
	t.Parallel()
	const (
		ref    = `"ref":{"$link":"` + blobCID + `"}`
		rest   = `,"mimeType":"image/png","size":5}`
		legacy = `{"cid":"` + blobCID + `","mimeType":"image/png"}`
	)
	tests := map[string]struct {
		input   string
		err     string
		lenient string // the error of a lenient Reader, if another
	}{
		"good":               {input: `{"$type":"blob",` + ref + rest},
		"dag-cbor":           {input: `{"$type":"blob","ref":{"$link":"` + dataCID + `"}` + rest},
		"empty file":         {input: `{"$type":"blob",` + ref + `,"mimeType":"image/png","size":0}`},
		"another $type":      {input: `{"$type":"blobs",` + ref + rest, err: "$type must be blob"},
		"$type is a number":  {input: `{"$type":1,` + ref + rest, err: "$type must be blob"},
		"type without $":     {input: `{"type":"blob",` + ref + rest, err: "type is not allowed in a blob (and 1 more)"},
		"no $type":           {input: `{` + ref + rest, err: "$type is required"},
		"no ref":             {input: `{"$type":"blob"` + rest, err: "ref is required"},
		"no size":            {input: `{"$type":"blob",` + ref + `,"mimeType":"a/b"}`, err: "size is required"},
		"size is a string":   {input: `{"$type":"blob",` + ref + `,"mimeType":"a/b","size":"5"}`, err: "size must be an integer"},
		"negative size":      {input: `{"$type":"blob",` + ref + `,"mimeType":"a/b","size":-1}`, err: "size must not be negative"},
		"empty MIME type":    {input: `{"$type":"blob",` + ref + `,"mimeType":"","size":1}`, err: "mimeType must not be empty"},
		"MIME type is null":  {input: `{"$type":"blob",` + ref + `,"mimeType":null,"size":1}`, err: "mimeType must be a string"},
		"bad ref":            {input: `{"$type":"blob","ref":{"$link":"x"}` + rest, err: "ref.$link must be a CID of version 1 in base32"},
		"ref is a string":    {input: `{"$type":"blob","ref":"` + blobCID + `"` + rest, err: "ref must be an object"},
		"another key":        {input: `{"$type":"blob","x":{},` + ref + rest, err: "x is not allowed in a blob"},
		"string":             {input: `"blob"`, err: "the value must be a blob"},
		"old form":           {input: legacy, err: "cid is not allowed in a blob (and 3 more)", lenient: "none"},
		"old form and more":  {input: legacy[:len(legacy)-1] + `,"size":1}`, err: "cid is not allowed in a blob (and 2 more)", lenient: "the value must be a blob, in the old form with exactly cid and mimeType"},
		"old form, bad CID":  {input: `{"cid":"x","mimeType":"a/b"}`, err: "cid is not allowed in a blob (and 3 more)", lenient: "cid must be a CID of version 1 in base32"},
		"old form, no type":  {input: `{"cid":"` + blobCID + `"}`, err: "cid is not allowed in a blob (and 4 more)", lenient: "the value must be a blob, in the old form with exactly cid and mimeType"},
		"old form, CID null": {input: `{"cid":null,"mimeType":"a/b"}`, err: "cid is not allowed in a blob (and 3 more)", lenient: "cid must be a string (and 1 more)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var strict, lenient lexdata.Blob
			err := lexdata.Decode([]byte(test.input), &strict, lexdata.Options{StructureOnly: true})
			checkError(t, err, test.err)
			wantLenient := test.err
			switch test.lenient {
			case "":
			case "none":
				wantLenient = ""
			default:
				wantLenient = test.lenient
			}
			err = lexdata.Unmarshal([]byte(test.input), &lenient)
			checkError(t, err, wantLenient)
			if err != nil {
				return
			}
			if old := test.lenient != ""; lenient.Legacy() != old || (lenient.Size == -1) != old {
				t.Errorf("got %+v, want old form %t", lenient, old)
			}
			if got, err := json.Marshal(lenient); err != nil || string(got) != test.input {
				t.Errorf("got %s and error %v, want %s", got, err, test.input)
			}
		})
	}
}

func TestBlobThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, blob := range map[string]lexdata.Blob{
		"zero value":    {},
		"no MIME type":  {Ref: blobCID, Size: 1},
		"no ref":        {MIMEType: "a/b", Size: 1},
		"negative size": {Ref: blobCID, MIMEType: "a/b", Size: -1},
	} {
		if got, err := json.Marshal(blob); err == nil {
			t.Errorf("%s: written as %s", name, got)
		}
	}
}

// TestCheck checks values of which a Reader would take only the good ones; what
// is found has the same path and problem as there. Writing refuses the same.
func TestCheck(t *testing.T) {
	t.Parallel()
	var old lexdata.Blob
	if err := lexdata.Unmarshal([]byte(`{"cid":"`+blobCID+`","mimeType":"image/png"}`), &old); err != nil {
		t.Fatal(err)
	}
	bad, without := old, old
	bad.Ref = "x"
	without.MIMEType = ""
	const notACID = "must be a CID of version 1 in base32"
	tests := map[string]struct {
		value validate.Checkable
		want  []string
	}{
		"link":                   {lexdata.CIDLink(dataCID), nil},
		"no link":                {lexdata.CIDLink(""), []string{"v.$link " + notACID}},
		"blob":                   {theBlob, nil},
		"empty file":             {lexdata.Blob{Ref: blobCID, MIMEType: "a/b"}, nil},
		"bad ref":                {lexdata.Blob{Ref: "x", MIMEType: "a/b"}, []string{"v.ref.$link " + notACID}},
		"negative size":          {lexdata.Blob{Ref: blobCID, MIMEType: "a/b", Size: -1}, []string{"v.size must not be negative"}},
		"no blob":                {lexdata.Blob{}, []string{"v.ref.$link " + notACID, "v.mimeType must not be empty"}},
		"old form":               {old, nil},
		"old form, bad CID":      {bad, []string{"v.cid " + notACID}},
		"old form, no MIME type": {without, []string{"v.mimeType must not be empty"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := validate.Checker{Lenient: true} // lest the old form be a violation in itself
			c.Within("v", test.value)
			if got := violations(t, c.Err()); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got, err := json.Marshal(test.value); (err == nil) != (test.want == nil) {
				t.Errorf("written as %s with error %v", got, err)
			}
		})
	}
}

// TestOldFormIsNoLongerValid demands that a blob in the old form, which can be read and written, is
// not taken for valid.
func TestOldFormIsNoLongerValid(t *testing.T) {
	t.Parallel()
	var old lexdata.Blob
	if err := lexdata.Unmarshal([]byte(`{"cid":"`+blobCID+`","mimeType":"image/png"}`), &old); err != nil {
		t.Fatal(err)
	}
	var c validate.Checker
	old.Check(&c)
	checkError(t, c.Err(), "the value must not be a blob of the old form")
}

// TestRead reads what the types' own decoders read, in one expression.
func TestRead(t *testing.T) {
	t.Parallel()
	const input = `[` + blobJSON + `,{"$link":"` + dataCID + `"},{"$bytes":"AQI"},{"a":1},5,5,5,5]`
	var got lexdata.List
	var c validate.Checker
	r := lexjson.NewReader([]byte(input), &c)
	array := r.Array()
	for i := 0; array.Next(); i++ {
		switch i % 4 {
		case 0:
			got = append(got, lexdata.ReadBlob(r))
		case 1:
			got = append(got, lexdata.ReadCIDLink(r))
		case 2:
			got = append(got, lexdata.ReadBytes(r))
		case 3:
			got = append(got, lexdata.ReadUnknown(r).Object)
		}
	}
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	want := lexdata.List{
		theBlob, lexdata.CIDLink(dataCID),
		lexdata.Bytes{1, 2},
		lexdata.Object{{"a", int64(1)}},
		lexdata.Blob{},
		lexdata.CIDLink(""), lexdata.Bytes(nil),
		lexdata.Object{},
	}
	if diff := cmp.Diff(got, want, sameValue); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	problems := []string{"[4] must be a blob", "[5] must be an object", "[6] must be an object", "[7] must be an object"}
	if got := violations(t, c.Err()); !slices.Equal(got, problems) {
		t.Errorf("got %q, want %q", got, problems)
	}
}

// FuzzBytes checks that bytes survive, and that base64 with padding, as
// encoding/json writes it, is read as well.
func FuzzBytes(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("abcd\xff"))
	f.Fuzz(func(t *testing.T, want []byte) {
		written, err := json.Marshal(lexdata.Bytes(want))
		if err != nil {
			t.Fatal(err)
		}
		padded, err := json.Marshal(map[string][]byte{"$bytes": want})
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			padded = []byte(`{"$bytes":""}`)
		}
		for _, input := range [][]byte{written, padded} {
			var got lexdata.Bytes
			if err := json.Unmarshal(input, &got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: got %x and error %v, want %x", input, got, err, want)
			}
		}
	})
}

// checkError checks the text of an error; an empty one wants no error.
func checkError(t *testing.T, got error, want string) {
	t.Helper()
	text := ""
	if got != nil {
		text = got.Error()
	}
	if text != want {
		t.Errorf("got error %q, want %q", text, want)
	}
}
