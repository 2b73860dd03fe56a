package plc

import (
	"encoding/json"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// MarshalJSON returns the operation as directories take it.
func (o Operation) MarshalJSON() ([]byte, error) {
	var prev *syntax.CID
	if o.Prev != "" {
		prev = &o.Prev
	}
	switch o.Kind {
	case Tombstone:
		return json.Marshal(struct {
			Type Kind        `json:"type"`
			Prev *syntax.CID `json:"prev"`
			Sig  string      `json:"sig"`
		}{o.Kind, prev, o.Signature})
	case Create:
		return json.Marshal(struct {
			Type        Kind        `json:"type"`
			SigningKey  string      `json:"signingKey"`
			RecoveryKey string      `json:"recoveryKey"`
			Handle      string      `json:"handle"`
			Service     string      `json:"service"`
			Prev        *syntax.CID `json:"prev"`
			Sig         string      `json:"sig"`
		}{
			o.Kind, o.create.signingKey, o.create.recoveryKey, o.create.handle, o.create.service,
			prev, o.Signature,
		})
	default:
		return json.Marshal(struct {
			Type Kind `json:"type"`
			stateJSON
			Prev *syntax.CID `json:"prev"`
			Sig  string      `json:"sig"`
		}{o.Kind, o.State.json(), prev, o.Signature})
	}
}

// A stateJSON is a State as it is written, without any null.
type stateJSON struct {
	RotationKeys        []string           `json:"rotationKeys"`
	VerificationMethods map[string]string  `json:"verificationMethods"`
	AlsoKnownAs         []string           `json:"alsoKnownAs"`
	Services            map[string]Service `json:"services"`
}

func (s State) json() stateJSON {
	written := stateJSON(s)
	if s.RotationKeys == nil {
		written.RotationKeys = []string{}
	}
	if s.VerificationMethods == nil {
		written.VerificationMethods = map[string]string{}
	}
	if s.AlsoKnownAs == nil {
		written.AlsoKnownAs = []string{}
	}
	if s.Services == nil {
		written.Services = map[string]Service{}
	}
	return written
}
