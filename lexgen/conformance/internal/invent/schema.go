package invent

import (
	"maps"
	"slices"
)

// maxDepth is how deeply arrays and objects nest.
const maxDepth = 3

// property makes up the type of a property or of an array's elements.
func (v *inventor) property(d def, depth int) object {
	typ := pick(v, []string{
		"string", "string", "integer", "boolean", "bytes", "cid-link", "blob", "unknown",
		"array", "array", "ref", "ref", "ref", "union", "union", "object",
	})
	if depth >= maxDepth && (typ == "array" || typ == "object") {
		typ = "string"
	}
	return v.describe(v.schema(d, typ, depth))
}

// schema makes up the rest of a type that may have a name, or be that of a property.
func (v *inventor) schema(d def, typ string, depth int) object {
	switch typ {
	case "bytes":
		return v.maybe(0.4, v.maybe(0.4, object{"type": typ}, "minLength", 1), "maxLength", 4)
	case "blob":
		return v.maybe(0.4, v.maybe(0.4, object{"type": typ}, "accept", []string{"image/*", "text/plain"}), "maxSize", 100)
	case "cid-link", "unknown":
		return object{"type": typ}
	case "array":
		o := object{"type": typ, "items": v.property(d, depth+1)}
		return v.maybe(0.3, v.maybe(0.4, o, "minLength", 1), "maxLength", 3)
	case "object":
		return v.object(d, depth+1)
	case "union":
		return v.union(d)
	case "ref":
		to := v.reference(d, "object", "record", "string", "integer", "boolean", "array", "bytes", "cid-link", "blob")
		if to != "" {
			return object{"type": typ, "ref": to}
		}
		typ = "string"
	}
	return v.scalar(typ)
}

// scalar makes up a string, an integer or a boolean.
func (v *inventor) scalar(typ string) object {
	o := object{"type": typ}
	switch typ {
	case "boolean":
		v.maybe(0.4, o, pick(v, []string{"default", "const"}), v.chance(0.5))
	case "integer":
		v.constrainInteger(o)
	case "string":
		v.constrainString(o)
	}
	return o
}

func (v *inventor) constrainInteger(o object) {
	switch v.IntN(5) {
	case 0:
		o["enum"] = []int{1, 2, 4}
	case 1:
		o["const"] = 3
	case 2:
		o["default"] = 5
	case 3:
		o["minimum"], o["maximum"] = -3, 9
	}
}

func (v *inventor) constrainString(o object) {
	switch v.IntN(7) {
	case 0:
		o["format"] = pick(v, formats)
	case 1:
		o["knownValues"] = append(v.some(values, 4), "other")
	case 2:
		o["enum"] = append(v.some(values, 4), "other")
	case 3:
		o["const"] = "k`*/"
	case 4:
		o["default"] = "de\"f`"
	case 5:
		v.maybe(0.5, v.maybe(0.5, v.maybe(0.3, o, "minLength", 1), "maxLength", 30), "maxGraphemes", 10)
	}
}

// object makes up an object. What is required is seldom a reference, so that few objects require
// themselves.
func (v *inventor) object(d def, depth int) object {
	members := object{}
	for _, name := range v.some(properties, 6) {
		members[name] = v.property(d, depth)
	}
	required := slices.DeleteFunc(v.among(members), func(name string) bool {
		return members[name].(object)["type"] == "ref" && v.chance(0.7)
	})
	o := v.maybe(0.8, object{"type": "object", "properties": members}, "required", required)
	return v.maybe(0.3, o, "nullable", v.among(members))
}

// union makes up a union.
func (v *inventor) union(d def) object {
	refs := []string{}
	for range v.IntN(5) {
		if to := v.reference(d, "object", "record"); to != "" && !slices.Contains(refs, to) {
			refs = append(refs, to)
		}
	}
	o := object{"type": "union", "refs": refs}
	if len(refs) > 0 {
		v.maybe(0.3, o, "closed", true)
	}
	return o
}

// reference returns a reference from one def to another of one of some types, or "" if there is
// none.
func (v *inventor) reference(from def, types ...string) string {
	var keys []string
	for _, to := range v.defs {
		if slices.Contains(types, to.typ) && to.authority() <= from.authority() {
			keys = append(keys, to.key())
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return pick(v, keys)
}

// describe adds a description to most nodes.
func (v *inventor) describe(o object) object {
	if text := pick(v, descriptions); text != "" {
		o["description"] = text
	}
	return o
}

// maybe adds a member with some probability.
func (v *inventor) maybe(probability float64, o object, key string, value any) object {
	if v.chance(probability) {
		o[key] = value
	}
	return o
}

func (v *inventor) chance(probability float64) bool { return v.Float64() < probability }

// some returns up to most words of a list, each once.
func (v *inventor) some(list []string, most int) []string {
	words := []string{}
	for _, i := range v.Perm(len(list))[:v.IntN(most+1)] {
		words = append(words, list[i])
	}
	return words
}

// among returns some of the keys of an object.
func (v *inventor) among(o object) []string {
	return v.some(slices.Sorted(maps.Keys(o)), len(o))
}

// pick returns one of a list.
func pick(v *inventor, list []string) string { return list[v.IntN(len(list))] }
