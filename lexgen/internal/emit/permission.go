package emit

import (
	"fmt"

	. "github.com/dave/jennifer/jen"

	"github.com/lexgen-go/lexgen/lexgen/internal/ir"
)

// emitPermissionSet writes
//
//	// AuthFull returns the permission set com.example.authFull.
//	func AuthFull() lexdata.PermissionSet {
//		return lexdata.PermissionSet{
//			NSID:  AuthFullNSID,
//			Title: "Full access",
//			Permissions: []lexdata.Permission{
//				...
//			},
//		}
//	}
func emitPermissionSet(file *File, set *ir.PermissionSet) {
	members := []Code{member("NSID", Id(set.Const))}
	members = append(members, text("Title", set.Title, set.TitleLangs)...)
	members = append(members, text("Detail", set.Detail, set.DetailLangs)...)
	if len(set.Permissions) > 0 {
		var permissions []Code
		for _, permission := range set.Permissions {
			permissions = append(permissions, permissionLiteral(permission))
		}
		members = append(members, member("Permissions", Index().Qual(lexdataPath, "Permission").Add(keyed(permissions...))))
	}
	file.Add(doc(set.Name+" "+set.About, set.Doc))
	file.Func().Id(set.Name).Params().Qual(lexdataPath, "PermissionSet").Block(
		Return(Qual(lexdataPath, "PermissionSet").Add(keyed(members...))),
	)
}

// text writes what there is of
//
//	Title: "Full access",
//	TitleLangs: []lexdata.Translation{
//		{Language: "de", Text: "Voller Zugriff"},
//	},
func text(name, text string, translations []ir.Translation) []Code {
	var members []Code
	if text != "" {
		members = append(members, member(name, Lit(text)))
	}
	if len(translations) > 0 {
		var list []Code
		for _, translation := range translations {
			list = append(list, Values(member("Language", Lit(translation.Language)), member("Text", Lit(translation.Text))))
		}
		members = append(members, member(name+"Langs", Index().Qual(lexdataPath, "Translation").Add(keyed(list...))))
	}
	return members
}

// permissionLiteral writes
//
//	{
//		Resource: "rpc",
//		Fields: lexdata.Object{
//			{Key: "inheritAud", Value: true},
//		},
//		Usable: true,
//	}
func permissionLiteral(permission ir.Permission) *Statement {
	members := []Code{member("Resource", Lit(permission.Resource))}
	if len(permission.Fields) > 0 {
		var fields []Code
		for _, field := range permission.Fields {
			fields = append(fields, Values(member("Key", Lit(field.Key)), member("Value", dataValue(field.Value))))
		}
		members = append(members, member("Fields", Qual(lexdataPath, "Object").Add(keyed(fields...))))
	}
	if permission.Usable {
		members = append(members, member("Usable", True()))
	}
	return keyed(members...)
}

// dataValue writes a value of the data model: true, int64(5), "text", or
//
//	lexdata.List{"app.bsky.feed.getFeed"}
func dataValue(value any) *Statement {
	switch value := value.(type) {
	case bool, int64, string:
		return Lit(value)
	case []any:
		var list []Code
		for _, item := range value {
			list = append(list, dataValue(item))
		}
		return Qual(lexdataPath, "List").Add(values(list...))
	}
	panic(fmt.Sprintf("emit: value %T", value))
}
