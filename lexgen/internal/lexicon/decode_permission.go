package lexicon

import (
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
	"github.com/lexgen-go/lexgen/lexgen/internal/source"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func (d *decoder) permissionSet(b Base) Node {
	if !b.JSON.Get("permissions").Is(source.Array) {
		return &Broken{b}
	}
	s := &PermissionSet{
		Base:        b,
		Title:       text(b.JSON, "title"),
		TitleLangs:  d.translations(b, "title:lang"),
		Detail:      text(b.JSON, "detail"),
		DetailLangs: d.translations(b, "detail:lang"),
	}
	for _, elem := range elements(b.JSON, "permissions", source.Object) {
		s.Permissions = append(s.Permissions, d.permission(elem))
	}
	return s
}

func (d *decoder) translations(b Base, key string) []Translation {
	var list []Translation
	for _, m := range members(b.JSON, key) {
		switch {
		case !syntax.Language(m.Key).Valid():
			d.diags.Errorf(m.KeySpan, diag.LanguageTag, "%q is not a language tag", m.Key).
				Hint("use a BCP 47 tag such as en, pt-BR or zh-Hant")
		case m.Value.Is(source.String):
			list = append(list, Translation{Language: m.Key, Text: m.Value.Text})
		}
	}
	return list
}

func (d *decoder) permission(node *source.Node) *Permission {
	p := &Permission{Base: d.base(node), Resource: text(node, "resource"), Usable: true}
	for _, m := range node.Members {
		switch m.Key {
		case "type", "description", "resource":
		default:
			p.Fields = append(p.Fields, m)
		}
	}
	switch p.Resource {
	case "repo":
		d.permissionFields(p, "collection", "action")
		d.permissionNSIDs(p, "collection", false /* no wildcard */)
	case "rpc":
		d.permissionFields(p, "lxm", "aud", "inheritAud")
		d.permissionNSIDs(p, "lxm", true /* wildcard */)
		d.permissionAudience(p)
	case "":
		p.Usable = false
	default:
		d.unusable(p, p.SpanOf("resource"), "the resource %q is not possible in a permission set", p.Resource).
			Hint("clients ignore this permission; repo and rpc are possible")
	}
	return p
}

// unusable warns about a permission that clients ignore.
func (d *decoder) unusable(p *Permission, span source.Span, format string, args ...any) *diag.Diagnostic {
	p.Usable = false
	finding := d.diags.Warningf(span, diag.Permission, format, args...)
	finding.Hint("clients ignore this permission")
	return finding
}

func (d *decoder) permissionFields(p *Permission, known ...string) {
	for _, m := range p.Fields {
		if !slices.Contains(known, m.Key) {
			d.unusable(p, m.KeySpan, "a permission for %s has no field %q", p.Resource, m.Key).
				Hint("clients ignore this permission; the fields are %s", strings.Join(known, ", "))
		}
	}
}

func (d *decoder) permissionNSIDs(p *Permission, key string, wildcard bool) {
	for _, elem := range elements(p.JSON, key, source.String) {
		if !syntax.NSID(elem.Text).Valid() && !(wildcard && elem.Text == "*") {
			d.unusable(p, elem.Span, "%s lists %q, which is not an NSID", key, elem.Text)
		}
	}
}

// permissionAudience checks which services a permission for rpc is about.
func (d *decoder) permissionAudience(p *Permission) {
	aud, inherit := p.JSON.Get("aud"), p.JSON.Get("inheritAud").Bool()
	switch {
	case aud == nil && !inherit:
		d.unusable(p, p.SpanOf("resource"), "a permission for rpc needs an audience").
			Hint(`clients ignore this permission; add "aud": "*" or "inheritAud": true`)
	case aud != nil && inherit:
		d.unusable(p, aud.Span, "aud and inheritAud exclude each other").
			Hint("clients ignore this permission; keep one of the two")
	case aud.Is(source.String) && aud.Text != "*":
		d.unusable(p, aud.Span, "a permission set cannot name the service %q", aud.Text).
			Hint(`clients ignore this permission; use "aud": "*" or "inheritAud": true`)
	case aud != nil && slices.Contains(texts(p.Base, "lxm"), "*"):
		d.unusable(p, aud.Span, "lxm and aud cannot both be *").
			Hint("clients ignore this permission; list the endpoints")
	}
}
