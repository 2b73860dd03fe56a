package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"testing"

	"github.com/lexgen-go/lexgen/examples/downstream/internal/lex"
	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// One server answers both groups; each has its typed client, and they share their types.
func Example() {
	server := httptest.NewServer(newHandler(sample()))
	defer server.Close()
	ctx, client := context.Background(), &xrpc.Client{Host: server.URL}

	listed, err := lex.ClubClient{Client: client}.ListInvitations(ctx, &lex.ClubListInvitationsParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, invitation := range listed.Invitations {
		fmt.Println(invitation.Message, invitation.Invite.Code)
	}
	switch latest := listed.Latest.Value.(type) {
	case *lex.ClubInvitation:
		fmt.Println("invited:", latest.Message)
	case *comatproto.ServerInviteCodeUse:
		fmt.Println("used by", latest.UsedBy)
	}

	described, err := comatproto.ServerClient{Client: client}.DescribeServer(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(described.AvailableUserDomains)
	_, err = comatproto.ServerClient{Client: client}.GetSession(ctx)
	fmt.Println(errors.Is(err, xrpc.ErrMethodNotImplemented))
	// Output:
	// Come and play with us. club-1
	// used by did:web:guest.example
	// [.club.example]
	// true
}

// TestParams demands that the constraints of this module's lexicons hold.
func TestParams(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newHandler(sample()))
	defer server.Close()
	client := lex.ClubClient{Client: &xrpc.Client{Host: server.URL}}
	_, err := client.ListInvitations(t.Context(), &lex.ClubListInvitationsParams{Limit: lexdata.Some(int64(101))})
	var refused *xrpc.Error
	if !errors.As(err, &refused) || refused.Message != "limit must be at most 100" {
		t.Errorf("got %v, want the limit to be refused", err)
	}
}

// TestLatest demands the variant that the union holds.
func TestLatest(t *testing.T) {
	t.Parallel()
	unused := sample()
	unused.invitations[0].Invite.Uses = nil
	tests := []struct {
		name string
		club club
		want string // the type of the variant, or "" for none
	}{
		{"no invitation", club{}, ""},
		{"invitation", unused, lex.ClubInvitationNSID},
		{"use", sample(), new(comatproto.ServerInviteCodeUse).LexiconType()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if latest := test.club.latest(); !latest.IsZero() {
				got = latest.Value.LexiconType()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestGenerated demands that the generated code is what the lexicons say, of this module and of the
// package that it imports.
func TestGenerated(t *testing.T) {
	t.Parallel()
	if output, err := exec.Command("go", "tool", "lexgen", "check").CombinedOutput(); err != nil {
		t.Errorf("go tool lexgen check: %v\n%s", err, output)
	}
}
