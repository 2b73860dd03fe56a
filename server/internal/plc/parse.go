package plc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/lexjson"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// MaxJSON is how many bytes of JSON Parse takes: more than any operation of
// [MaxBytes] needs that is not made of escapes.
const MaxJSON = 16 << 10

// maxDepth is how deep the objects of an operation are nested.
const maxDepth = 3

// Parse reads a signed operation, strictly: all fields that its kind has and no
// others, none of them twice. Whether it keeps to the limits for new ones is for
// [Operation.Check] to say, and whether it is signed by the right key, for [Next].
// The error is of the kind [ErrInvalid].
func Parse(text []byte) (Operation, error) {
	if len(text) > MaxJSON {
		return Operation{}, fmt.Errorf("%w: it has more than %d bytes", ErrInvalid, MaxJSON)
	}
	var problems firstProblem
	r := lexjson.NewReader(text, &problems)
	r.MaxDepth = maxDepth
	parsed := readOperation(r)
	if err := r.End(); err != nil {
		return Operation{}, fmt.Errorf("%w: it is not JSON as it should be", ErrInvalid)
	}
	if problems != "" {
		return Operation{}, fmt.Errorf("%w: %s", ErrInvalid, problems)
	}
	return parsed.operation()
}

// A firstProblem keeps the first thing that is reported.
type firstProblem string

// Report implements [lexjson.Reporter].
func (p *firstProblem) Report(path, problem string) {
	if *p == "" {
		*p = firstProblem(strings.TrimSpace(path + " " + problem))
	}
}

// A parsedOperation is what was read before the kind is known.
type parsedOperation struct {
	Operation
	keys []string
}

func readOperation(r *lexjson.Reader) parsedOperation {
	var o parsedOperation
	object := r.Object()
	for object.Next() {
		o.keys = append(o.keys, object.Key())
		switch object.Key() {
		case "type":
			o.Kind = Kind(r.String())
		case "rotationKeys":
			o.State.RotationKeys = readTexts(r)
		case "verificationMethods":
			o.State.VerificationMethods = readMethods(r)
		case "alsoKnownAs":
			o.State.AlsoKnownAs = readTexts(r)
		case "services":
			o.State.Services = readServices(r)
		case "signingKey":
			o.create.signingKey = r.String()
		case "recoveryKey":
			o.create.recoveryKey = r.String()
		case "handle":
			o.create.handle = r.String()
		case "service":
			o.create.service = r.String()
		case "prev":
			o.Prev = readPrev(r)
		case "sig":
			o.Signature = r.String()
		default:
			r.Report("is not a field of an operation")
			r.Skip()
		}
	}
	return o
}

func readTexts(r *lexjson.Reader) []string {
	texts := []string{}
	array := r.Array()
	for array.Next() {
		texts = append(texts, r.String())
	}
	return texts
}

func readMethods(r *lexjson.Reader) map[string]string {
	methods := map[string]string{}
	object := r.Object()
	for object.Next() {
		name := object.Key()
		methods[name] = r.String()
	}
	return methods
}

func readServices(r *lexjson.Reader) map[string]Service {
	services := map[string]Service{}
	object := r.Object()
	for object.Next() {
		name := object.Key()
		services[name] = readService(r)
	}
	return services
}

func readService(r *lexjson.Reader) Service {
	var service Service
	object := r.Object("type", "endpoint")
	for object.Next() {
		switch object.Key() {
		case "type":
			service.Type = r.String()
		case "endpoint":
			service.Endpoint = r.String()
		default:
			r.Report("is not a field of a service")
			r.Skip()
		}
	}
	return service
}

func readPrev(r *lexjson.Reader) syntax.CID {
	if r.Null() {
		return ""
	}
	prev := syntax.CID(r.String())
	if !prev.Valid() {
		r.Report("is not a CID")
	}
	return prev
}

// Fields of each kind of operation, sorted.
var (
	updateFields    = []string{"alsoKnownAs", "prev", "rotationKeys", "services", "sig", "type", "verificationMethods"}
	tombstoneFields = []string{"prev", "sig", "type"}
	createFields    = []string{"handle", "prev", "recoveryKey", "service", "sig", "signingKey", "type"}
)

// operation returns what was read, if its kind has just these fields.
func (o parsedOperation) operation() (Operation, error) {
	var want []string
	switch o.Kind {
	case Update:
		want = updateFields
	case Tombstone:
		want = tombstoneFields
	case Create:
		want = createFields
		o.State = o.create.state()
	default:
		return Operation{}, fmt.Errorf("%w: type is not %s or %s", ErrInvalid, Update, Tombstone)
	}
	slices.Sort(o.keys)
	switch {
	case !slices.Equal(o.keys, want):
		return Operation{}, fmt.Errorf("%w: its fields are not %s", ErrInvalid, strings.Join(want, ", "))
	case o.Kind == Tombstone && o.Prev == "", o.Kind == Create && o.Prev != "":
		return Operation{}, fmt.Errorf("%w: it cannot have such a prev", ErrInvalid)
	case o.Signature == "":
		return Operation{}, fmt.Errorf("%w: sig is empty", ErrInvalid)
	}
	return o.Operation, nil
}

// state returns what an operation of the old kind says, in today's terms.
//
// See https://web.plc.directory/spec/v0.1/did-plc#legacy-genesis-operation-format-and-transition.
func (c creation) state() State {
	handle := strings.TrimPrefix(strings.TrimPrefix(c.handle, "https://"), "http://")
	if !strings.HasPrefix(handle, "at://") {
		handle = "at://" + handle
	}
	service := c.service
	if !strings.HasPrefix(service, "https://") && !strings.HasPrefix(service, "http://") {
		service = "https://" + service
	}
	return State{
		RotationKeys:        []string{c.recoveryKey, c.signingKey},
		VerificationMethods: map[string]string{"atproto": c.signingKey},
		AlsoKnownAs:         []string{handle},
		Services:            map[string]Service{"atproto_pds": {Type: "AtprotoPersonalDataServer", Endpoint: service}},
	}
}
