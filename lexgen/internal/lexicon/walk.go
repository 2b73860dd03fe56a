package lexicon

// Walk calls visit for a schema and, if visit returns true, for the schemas
// inside of it in declared order. It does not follow references and leaves out
// placeholders.
func Walk(n Node, visit func(Node) bool) {
	if IsBroken(n) || !visit(n) {
		return
	}
	switch n := n.(type) {
	case *Record:
		if n.Object != nil {
			Walk(n.Object, visit)
		}
	case *Query:
		walkEndpoint(n.Params, nil, n.Output, visit)
	case *Procedure:
		walkEndpoint(n.Params, n.Input, n.Output, visit)
	case *Subscription:
		walkEndpoint(n.Params, nil, nil, visit)
		if n.Message != nil {
			Walk(n.Message.Schema, visit)
		}
	case *Params:
		walkProperties(n.Properties, visit)
	case *Object:
		walkProperties(n.Properties, visit)
	case *Array:
		Walk(n.Items, visit)
	}
}

func walkEndpoint(params *Params, input, output *Body, visit func(Node) bool) {
	if params != nil {
		Walk(params, visit)
	}
	for _, body := range []*Body{input, output} {
		if body != nil {
			Walk(body.Schema, visit)
		}
	}
}

func walkProperties(properties []*Property, visit func(Node) bool) {
	for _, p := range properties {
		Walk(p.Schema, visit)
	}
}
