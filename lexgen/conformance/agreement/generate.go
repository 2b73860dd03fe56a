// Package agreement proves that generated code and the validator that works without it are one in
// what they find wrong. Its tests make random data for every generated type, valid and not, and
// demand the same violations of both: the same paths, in the same words and order. The lexicons in
// its folder have every construct in every presence; comexample is generated from them.
package agreement

//go:generate go run -C ../../.. ./lexgen -C lexgen/conformance/agreement
