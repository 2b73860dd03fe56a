package syntax_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func ExampleDID() {
	did := syntax.DID("did:web:example.com")
	fmt.Println(did.Valid(), did.Method(), did.Identifier())
	// Output: true web example.com
}

func ExampleHandle() {
	handle := syntax.Handle("Alice.Example.com")
	fmt.Println(handle.Valid(), handle.Normalize(), handle.TLD())
	// Output: true alice.example.com com
}

func ExampleATIdentifier() {
	for _, id := range []syntax.ATIdentifier{"did:plc:ewvi7nxzyoun6zhxrhs64oiz", "alice.example.com"} {
		if did, ok := id.DID(); ok {
			fmt.Println("by DID:", did)
		} else if handle, ok := id.Handle(); ok {
			fmt.Println("by handle:", handle)
		}
	}
	// Output:
	// by DID: did:plc:ewvi7nxzyoun6zhxrhs64oiz
	// by handle: alice.example.com
}

func ExampleNSID() {
	nsid := syntax.NSID("com.atproto.server.createSession")
	fmt.Println(nsid.Group(), nsid.Name())
	fmt.Println(nsid.Authority())
	// Output:
	// com.atproto.server createSession
	// server.atproto.com
}

func ExampleATURI() {
	uri := syntax.ATURI("at://alice.example.com/app.bsky.feed.post/3jzfcijpj2z2a")
	fmt.Println(uri.Authority())
	fmt.Println(uri.Collection())
	fmt.Println(uri.RecordKey())
	// Output:
	// alice.example.com
	// app.bsky.feed.post
	// 3jzfcijpj2z2a
}

func ExampleTID() {
	tid := syntax.NewTID(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), 7)
	fmt.Println(tid, tid.Time().Format(time.RFC3339), tid.ClockID())
	// Output: 3mdpre6mg222b 2026-01-31T12:00:00Z 7
}

func ExampleRecordKey() {
	for _, key := range []syntax.RecordKey{"self", "a/b", ".."} {
		fmt.Println(key, key.Valid())
	}
	// Output:
	// self true
	// a/b false
	// .. false
}

func ExampleDatetime() {
	created := syntax.Datetime("2026-01-31T12:00:00+01:00")
	t, err := created.Time()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(created)
	fmt.Println(syntax.FormatDatetime(t))
	// Output:
	// 2026-01-31T12:00:00+01:00
	// 2026-01-31T11:00:00.000Z
}

func ExampleDatetime_ValidLenient() {
	noZone := syntax.Datetime("2026-01-31T12:00:00")
	fmt.Println(noZone.Valid(), noZone.ValidLenient())
	// Output: false true
}

func ExampleLanguage() {
	language := syntax.Language("zh-Hant-TW")
	fmt.Println(language.Primary(), language.Script(), language.Region())
	// Output: zh Hant TW
}

func ExampleCID() {
	fmt.Println(syntax.CID("bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a").Valid())
	fmt.Println(syntax.CID("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n").Valid())
	// Output:
	// true
	// false
}

func ExampleURI() {
	uri := syntax.URI("HTTPS://example.com/")
	fmt.Println(uri, uri.Scheme())
	// Output: HTTPS://example.com/ https
}

func ExampleError() {
	_, err := syntax.ParseHandle("alice-.example.com")
	fmt.Println(err)

	var syntaxErr *syntax.Error
	if errors.As(err, &syntaxErr) {
		fmt.Println(syntaxErr.Format)
	}
	// Output:
	// handle has a label that ends with a hyphen
	// handle
}

func ExampleValid() {
	ok, known := syntax.Valid("record-key", "self")
	fmt.Println(ok, known)
	ok, known = syntax.Valid("postcode", "10115")
	fmt.Println(ok, known)
	// Output:
	// true true
	// false false
}
