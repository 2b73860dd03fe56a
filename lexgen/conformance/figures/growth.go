package main

import (
	"fmt"
	"os"
	"strings"
)

// The numbers of documents between which the cost of one may not grow.
const (
	few  = 1_000
	many = 10_000
)

// growth measures what a document costs among few and among many.
func (b *bench) growth() ([]row, error) {
	var contestants []contestant
	for _, count := range []int{few, many} {
		folder := fmt.Sprint("synthetic", count)
		if err := b.synthesize(folder, count); err != nil {
			return nil, err
		}
		contestants = append(contestants, contestant{
			prepare: func() error { return os.RemoveAll(b.module.Path(folder, "out")) },
			run: func() error {
				_, err := b.module.Lexgen(folder)
				return err
			},
		})
	}
	times, err := b.contest(contestants...)
	if err != nil {
		return nil, err
	}
	return []row{{
		what:    fmt.Sprintf("a document among %d", many),
		lexgen:  fmt.Sprintf("all: %s", times[1]),
		against: fmt.Sprintf("a document among %d; all: %s", few, times[0]),
		cost:    times[1].per(many), other: times[0].per(few),
	}}, nil
}

// The shape of the synthetic documents: ten in a group, of which the first holds what the others
// refer to, and fifty groups in a package. Each group refers to the one before it as well.
const (
	groupSize   = 10
	packageSize = 500
)

// synthesize writes documents that are like each other into a folder of the module.
func (b *bench) synthesize(folder string, count int) error {
	if err := b.module.Write(folder+"/lexgen.json", []byte(`{"version": 1, "out": "out"}`)); err != nil {
		return err
	}
	for i := range count {
		id := syntheticGroup(i) + ".defs"
		text := syntheticDefs(i)
		if i%groupSize != 0 {
			id = fmt.Sprintf("%s.get%d", syntheticGroup(i), i)
			text = syntheticQuery(i)
		}
		document := fmt.Sprintf(`{"lexicon": 1, "id": %q, "defs": {%s}}`, id, text)
		if err := b.module.Write(folder+"/lexicons/"+strings.ReplaceAll(id, ".", "/")+".json", []byte(document)); err != nil {
			return err
		}
	}
	return nil
}

// syntheticGroup returns the NSID of the group of a document.
func syntheticGroup(i int) string {
	return fmt.Sprintf("com.example%d.group%d", i/packageSize, i/groupSize)
}

func syntheticDefs(i int) string {
	previous := ""
	if i > 0 {
		previous = fmt.Sprintf(`"previous": {"type": "ref", "ref": "%s.defs#view"},`, syntheticGroup(i-groupSize))
	}
	return fmt.Sprintf(`
	"view": {"type": "object", "required": ["id"], "properties": {%s
		"id": {"type": "string", "format": "did"},
		"text": {"type": "string", "maxLength": 300, "maxGraphemes": 30},
		"tags": {"type": "array", "maxLength": 8, "items": {"type": "string", "maxLength": 64}},
		"reason": {"type": "string", "knownValues": ["spam", "abuse"]},
		"parts": {"type": "array", "items": {"type": "union", "refs": ["#part", "#other"]}}
	}},
	"part": {"type": "object", "properties": {"count": {"type": "integer", "minimum": 0}}},
	"other": {"type": "object", "properties": {"since": {"type": "string", "format": "datetime"}}}`, previous)
}

func syntheticQuery(i int) string {
	return fmt.Sprintf(`
	"main": {
		"type": "query",
		"description": "Get thing %d.",
		"parameters": {"type": "params", "properties": {
			"limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
			"cursor": {"type": "string"}
		}},
		"output": {"encoding": "application/json", "schema": {"type": "object", "required": ["views"], "properties": {
			"cursor": {"type": "string"},
			"views": {"type": "array", "items": {"type": "ref", "ref": "%s.defs#view"}}
		}}},
		"errors": [{"name": "NotFound"}]
	}`, i, syntheticGroup(i))
}
