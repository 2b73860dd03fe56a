package endtoend

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	echo "golden.test/echo/comexample"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
)

// echoService answers com.example.echo.send with what it is sent, and keeps it.
type echoService struct{ got *echo.EchoSendNote }

func (s *echoService) Send(_ context.Context, input *echo.EchoSendInput) (*echo.EchoSendOutput, error) {
	s.got = input
	return input, nil
}

// TestEcho demands that what a server takes is answered as it was, once as JSON and once more
// through the generated client, and that what breaks the lexicon is refused with its place.
func TestEcho(t *testing.T) {
	t.Parallel()
	const cid = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"
	for _, test := range []struct{ name, sent, refused string }{
		{name: "absent", sent: `{}`},
		{name: "null", sent: `{"text":null}`},
		{name: "not null", sent: `{"text":""}`},
		{name: "known value", sent: `{"mood":"calm"}`},
		{name: "other value", sent: `{"mood":"merry"}`},
		{name: "record", sent: `{"post":{"$type":"com.example.echo.post","text":"a"}}`},
		{name: "record with an unknown property", sent: `{"post":{"$type":"com.example.echo.post","text":"a","tags":["b",null]}}`},
		{name: "plain reference", sent: `{"place":{"name":"a","$type":"com.example.echo.send#place"}}`},
		{name: "variant", sent: `{"embed":{"$type":"com.example.echo.send#place","name":"a","height":8849}}`},
		{name: "record as a variant", sent: `{"embed":{"$type":"com.example.echo.post","text":"a"}}`},
		{name: "unknown variant", sent: `{"embed":{"$type":"net.example.other","z":{"$link":"` + cid + `"},"a":[1,{"b":null}]}}`},
		{name: "blob", sent: `{"file":{"$type":"blob","ref":{"$link":"` + cid + `"},"mimeType":"image/png","size":3}}`},
		{name: "bytes and link", sent: `{"raw":{"$bytes":"AQID"},"link":{"$link":"` + cid + `"}}`},
		{name: "any object", sent: `{"any":{"$type":"com.example.echo.post","deep":[[true],{"n":-1}]}}`},

		{"null where there is none", `{"mood":null}`, "mood must be a string"},
		{"record without its type", `{"post":{"text":"a"}}`, "post.$type"},
		{"record of another type", `{"post":{"$type":"com.example.echo.send#place","text":"a"}}`, "post.$type"},
		{"plain reference of another type", `{"place":{"$type":"com.example.echo.post","name":"a"}}`, "place.$type"},
		{"union without a type", `{"embed":{"name":"a"}}`, "embed.$type"},
		{"unknown variant of a closed union", `{"action":{"$type":"com.example.echo.post","text":"a"}}`, "action.$type"},
		{"constraint of a variant", `{"embed":{"$type":"com.example.echo.post","text":"too long"}}`, "embed.text"},
		{"blob of another type", `{"file":{"$type":"blob","ref":{"$link":"` + cid + `"},"mimeType":"text/css","size":3}}`, "file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			service := new(echoService)
			client, sent := serve(t, echo.EchoEndpoints(service))
			answer := post(t, client, echo.EchoSendNSID, test.sent)
			if test.refused != "" {
				if !strings.HasPrefix(answer, "400 ") || !strings.Contains(answer, test.refused) {
					t.Errorf("got %s, want a refusal of %s", answer, test.refused)
				}
				return
			}
			if diff := cmp.Diff(answer, "200 "+test.sent); diff != "" {
				t.Fatalf("-got +want:\n%s", diff)
			}
			output, err := echo.EchoClient{Client: client}.Send(t.Context(), service.got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sent.body, test.sent); diff != "" {
				t.Errorf("through the client (-got +want):\n%s", diff)
			}
			if !reflect.DeepEqual(output, service.got) {
				t.Errorf("the client got %v, the service %v", output, service.got)
			}
		})
	}
}

// TestNull demands that absent, null and a value are told apart in Go.
func TestNull(t *testing.T) {
	t.Parallel()
	service := new(echoService)
	client, sent := serve(t, echo.EchoEndpoints(service))
	for _, test := range []struct {
		text lexdata.OptNull[string]
		body string
	}{
		{lexdata.OptNull[string]{}, `{}`},
		{lexdata.SomeNull[string](), `{"text":null}`},
		{lexdata.SomeNonNull("a"), `{"text":"a"}`},
	} {
		output, err := echo.EchoClient{Client: client}.Send(t.Context(), &echo.EchoSendInput{Text: test.text})
		if err != nil {
			t.Fatal(err)
		}
		if sent.body != test.body {
			t.Errorf("sent %s, want %s", sent.body, test.body)
		}
		if service.got.Text != test.text || output.Text != test.text {
			t.Errorf("got %v and back %v, want %v", service.got.Text, output.Text, test.text)
		}
	}
}

// TestVariants demands that a union is a type switch away from its value.
func TestVariants(t *testing.T) {
	t.Parallel()
	service := new(echoService)
	client, _ := serve(t, echo.EchoEndpoints(service))
	caller := echo.EchoClient{Client: client}
	unknown := &lexdata.UnknownVariant{Type: "net.example.other", Fields: lexdata.Object{{Key: "n", Value: int64(1)}}}
	for _, sent := range []echo.EchoSendNoteEmbedUnion{
		echo.NewEchoSendNoteEmbedUnion(&echo.EchoSendPlace{Name: "here"}),
		echo.NewEchoSendNoteEmbedUnion(&echo.EchoPost{Text: "hello"}),
		{Value: unknown},
	} {
		output, err := caller.Send(t.Context(), &echo.EchoSendInput{Embed: sent})
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []lexdata.Typed{service.got.Embed.Value, output.Embed.Value} {
			switch embed := got.(type) {
			case *echo.EchoSendPlace:
				checkText(t, embed.Name, "here")
			case *echo.EchoPost:
				checkText(t, embed.Text, "hello")
			case *lexdata.UnknownVariant:
				if diff := cmp.Diff(embed, unknown); diff != "" {
					t.Errorf("-got +want:\n%s", diff)
				}
			default:
				t.Errorf("got %T", embed)
			}
			checkText(t, got.LexiconType(), sent.Value.LexiconType())
		}
	}
}

func checkText(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
