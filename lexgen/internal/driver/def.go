package driver

import (
	"fmt"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/catalog"
	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// findDef returns the def that the user calls by a name: an NSID, which may be followed by # and the
// def's name. If there is none, that is a [UsageError].
func findDef(c *catalog.Catalog, name string) (*lexicon.Def, error) {
	text, defName, hasDef := strings.Cut(name, "#")
	if !hasDef {
		defName = lexicon.Main
	}
	id := syntax.NSID(text)
	if !id.Valid() || defName == "" {
		return nil, misuse("%q is neither an NSID nor an NSID#def", name)
	}
	if def := c.Def(id, defName); def != nil {
		return def, nil
	}
	return nil, misuse("%s", missing(c, id, defName))
}

// missing says that there is no def with a name, and which is meant perhaps.
func missing(c *catalog.Catalog, id syntax.NSID, name string) string {
	document := c.Document(id)
	if document == nil {
		var ids []string
		for _, document := range c.Documents() {
			ids = append(ids, string(document.ID))
		}
		problem := fmt.Sprintf("there is no lexicon %s", id)
		if similar := diag.Suggest(string(id), ids); similar != "" {
			problem += "; did you mean " + similar + "?"
		}
		return problem
	}
	var names []string
	for _, def := range document.Defs {
		names = append(names, def.Name)
	}
	problem := fmt.Sprintf("the lexicon %s has no def %s", document.ID, name)
	if similar := diag.Suggest(name, names); similar != "" {
		return problem + "; did you mean " + lexicon.Key(document.ID, similar) + "?"
	}
	if more := len(names) - maxListed; more > 0 {
		return fmt.Sprintf("%s; it has %s and %d more", problem, strings.Join(names[:maxListed], ", "), more)
	}
	return problem + "; it has " + strings.Join(names, ", ")
}

const maxListed = 8 // names of defs in a message
