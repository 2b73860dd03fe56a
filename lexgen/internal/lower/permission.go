package lower

import (
	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
	"github.com/lexgen-go/lexgen/lexgen/internal/lexicon"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
)

// lowerPermissionSet adds the constant of a permission set and the function that returns it.
func (f *file) lowerPermissionSet(def *lexicon.Def, schema *lexicon.PermissionSet) {
	name := f.typeName(def)
	decl := &ir.PermissionSet{
		Name: name, About: "returns the permission set " + def.Key() + ".", Doc: docOf(def),
		Const: f.addNSID(def, name, "permission set"),
		Title: schema.Title, TitleLangs: translations(schema.TitleLangs),
		Detail: schema.Detail, DetailLangs: translations(schema.DetailLangs),
	}
	for _, p := range schema.Permissions {
		decl.Permissions = append(decl.Permissions, ir.Permission{
			Resource: p.Resource, Fields: permissionFields(p.Fields), Usable: p.Usable,
		})
	}
	f.declare(name, def)
	f.types = append(f.types, decl)
}

func translations(list []lexicon.Translation) []ir.Translation {
	var lowered []ir.Translation
	for _, t := range list {
		lowered = append(lowered, ir.Translation(t))
	}
	return lowered
}

func permissionFields(members []source.Member) []ir.Member {
	var fields []ir.Member
	for _, m := range members {
		if value := permissionValue(m.Value); value != nil {
			fields = append(fields, ir.Member{Key: m.Key, Value: value})
		}
	}
	return fields
}

// permissionValue returns the value of a permission's field. It is nil for what a field cannot have,
// such as a number beyond 64 bits; a permission with such a field is not usable.
func permissionValue(n *source.Node) any {
	switch n.Kind {
	case source.Bool:
		return n.Bool()
	case source.String:
		return n.Text
	case source.Number:
		if i, err := n.Int(); err == nil {
			return i
		}
	case source.Array:
		list := []any{}
		for _, elem := range n.Elems {
			if value := permissionValue(elem); value != nil {
				list = append(list, value)
			}
		}
		return list
	}
	return nil
}
