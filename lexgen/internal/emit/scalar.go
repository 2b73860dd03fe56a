package emit

import (
	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitScalarType writes
//
//	// EmbedVideoPresentation is the type of the property presentation of
//	// app.bsky.embed.video. Other values than the known ones are valid.
//	type EmbedVideoPresentation string
//
//	// The known values of EmbedVideoPresentation.
//	const (
//		EmbedVideoPresentationDefault EmbedVideoPresentation = "default"
//	)
func emitScalarType(file *File, s *ir.ScalarType) {
	values, others := "The known values of ", " Other values than the known ones are valid."
	switch {
	case len(s.Values) == 0:
		others = ""
	case s.Closed:
		values, others = "The values of ", " Other values than these are not valid."
	}
	file.Add(doc(s.Name+" "+s.About+others, s.Doc))
	file.Type().Id(s.Name).Id(plainType(s.Kind))
	if len(s.Values) == 0 {
		return
	}
	file.Add(doc(values + s.Name + "."))
	file.Const().DefsFunc(func(g *Group) {
		for _, value := range s.Values {
			g.Id(value.Name).Id(s.Name).Op("=").Lit(value.Value)
		}
	})
}
