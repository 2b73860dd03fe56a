package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func (b *bench) sign(t *testing.T, s session, pairs ...any) answer {
	t.Helper()
	return b.as(t, s.AccessJWT, comatproto.IdentitySignPLCOperationNSID, object(pairs...))
}

// plcCode asks for a code to sign an operation with.
func (b *bench) plcCode(t *testing.T, s session) string {
	t.Helper()
	b.as(t, s.AccessJWT, comatproto.IdentityRequestPLCOperationSignatureNSID, "").wantBody(t, "")
	b.mail(t, subjectPLC, "alice@example.com", "PLC update requested", "We received a request to update your PLC")
	return b.code(t, subjectPLC)
}

// A plcOperation is an operation as clients see it.
type plcOperation struct {
	Prev                string                       `json:"prev"`
	RotationKeys        []string                     `json:"rotationKeys"`
	AlsoKnownAs         []string                     `json:"alsoKnownAs"`
	VerificationMethods map[string]string            `json:"verificationMethods"`
	Services            map[string]map[string]string `json:"services"`
	Sig                 string                       `json:"sig"`
	Type                string                       `json:"type"`
}

func TestRecommendedCredentials(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	last, err := b.world.LastOperation(t.Context(), syntax.DID(s.DID))
	must(t, err)
	b.ask(t, s.AccessJWT, comatproto.IdentityGetRecommendedDIDCredentialsNSID, "").wantBody(t, fmt.Sprintf(
		`{"rotationKeys":[%q],"alsoKnownAs":["at://alice.test"],"verificationMethods":{"atproto":%q},`+
			`"services":{"atproto_pds":{"type":"AtprotoPersonalDataServer","endpoint":%q}}}`,
		b.world.RotationKeys()[0], last.Fields.VerificationMethods["atproto"], endpoint,
	))
}

// What a client leaves out stays as it was.
func TestSignAndSubmit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	last, err := b.world.LastOperation(t.Context(), syntax.DID(s.DID))
	must(t, err)
	code := b.plcCode(t, s)
	own, err := b.world.NewSigningKey()
	must(t, err)
	keys := []string{own.Public, b.world.RotationKeys()[0]}
	a := b.sign(t, s, "token", code, "rotationKeys", keys).wantSecret(t)
	var signed struct{ Operation plcOperation }
	a.read(t, &signed)
	got := signed.Operation
	if got.Prev != string(last.CID) || got.Type != "plc_operation" || got.Sig == "" || fmt.Sprint(got.RotationKeys) != fmt.Sprint(keys) ||
		fmt.Sprint(got.AlsoKnownAs, got.VerificationMethods) != fmt.Sprint(last.Fields.AlsoKnownAs, last.Fields.VerificationMethods) {
		t.Errorf("signed: got %s", a.body)
	}
	b.sign(t, s, "token", code).wantError(t, 400, "InvalidToken", "Token is invalid")

	b.as(t, s.AccessJWT, comatproto.IdentitySubmitPLCOperationNSID, a.body).wantBody(t, "")
	last, err = b.world.LastOperation(t.Context(), syntax.DID(s.DID))
	must(t, err)
	if fmt.Sprint(last.Fields.RotationKeys) != fmt.Sprint(keys) {
		t.Errorf("directory: got keys %v, want %v", last.Fields.RotationKeys, keys)
	}
}

func TestSignPLCOperationRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	for _, changes := range [][]any{
		nil,
		{"services", map[string]any{"atproto_pds": "x"}},
		{"verificationMethods", map[string]any{"atproto": 1}},
	} {
		noToken := wanted{400, "InvalidRequest", "email confirmation token required to sign PLC operations"}
		noToken.check(t, b.sign(t, s, changes...))
		noToken.check(t, b.sign(t, s, append(changes, "token", "")...))
		b.sign(t, s, append(changes, "token", "123456")...).wantError(t, 400, "InvalidToken", "Token is invalid")
	}
	code := b.plcCode(t, s)
	for _, methods := range []any{map[string]any{"atproto": 1}, map[string]any{"atproto": nil}} {
		b.sign(t, s, "token", code, "verificationMethods", methods).wantInvalid(t, "verificationMethods must be an object of strings")
	}
	for _, service := range []any{"x", map[string]any{}, map[string]any{"type": "x"}, map[string]any{"type": "x", "endpoint": 1}} {
		b.sign(t, s, "token", code, "services", map[string]any{"atproto_pds": service}).
			wantInvalid(t, "services must be an object of objects with type and endpoint")
	}
	b.sign(t, s, "token", code, "verificationMethods", []int{1}).wantInvalid(t, "verificationMethods must be an object")
	b.sign(t, s, "token", code).wantOK(t) // none of that has used the code
}

func TestSubmitPLCOperationRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	a := b.sign(t, s, "token", b.plcCode(t, s))
	key, err := b.world.NewSigningKey()
	must(t, err)
	tests := []struct {
		name   string
		change func(*plcOperation)
		want   string
	}{
		{"rotation keys", func(o *plcOperation) { o.RotationKeys = []string{key.Public} }, "Rotation keys do not include server's rotation key"},
		{"type of service", func(o *plcOperation) { o.Services["atproto_pds"]["type"] = "x" }, "Incorrect type on atproto_pds service"},
		{"endpoint", func(o *plcOperation) { o.Services["atproto_pds"]["endpoint"] = "https://x.example.com" }, "Incorrect endpoint on atproto_pds service"},
		{"no service", func(o *plcOperation) { o.Services = map[string]map[string]string{} }, "Incorrect type on atproto_pds service"},
		{"signing key", func(o *plcOperation) { o.VerificationMethods["atproto"] = key.Public }, "Incorrect signing key"},
		{"handle", func(o *plcOperation) { o.AlsoKnownAs = []string{"at://other.test"} }, "Incorrect handle in alsoKnownAs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var body struct {
				Operation plcOperation `json:"operation"`
			}
			a.read(t, &body)
			test.change(&body.Operation)
			text, err := json.Marshal(body)
			must(t, err)
			b.as(t, s.AccessJWT, comatproto.IdentitySubmitPLCOperationNSID, string(text)).wantInvalid(t, test.want)
		})
	}
	for _, body := range []string{`{"operation":{}}`, `{"operation":{"type":"x"}}`, `{"operation":{"type":"plc_tombstone","prev":"x","sig":"x"}}`} {
		b.as(t, s.AccessJWT, comatproto.IdentitySubmitPLCOperationNSID, body).wantInvalid(t, "Invalid operation")
	}
}

// Who moves away from a server that took the account down gets the identity signed over, and does not
// publish it here.
func TestPLCOperationsTakendown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.signUp(t)
	b.admin(t, comatproto.AdminUpdateSubjectStatusNSID, takedownOf(s.DID, true)).wantOK(t)
	moving := b.logInTakendown(t)
	code := b.plcCode(t, moving)
	b.sign(t, moving, "token", "123456").wantError(t, 400, "InvalidToken", "Token is invalid")
	signed := b.sign(t, moving, "token", code).wantSecret(t)
	badScope.check(t, b.as(t, moving.AccessJWT, comatproto.IdentitySubmitPLCOperationNSID, signed.body))
	last, err := b.world.LastOperation(t.Context(), syntax.DID(s.DID))
	must(t, err)
	var body struct{ Operation plcOperation }
	signed.read(t, &body)
	if string(last.CID) != body.Operation.Prev {
		t.Errorf("directory: got %s as the last operation, want what was there before: %s", last.CID, body.Operation.Prev)
	}
}
