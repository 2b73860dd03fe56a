package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/lexgen-go/lexgen/lexgen/conformance/internal/indigo"
)

// peer is indigo's generator, with a folder to generate into.
type peer struct {
	dir, binary string
	// lexicons is the folder of the official lexicons.
	lexicons string
}

// peerPackage is an entry of the configuration of indigo's generator.
type peerPackage struct {
	Package string `json:"package"`
	Prefix  string `json:"prefix"`
	Outdir  string `json:"outdir"`
	Import  string `json:"import"`
}

// newPeer builds indigo's generator and configures it such that each prefix of the official
// lexicons has a package.
func newPeer(dir string) (*peer, error) {
	source, err := indigo.Folder()
	if err != nil {
		return nil, err
	}
	p := &peer{dir: dir, binary: filepath.Join(dir, "lexgen"), lexicons: filepath.Join(source, "lexicons")}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, err
	}
	if _, err := command(source, nil, "go", "build", "-o", p.binary, "./cmd/lexgen"); err != nil {
		return nil, err
	}
	var packages []peerPackage
	for name, prefix := range map[string]string{
		"atproto": "com.atproto", "bsky": "app.bsky", "chat": "chat.bsky", "ozone": "tools.ozone",
		"standard": "site.standard", "germ": "com.germnetwork",
	} {
		packages = append(packages, peerPackage{name, prefix, "out/" + name, "peer.test/out/" + name})
	}
	config, err := json.Marshal(packages)
	if err != nil {
		return nil, err
	}
	return p, os.WriteFile(filepath.Join(dir, "build.json"), config, 0o666)
}

// clean empties the folder that generate fills.
func (p *peer) clean() error {
	if err := os.RemoveAll(filepath.Join(p.dir, "out")); err != nil {
		return err
	}
	for _, name := range []string{"atproto", "bsky", "chat", "ozone", "standard", "germ"} {
		if err := os.MkdirAll(filepath.Join(p.dir, "out", name), 0o777); err != nil {
			return err
		}
	}
	return nil
}

// generate generates all documents.
func (p *peer) generate() error {
	_, err := command(p.dir, nil, p.binary, "--build-file", "build.json", p.lexicons)
	return err
}
