package xrpc

import (
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/lexjson"
)

// QueryReader reads query parameters by name and reports what is wrong with them. A parameter with
// an empty value counts as absent. See https://atproto.com/specs/xrpc#lexicon-http-endpoints.
type QueryReader struct {
	values url.Values
	report lexjson.Reporter
}

// The problems of single values.
const (
	notBool = "must be true or false"
	notInt  = "must be an integer"
	notUTF8 = "must be valid UTF-8" // which JSON would not let through either
)

// NewQueryReader returns a reader of values that reports to report.
func NewQueryReader(values url.Values, report lexjson.Reporter) *QueryReader {
	return &QueryReader{values, report}
}

// Require reports each of the named parameters that is absent.
func (q *QueryReader) Require(names ...string) {
	for _, name := range names {
		if len(q.all(name)) == 0 {
			q.report.Report(name, "is required")
		}
	}
}

// Bool returns the parameter if it is "true" or "false".
func (q *QueryReader) Bool(name string) lexdata.Opt[bool] { return QueryBool[bool](q, name) }

// Bools returns all values of a parameter that is an array of booleans, or nil if it is absent.
func (q *QueryReader) Bools(name string) []bool { return QueryBools[bool](q, name) }

// Int returns the parameter if it is a decimal integer of 64 bits.
func (q *QueryReader) Int(name string) lexdata.Opt[int64] { return QueryInt[int64](q, name) }

// Ints returns all values of a parameter that is an array of integers, or nil if it is absent.
func (q *QueryReader) Ints(name string) []int64 { return QueryInts[int64](q, name) }

// QueryBool returns a parameter of type T if it is "true" or "false".
func QueryBool[T ~bool](q *QueryReader, name string) lexdata.Opt[T] {
	return queryOne(q, name, notBool, parseBool[T])
}

// QueryBools returns all values of a parameter that is an array of booleans of type T, or nil if it is absent.
func QueryBools[T ~bool](q *QueryReader, name string) []T {
	return queryAll(q, name, notBool, parseBool[T])
}

// QueryInt returns a parameter of type T if it is a decimal integer of 64 bits.
func QueryInt[T ~int64](q *QueryReader, name string) lexdata.Opt[T] {
	return queryOne(q, name, notInt, parseInt[T])
}

// QueryInts returns all values of a parameter that is an array of integers of type T, or nil if it is absent.
func QueryInts[T ~int64](q *QueryReader, name string) []T {
	return queryAll(q, name, notInt, parseInt[T])
}

// QueryString returns a parameter that is a string of type T.
func QueryString[T ~string](q *QueryReader, name string) lexdata.Opt[T] {
	return queryOne(q, name, notUTF8, parseString[T])
}

// QueryStrings returns all values of a parameter that is an array of strings of type T, or nil if it is absent.
func QueryStrings[T ~string](q *QueryReader, name string) []T {
	return queryAll(q, name, notUTF8, parseString[T])
}

// queryOne returns a parameter that has one value. It reports the problem if parse does not take it.
func queryOne[T any](q *QueryReader, name, problem string, parse func(string) (T, bool)) lexdata.Opt[T] {
	text, ok := q.one(name)
	if !ok {
		return lexdata.Opt[T]{}
	}
	value, ok := parse(text)
	if !ok {
		q.report.Report(name, problem)
		return lexdata.Opt[T]{}
	}
	return lexdata.Some(value)
}

// queryAll returns the values of a parameter. It reports the problem of each that parse does not take.
func queryAll[T any](q *QueryReader, name, problem string, parse func(string) (T, bool)) []T {
	var list []T
	for i, text := range q.all(name) {
		value, ok := parse(text)
		if !ok {
			q.report.Report(name+"["+strconv.Itoa(i)+"]", problem)
		}
		list = append(list, value)
	}
	return list
}

func parseBool[T ~bool](text string) (T, bool) {
	return text == "true", text == "true" || text == "false"
}

// parseInt takes what the protocol calls an integer: digits, after a minus sign or nothing.
func parseInt[T ~int64](text string) (T, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return T(n), err == nil && text[0] != '+'
}

func parseString[T ~string](text string) (T, bool) {
	return T(text), utf8.ValidString(text)
}

// one returns the only value of a parameter. It reports a parameter that has several.
func (q *QueryReader) one(name string) (string, bool) {
	switch all := q.all(name); len(all) {
	case 0:
		return "", false
	case 1:
		return all[0], true
	default:
		q.report.Report(name, "must have one value")
		return "", false
	}
}

// all returns the values of a parameter that are not empty.
func (q *QueryReader) all(name string) []string {
	all := q.values[name]
	if !slices.Contains(all, "") {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(value string) bool { return value == "" })
}

// QueryWriter collects query parameters.
type QueryWriter struct {
	values url.Values
}

// String adds a parameter. Several of one name are an array. It is not inlined: generated code calls it
// for most parameters, which would take long to compile.
//
//go:noinline
func (q *QueryWriter) String(name, value string) {
	if q.values == nil {
		q.values = url.Values{}
	}
	q.values.Add(name, value)
}

// Bool adds a parameter.
func (q *QueryWriter) Bool(name string, value bool) {
	q.String(name, strconv.FormatBool(value))
}

// Int adds a parameter.
func (q *QueryWriter) Int(name string, value int64) {
	q.String(name, strconv.FormatInt(value, 10))
}

// Encode returns the parameters as the query of a URL, sorted by name so that equal queries are equal texts.
func (q *QueryWriter) Encode() string {
	return q.values.Encode()
}
