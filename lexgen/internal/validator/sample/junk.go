package sample

import "strings"

// anyValue writes a valid value of the data model.
func (g *Generator) anyValue(depth int) {
	switch kind := g.rand.IntN(8); {
	case kind == 0:
		g.raw("null")
	case kind == 1:
		g.raw("true")
	case kind == 2:
		g.number(g.rand.Int64N(1 << 53))
	case kind == 3 && depth > 0:
		g.list(g.rand.IntN(3), func() { g.anyValue(depth - 1) })
	case kind == 4 && depth > 0:
		g.anyObject(depth - 1)
	case kind == 5:
		g.members([]member{{"$link", func() { g.string(pick(g, links())) }}})
	default:
		g.string(pick(g, []string{"", "text", "\u2028\x00\"\\", "🙂"}))
	}
}

// anyObject writes a valid object of the data model.
func (g *Generator) anyObject(depth int) {
	var list []member
	for _, key := range []string{"a", "b c", typeKey, "cid"} {
		switch {
		case !g.chance(0.4):
		case key == typeKey:
			list = append(list, member{key, func() { g.string("com.example.any") }})
		default:
			list = append(list, member{key, func() { g.anyValue(depth) }})
		}
	}
	g.members(list)
}

// junk writes a value that is most likely wrong where it stands. It is JSON, but may be no value of
// the data model.
func (g *Generator) junk(depth int) {
	switch g.rand.IntN(9) {
	case 0:
		g.raw(pick(g, []string{"null", "true", "false", `""`, `"text"`, "{}", "[]"}))
	case 1:
		g.raw(pick(g, []string{"0", "-1", "0.5", "1e3", "-0.0", "1e400", "9007199254740992", "123456789012345678901"}))
	case 2:
		g.raw(pick(g, []string{
			`{"$bytes": "AQI"}`, `{"$bytes": 1}`, `{"$link": "."}`, `{"$bytes": "", "x": 1}`, `{"$type": "blob"}`,
			`{"$type": null}`, `{"$type": ""}`, `{"": 1}`, `{"a": 1, "a": 2}`, `{"cid": "", "mimeType": ""}`,
		}))
	case 3:
		if g.chance(0.01) {
			g.raw(strings.Repeat(`{"a":[`, 150) + strings.Repeat("]}", 150))
			return
		}
		g.raw(strings.Repeat("[", 20) + strings.Repeat("]", 20))
	case 4, 5:
		if depth > 0 {
			g.list(g.rand.IntN(4), func() { g.junk(depth - 1) })
			return
		}
		g.raw("[null]")
	default:
		g.anyValue(depth)
	}
}
