// Package driver runs the stages of the compiler in order. It is the only package that sees all of
// them, and with output the only one that touches the file system. The phases of a run:
//
//  1. find lexgen.json, by walking up from the working directory, and read it (config)
//  2. find and read the lexicon documents that it names (discover)
//  3. parse each document into a JSON tree that knows where everything stands (source)
//  4. check the shape of the tree (metaschema)
//  5. decode it into typed definitions and check the rules of one document (lexicon)
//  6. link references and check the rules between documents (catalog)
//  7. find the folder, name and import path of each package (target)
//  8. decide on all Go names, types and checks (lower)
//  9. print the Go source (emit)
//  10. compare with the disk, then write what differs and remove what is left over (output)
//
// A mistake in the user's files is a diagnostic. Phases 3 to 8 go on after a mistake, with what
// they can, so that one run reports them all; phase 9 is entered only when there is no error. What
// the environment refuses is an error, and a fault of the compiler itself a panic.
package driver
