module github.com/lexgen-go/lexgen/examples/downstream

go 1.26.0

tool github.com/lexgen-go/lexgen/lexgen

require github.com/lexgen-go/lexgen v0.0.0-00010101000000-000000000000

require (
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1 // indirect
	github.com/spf13/pflag v1.0.10 // indirect
	golang.org/x/mod v0.42.0 // indirect
)

replace github.com/lexgen-go/lexgen => ../..
