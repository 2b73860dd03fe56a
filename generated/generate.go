// Package generated holds nothing itself: the packages below it are generated from the documents
// in the folder lexicons, as lexgen.json says.
package generated

//go:generate go run ../lexgen
