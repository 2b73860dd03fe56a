// Package driver runs the stages of the compiler in order. It is the only package that sees all of
// them, and with output the only one that touches the file system. The phases of a run:
//
//  1. find lexgen.json, by walking up from the working directory, and read it (config)
//  2. find and read the lexicon documents that it names (discover), and what packages that are
//     generated elsewhere say of themselves (external)
//  3. parse each document into a JSON tree that knows where everything stands (source)
//  4. check the shape of the tree (metaschema)
//  5. decode it into typed definitions and check the rules of one document (lexicon)
//  6. link references and check the rules between documents (catalog)
//  7. find out which defs are wanted (reach)
//  8. find the folder, name and import path of each package (target)
//  9. decide on all Go names, types and checks (lower)
//  10. print the Go source (emit)
//  11. compare with the disk, then write what differs and remove what is left over (output)
//
// Phases 3 to 5 treat several documents at a time, and phase 10 several files; neither the findings nor
// the output depend on how many.
//
// A mistake in the user's files is a diagnostic. Phases 3 to 9 go on after a mistake, with what
// they can, so that one run reports them all; phase 10 is entered only when there is no error. What
// the environment refuses is an error, and a fault of the compiler itself a panic.
package driver
