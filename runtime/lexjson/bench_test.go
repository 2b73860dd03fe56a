package lexjson_test

import (
	"encoding/json"
	"testing"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

func BenchmarkDecode(b *testing.B) {
	data := []byte(postJSON)
	b.Run("lexjson", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		var problems violations
		r := lexjson.NewReader(nil, &problems)
		for b.Loop() {
			var v post
			r.Reset(data, &problems)
			v.DecodeJSON(r)
			if err := r.End(); err != nil || len(problems) > 0 {
				b.Fatal(err, problems)
			}
		}
	})
	b.Run("lexjson-new-reader", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var problems violations
			var v post
			r := lexjson.NewReader(data, &problems)
			v.DecodeJSON(r)
			if err := r.End(); err != nil || len(problems) > 0 {
				b.Fatal(err, problems)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var v post
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSkip(b *testing.B) {
	data := []byte(postJSON)
	b.SetBytes(int64(len(data)))
	var problems violations
	r := lexjson.NewReader(nil, &problems)
	for b.Loop() {
		r.Reset(data, &problems)
		r.Skip()
		if err := r.End(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	var v post
	if err := json.Unmarshal([]byte(postJSON), &v); err != nil {
		b.Fatal(err)
	}
	b.Run("lexjson", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := lexjson.Marshal(&v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(&v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
